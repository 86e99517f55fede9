import { expect, test } from 'vitest';
import { unitIn } from './units';

// As the core lists them.
const TIME = [['ns', 'ns', 'nanosecond'], ['ms', 'ms', 'millisecond'], ['hrs', 'hour', 'hr']];
const MEMORY = [['B', 'b', 'byte'], ['MB', 'mb', 'mbyte', 'megabyte']];
const COMPUTE = [['m*GCU', 'milligcu'], ['GCU', 'gcu'], ['M*GCU', 'megagcu']];

test('a unit by any of its names, as it is shown and as the core takes it', () => {
  expect(unitIn('milliseconds', TIME)).toEqual({ shown: 'ms', asked: 'ms' });
  expect(unitIn('MS', TIME)).toEqual({ shown: 'ms', asked: 'ms' });
  expect(unitIn('hours', TIME)).toEqual({ shown: 'hrs', asked: 'hrs' });
  expect(unitIn('hrs', TIME)).toEqual({ shown: 'hrs', asked: 'hrs' });
  // What is in no family is suffixed with the unit as it was asked for.
  expect(unitIn('megabytes', MEMORY)).toEqual({ shown: 'MB', asked: 'MB' });
  // pprof prints m*GCU but does not read it.
  expect(unitIn('m*GCU', COMPUTE)).toEqual({ shown: 'm*GCU', asked: 'milligcu' });
  expect(unitIn('M*GCU', COMPUTE)).toEqual({ shown: 'M*GCU', asked: 'megagcu' });
});

test('a unit of another family is none, and no unit is the core’s choice', () => {
  expect(unitIn('bytes', TIME)).toBeNull();
  expect(unitIn('ms', [])).toBeNull();
  for (const word of ['', 'minimum', 'auto']) expect(unitIn(word, [])).toEqual({ shown: '', asked: '' });
});
