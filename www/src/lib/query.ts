// The part of a query that most tests and look-ups leave alone.

import type { StepName } from './steps';

/** Options of a query that shows the whole profile. */
export const UNFILTERED = {
  showcolumns: false,
  mean: false,
  relative: false,
  unit: '',
  dropneg: false,
  nodefraction: 0,
  nodecount: 0,
  steps: [] as { kind: StepName; text: string }[],
  main: '',
  mine: false,
};
