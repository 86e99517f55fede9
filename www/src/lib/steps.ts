// The list of filters and transforms: what is left of a profile, step by step. Pure.

import { FILTERS, filterKind } from './filters';
import type { FilterKind, FilterName } from './filters';

/** Transforms beyond pprof's filters, as the core calls them. */
export type TransformName =
  | 'focus_function'
  | 'focus_subtree'
  | 'focus_self'
  | 'focus_category'
  | 'merge_function'
  | 'merge_node'
  | 'collapse_function'
  | 'collapse_package'
  | 'collapse_recursion'
  | 'collapse_direct'
  | 'drop_samples';

/** What a step does. */
export type StepName = FilterName | TransformName;

/** A step; its text is an expression, or what the core made of a box. */
export interface Step {
  kind: StepName;
  text: string;
  /** It is switched off. */
  off?: boolean;
}

/** A transform as people see it. */
export interface TransformKind extends Omit<FilterKind, 'name'> {
  name: TransformName;
  /** The key for it: that of Firefox's profiler, but for `D`, as `d` moves the flame graph. */
  letter: string;
  /** Its text is no expression: it is made by choosing, not by writing. */
  chosen?: boolean;
}

/** All of them, in the order of menus. */
export const TRANSFORMS: readonly TransformKind[] = [
  { name: 'focus_function', param: 'ff', letter: 'f', label: 'Focus function' },
  { name: 'focus_subtree', param: 'fsub', letter: 'F', label: 'Focus subtree', chosen: true },
  { name: 'focus_self', param: 'fself', letter: 'S', label: 'Focus self' },
  { name: 'focus_category', param: 'fcat', letter: 'g', label: 'Focus category' },
  { name: 'merge_function', param: 'mf', letter: 'm', label: 'Merge function' },
  { name: 'merge_node', param: 'mn', letter: 'M', label: 'Merge node', chosen: true },
  { name: 'collapse_function', param: 'cf', letter: 'c', label: 'Collapse function' },
  { name: 'collapse_package', param: 'cp', letter: 'C', label: 'Collapse package' },
  { name: 'collapse_recursion', param: 'rec', letter: 'r', label: 'Collapse recursion' },
  { name: 'collapse_direct', param: 'drec', letter: 'R', label: 'Collapse direct recursion' },
  { name: 'drop_samples', param: 'drop', letter: 'D', label: 'Drop samples' },
];

/** What can be done at a step, by its name. */
export type StepKind = FilterKind | TransformKind;

const TRANSFORM_BY_NAME = new Map<string, TransformKind>(TRANSFORMS.map((kind) => [kind.name, kind]));
const BY_PARAM = new Map<string, StepKind>([...FILTERS, ...TRANSFORMS].map((kind) => [kind.param, kind]));
const RANK = new Map<string, number>(FILTERS.map(({ name }, at) => [name, at]));

/** A kind by its name. */
export function stepKind(name: StepName): StepKind {
  return TRANSFORM_BY_NAME.get(name) ?? filterKind(name as FilterName);
}

/** One of pprof's filters. */
export function isFilter(name: StepName): name is FilterName {
  return RANK.has(name);
}

/** Where pprof has the filter; of a transform nowhere. */
function rankOf(name: StepName): number {
  return RANK.get(name) ?? -1;
}

/** The steps that apply, as the core takes them. */
export function active(steps: readonly Step[]): { kind: StepName; text: string }[] {
  return steps.filter(({ off }) => off !== true).map(({ kind, text }) => ({ kind, text }));
}

/** The place in the whole list of the step that is the `at`-th of those that apply; -1 for none. */
export function placeOf(steps: readonly Step[], at: number): number {
  const places = steps.flatMap(({ off }, place) => (off === true ? [] : [place]));
  return places[at] ?? -1;
}

/** Where the filters after the last transform begin: what is added joins those. */
function lastRun(steps: readonly Step[]): number {
  return steps.findLastIndex(({ kind }) => !isFilter(kind)) + 1;
}

/** The place of the filter of a kind that another of its kind would replace; -1 for none. */
export function filterAt(steps: readonly Step[], name: FilterName): number {
  const from = lastRun(steps);
  return steps.findIndex(({ kind }, at) => at >= from && kind === name);
}

/** The expression of that filter; empty for none. */
export function filterText(steps: readonly Step[], name: FilterName): string {
  return steps[filterAt(steps, name)]?.text ?? '';
}

/** The same of one that applies; empty for one that is switched off, too. */
export function appliedText(steps: readonly Step[], name: FilterName): string {
  const step = steps[filterAt(steps, name)];
  return step === undefined || step.off === true ? '' : step.text;
}

/**
 * With a filter set, or taken away by an empty text. A filter of its kind is replaced where it stands; a
 * new one stands where pprof has it, so that a list which nobody put into another order is pprof's.
 */
export function withFilter(steps: readonly Step[], name: FilterName, text: string): Step[] {
  const at = filterAt(steps, name);
  if (at >= 0) return text === '' ? without(steps, at) : replaced(steps, at, { kind: name, text });
  if (text === '') return [...steps];
  const from = lastRun(steps);
  const after = steps.findIndex(({ kind }, place) => place >= from && rankOf(kind) > rankOf(name));
  const to = after < 0 ? steps.length : after;
  return [...steps.slice(0, to), { kind: name, text }, ...steps.slice(to)];
}

/** With a step in the place of another. */
export function replaced<T>(steps: readonly T[], at: number, step: T): T[] {
  return steps.map((one, place) => (place === at ? step : one));
}

/** Without a step. */
export function without<T>(steps: readonly T[], at: number): T[] {
  return steps.filter((_, place) => place !== at);
}

/** With a step switched on or off. */
export function switched(steps: readonly Step[], places: readonly number[], on: boolean): Step[] {
  return steps.map(({ kind, text, off }, place) => {
    const isOff = places.includes(place) ? !on : off === true;
    return isOff ? { kind, text, off: true } : { kind, text };
  });
}

/** With a step elsewhere; as they are where there is no such place. */
export function moved<T>(steps: readonly T[], from: number, to: number): T[] {
  const step = steps[from];
  if (step === undefined || to < 0 || to >= steps.length) return [...steps];
  const rest = without(steps, from);
  return [...rest.slice(0, to), step, ...rest.slice(to)];
}

/** Whether the list says no more than pprof's parameters can: filters in its order, each once. */
function isPlain(steps: readonly Step[]): boolean {
  return steps.every(({ kind }, at) => isFilter(kind) && (at === 0 || rankOf(kind) > rankOf((steps[at - 1] as Step).kind)));
}

/** The list as parameters of a link: pprof's own where they can say it, else `t`, once for each step. */
export function encodeSteps(steps: readonly Step[]): [key: string, value: string][] {
  if (!isPlain(steps)) {
    return steps.map(({ kind, text, off }) => ['t', `${off === true ? '-' : ''}${stepKind(kind).param}:${text}`]);
  }
  const off = steps.filter((step) => step.off === true).map(({ kind }) => stepKind(kind).param);
  const set = steps.map(({ kind, text }): [string, string] => [stepKind(kind).param, text]);
  return off.length === 0 ? set : [...set, ['off', off.join()]];
}

/** A step as `t` has it; null for what is none. */
export function decodeStep(text: string): Step | null {
  const [, off, param = '', rest = ''] = /^(-?)(\w+):(.+)$/s.exec(text) ?? [];
  const kind = BY_PARAM.get(param);
  if (kind === undefined) return null;
  return { kind: kind.name, text: rest, ...(off === '-' ? { off: true } : {}) };
}

/** What pprof's parameters say. */
export function filtersOf(text: (param: string) => string): Step[] {
  const off = text('off').split(',');
  return FILTERS.map(({ name, param }): Step => ({ kind: name, text: text(param), ...(off.includes(param) ? { off: true } : {}) })).filter(
    (step) => step.text !== '',
  );
}

/** A list after one of its steps was written or written anew, and where that step stands. */
export interface Written {
  steps: Step[];
  place: number;
}

/**
 * With a step written: in the place `at` of one of its kind, else where a new one goes. A filter replaces
 * the one of its kind, a transform stands behind all others. An empty text takes away what it would replace.
 */
export function written(steps: readonly Step[], kind: StepName, text: string, at: number): Written {
  if (steps[at]?.kind === kind) {
    return { steps: text === '' ? without(steps, at) : replaced(steps, at, { kind, text }), place: at };
  }
  if (!isFilter(kind)) return { steps: text === '' ? [...steps] : [...steps, { kind, text }], place: steps.length };
  const next = withFilter(steps, kind, text);
  return { steps: next, place: filterAt(next, kind) };
}
