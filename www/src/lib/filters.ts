// pprof's filters: their names, what they do, and small changes of a set of them. Pure.

/** Names of the filters, as pprof's options are called. */
export type FilterName =
  | 'focus'
  | 'ignore'
  | 'hide'
  | 'show'
  | 'show_from'
  | 'prune_from'
  | 'tagfocus'
  | 'tagignore'
  | 'tagshow'
  | 'taghide'
  | 'tagroot'
  | 'tagleaf';

/** A filter as people see it. */
export interface FilterKind {
  name: FilterName;
  /** Its parameter in the URL: pprof's, where pprof has one. */
  param: string;
  label: string;
}

/** All of them, in the order of the menu. pprof applies them in its own order, whatever theirs. */
export const FILTERS: readonly FilterKind[] = [
  { name: 'focus', param: 'f', label: 'Focus' },
  { name: 'ignore', param: 'i', label: 'Ignore' },
  { name: 'hide', param: 'h', label: 'Hide' },
  { name: 'show', param: 's', label: 'Show' },
  { name: 'show_from', param: 'sf', label: 'Show from' },
  { name: 'prune_from', param: 'prunefrom', label: 'Prune from' },
  { name: 'tagfocus', param: 'tf', label: 'Tag focus' },
  { name: 'tagignore', param: 'ti', label: 'Tag ignore' },
  { name: 'tagshow', param: 'ts', label: 'Tag show' },
  { name: 'taghide', param: 'th', label: 'Tag hide' },
  { name: 'tagroot', param: 'tagroot', label: 'Tag root' },
  { name: 'tagleaf', param: 'tagleaf', label: 'Tag leaf' },
];

const BY_NAME = new Map(FILTERS.map((kind) => [kind.name, kind]));

/** A filter by its name. */
export function filterKind(name: FilterName): FilterKind {
  return BY_NAME.get(name) as FilterKind;
}

/** Filters that join what is added to what is there; a new value of the others replaces the old one. */
const JOINING: readonly FilterName[] = ['ignore', 'hide'];

/** The expression of a filter after a function was chosen for it, as pprof's page makes it. */
export function withChosen(name: FilterName, before: string, chosen: string): string {
  if (before === '' || !JOINING.includes(name)) return chosen;
  return before.split('|').includes(chosen) ? before : `${before}|${chosen}`;
}

/** Whether a remark of the core is about this filter: it begins with the name of one, written in some case. */
export function isAbout(remark: string, name: string): boolean {
  const said = /^\w+/.exec(remark)?.[0] ?? '';
  return said.toLowerCase() === name.replace('_', '');
}

/** An expression that matches this text and nothing else. */
export function exactly(text: string): string {
  return `^${quoted(text)}$`;
}

/** The text with everything quoted that means something in an expression. */
export function quoted(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** The text that alone matches the expression; null when it is not of the kind that `exactly` makes. */
export function exactText(expression: string): string | null {
  const inner = /^\^(.*)\$$/s.exec(expression)?.[1];
  if (inner === undefined || inner === '') return null;
  const plain = inner.replace(/\\([^A-Za-z0-9])/g, '');
  if (/[\\.+*?()|[\]{}^$]/.test(plain)) return null;
  return inner.replace(/\\(.)/g, '$1');
}

/** Text of at most `most` characters: its beginning and its end, which tell most. */
export function shortened(text: string, most: number): string {
  const chars = [...text];
  if (chars.length <= most) return text;
  const head = Math.floor((most - 1) / 3);
  return `${chars.slice(0, head).join('')}…${chars.slice(chars.length - (most - 1 - head)).join('')}`;
}

/** An expression for the function, file or package that a row stands for; empty where none can tell it. */
export function expressionFor(row: { full: string; file: string }, granularity: string): string {
  const { full, file } = row;
  if (full === '<unknown>') return '';
  if (granularity === 'packages') return `^${quoted(full)}\\.`;
  if (granularity === 'files') return exactly(full);
  const binary = /^\[(.+)\]$/.exec(full)?.[1];
  if (binary !== undefined) return `(^|/)${quoted(binary)}$`;
  if (granularity === 'functions') return exactly(full);
  const named = granularity === 'addresses' ? full.replace(/^[0-9a-f]{16} /, '') : full;
  const at = file === '' ? -1 : named.lastIndexOf(` ${file}`);
  return exactly(at > 0 ? named.slice(0, at) : named.replace(/ \S+$/, ''));
}
