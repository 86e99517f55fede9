// The part of the view state that is about benchmarks, and its parameters in the link. Pure.

import { USUAL } from './projections';

/** Everything that changes what the Benchmarks view shows. */
export interface BenchState {
  /** Names of the files that are compared, the base first; empty for all, in the core's order. */
  files: readonly string[];
  /** What makes tables, rows and columns of results, in benchstat's language. */
  table: string;
  row: string;
  col: string;
  /** What is left out of that. */
  ignore: string;
  /** Which results count, in the same language; empty for all. */
  filter: string;
  /** Share of differences that may be false. */
  alpha: number;
  /** Level of intervals. */
  confidence: number;
  /** Share up to which a difference does not matter. */
  margin: number;
  /** Only rows that differ. */
  told: boolean;
  /** Order of rows: one of {@link SORTS}. */
  sort: string;
  /** Unit whose tables are shown; `*` for every, empty for what has room. */
  unit: string;
  /** The selected row: its label, its unit, and where that is not enough keys of its table, in lines. */
  sel: string;
}

/** Orders of rows, as the core calls them; empty for that of the files. */
const SORTS = ['', 'name', 'change', 'gain'] as const;

/** That of a fresh page: benchstat's. */
export const BENCH_DEFAULTS: BenchState = {
  files: [],
  ...USUAL,
  filter: '',
  alpha: 0.05,
  confidence: 0.95,
  margin: 0,
  told: false,
  sort: '',
  unit: '',
  sel: '',
};

/** Parameters as the link has them. */
export type Params = readonly (readonly [param: string, value: string])[];

const EXPRESSIONS = ['table', 'row', 'col', 'ignore', 'filter'] as const;
const SHARES = ['alpha', 'confidence', 'margin'] as const;
const TEXTS = ['unit', 'sel'] as const;

/** What stands for an empty expression: an empty value would be none said. */
const NOTHING = ' ';

/** A share as a link and a field have it. */
export const SHARE = /^(0?\.\d{1,9}|[01])$/;

/** The parameters; what equals the default is left out. */
export function benchParams(state: BenchState): Params {
  const out: [string, string][] = state.files.map((name) => ['b.file', name]);
  const put = (name: string, value: string, fallback: string): void => {
    if (value !== fallback) out.push([`b.${name}`, value]);
  };
  for (const name of EXPRESSIONS) put(name, state[name].trim() || (BENCH_DEFAULTS[name] === '' ? '' : NOTHING), BENCH_DEFAULTS[name]);
  for (const name of SHARES) put(name, String(state[name]), String(BENCH_DEFAULTS[name]));
  put('told', state.told ? 't' : '', '');
  put('sort', state.sort, '');
  for (const name of TEXTS) put(name, state[name], '');
  return out;
}

/** What parameters ask for, and a sentence about each that means nothing. */
export function readBench(params: Params): { state: BenchState; problems: string[] } {
  const state: BenchState = { ...BENCH_DEFAULTS, files: params.filter(([param]) => param === 'b.file').map(([, name]) => name) };
  const problems: string[] = [];
  for (const [param, value] of params) {
    const name = param.slice(2);
    const expression = EXPRESSIONS.find((one) => one === name);
    const share = SHARES.find((one) => one === name);
    const text = TEXTS.find((one) => one === name);
    const refuse = (what: string): void => void problems.push(`${param}=${value} in the link ${what}, and is ignored.`);
    if (expression !== undefined) state[expression] = value.trim();
    else if (text !== undefined) state[text] = value;
    else if (share !== undefined) {
      if (SHARE.test(value)) state[share] = Number(value);
      else refuse('is no number from 0 to 1');
    } else if (name === 'told') state.told = /^(true|t|yes|y|1)$/i.test(value);
    else if (name === 'sort') {
      if ((SORTS as readonly string[]).includes(value)) state.sort = value;
      else refuse('is none of name, change, gain');
    } else if (name !== 'file') refuse('has no meaning here');
  }
  return { state, problems };
}
