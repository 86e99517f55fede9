// What the keys of benchmark results are used for: projections in benchstat's language, changed key by key. Pure.

import { cut, keyWord } from './keywords';

/** The projections. */
export interface Projections {
  table: string;
  row: string;
  col: string;
  ignore: string;
}

/** What a key can be used for; empty for as usual: where benchstat has it unasked. */
export type KeyUse = keyof Projections | '';

/** benchstat's own. */
export const USUAL: Projections = { table: '.config', row: '.fullname', col: '.file', ignore: '' };

const NAMES = ['table', 'row', 'col', 'ignore'] as const;

/** The key of a part such as `/size@num`, as it is called. */
function keyOf(part: string): string {
  const [, quoted] = /^("(?:[^"\\]|\\.)*")/.exec(part) ?? [];
  if (quoted === undefined) return part.replace(/@.*$/s, '');
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}

/** The keys that a projection names. */
export function keysIn(projection: string): string[] {
  return cut(projection, true).map(keyOf).filter((key) => key !== '');
}

function without(projection: string, key: string): string {
  return cut(projection, true).filter((part) => keyOf(part) !== key && part !== '').join(' ');
}

function withKey(projection: string, key: string): string {
  return [...cut(projection, true), keyWord(key)].join(' ');
}

/** Whether any of them names a key. */
function isNamed(all: Projections, key: string): boolean {
  return NAMES.some((name) => keysIn(all[name]).includes(key));
}

/**
 * The projections with a key used for something else. Columns are what is compared, one key at a time: what
 * stood there is as usual again, but files that make no columns would be thrown together, so each makes
 * tables of its own. A projection that lost its last key gets back what it usually has, if nothing else has it.
 */
export function used(before: Projections, key: string, use: KeyUse): Projections {
  const after = { ...before };
  for (const name of NAMES) after[name] = without(after[name], key);
  const to = use === '' && key === '.file' ? 'col' : use;
  if (to === 'col') after.col = keyWord(key);
  else if (to !== '') after[to] = withKey(after[to], key);
  // Files that made tables only because another key had the columns.
  if (key !== '.file' && after.col === '' && before.col !== '') after.table = without(after.table, '.file');
  for (const name of ['col', 'row', 'table'] as const) {
    if (after[name].trim() === '' && before[name].trim() !== '' && !isNamed(after, USUAL[name])) after[name] = USUAL[name];
  }
  if (!isNamed(after, '.file')) after.table = withKey(after.table, '.file');
  return after;
}
