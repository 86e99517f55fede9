// Filters and transforms that are made of a function or a box: from the details, the menu, and by key.

import { signal } from '@preact/signals';
import { keyed } from '../core';
import type { FrameName, Query } from '../core';
import { expressionFor, quoted, withChosen } from '../lib/filters';
import type { FilterName } from '../lib/filters';
import { filterAt, TRANSFORMS } from '../lib/steps';
import type { TransformName } from '../lib/steps';
import { addTransform, setFilter } from '../refine';
import { query, selected, state } from '../state';
import type { KeyAction } from './keys';

/** The filters that can be made of a function, as in pprof's page. */
export const CHOSEN: readonly FilterName[] = ['focus', 'ignore', 'hide', 'show_from'];

/** The expression for what a name stands for; empty where none can tell it. */
export function chosenExpression(name: FrameName): string {
  return expressionFor(name, state.value.granularity);
}

/** Rows that one filter can be made of: an expression of more is too long for anybody to read, or for a link. */
export const MOST_TOGETHER = 200;

/** Filters by a function, as a step of the history. */
export function choose(filter: FilterName, name: FrameName): void {
  chooseAll(filter, [name]);
}

/** The expressions that tell what rows stand for, or why there are none. */
function expressionsOf(names: readonly FrameName[]): string | string[] {
  if (names.length > MOST_TOGETHER) {
    return `A filter of ${names.length} rows is more than anybody can read: pick ${MOST_TOGETHER} at most, or write an expression.`;
  }
  const chosen = [...new Set(names.map(chosenExpression).filter((one) => one !== ''))];
  return chosen.length === 0 ? 'No expression can tell what these rows stand for.' : chosen;
}

/** Filters by any of some functions, as a step of the history. Says why that cannot be; empty when it is done. */
export function chooseAll(filter: FilterName, names: readonly FrameName[]): string {
  const chosen = expressionsOf(names);
  if (typeof chosen === 'string') return chosen;
  const { steps } = state.peek();
  const set = steps[filterAt(steps, filter)];
  // What is switched off is not brought back by an addition to it.
  const before = set === undefined || set.off === true ? '' : set.text;
  // Each joins what is there, or all of them together replace it.
  const joined = chosen.reduce((so, one) => withChosen(filter, so, one), before);
  setFilter(filter, joined === chosen.at(-1) ? chosen.join('|') : joined);
  return '';
}

/** A box of the flame graph. */
export interface Box {
  id: string;
  inverted: boolean;
}

/** Transforms of one place in the tree. */
const OF_BOX: readonly TransformName[] = ['focus_subtree', 'merge_node'];

/** Why a transform cannot be made of this; empty when it can. */
export function whyNot(kind: TransformName, name: FrameName, box: Box | null): string {
  if (OF_BOX.includes(kind)) {
    if (box === null) return 'It is about one place in the flame graph: choose a box there.';
    if (state.value.mine) return 'While only your code is shown, boxes stand for other places than in the profile.';
    return state.value.view === 'compare' ? 'In a comparison there is no one profile that the place is in.' : '';
  }
  if (kind === 'focus_category') return '';
  if (kind === 'collapse_package') return name.package === '' ? 'No package is known of it.' : '';
  return chosenExpression(name) === '' ? 'It has no name to be found by.' : '';
}

/** The text of a transform of a function or box; empty where there is none. */
async function textFor(kind: TransformName, name: FrameName, asked: Query, box: Box | null): Promise<string> {
  if (whyNot(kind, name, box) !== '') return '';
  if (kind === 'focus_category') return name.class;
  if (kind === 'collapse_package') return `^${quoted(name.package)}$`;
  if (!OF_BOX.includes(kind) || box === null) return chosenExpression(name);
  return keyed('place').flamePlace(asked, box.inverted, box.id);
}

/** Adds a transform, as a step of the history. */
export async function applyTransform(kind: TransformName, name: FrameName, asked: Query, box: Box | null): Promise<void> {
  // A refusal means that the file was closed meanwhile.
  const text = await textFor(kind, name, asked, box).catch(() => '');
  if (text !== '' && asked === query.peek()) addTransform(kind, text);
}

/** Adds a transform of all of some functions. Says why that cannot be; empty when it is done. */
export function transformAll(kind: TransformName, names: readonly FrameName[]): string {
  const chosen = expressionsOf(names);
  if (typeof chosen === 'string') return chosen;
  addTransform(kind, chosen.join('|'));
  return '';
}

/** Adds a transform of what is selected. Says false when nothing is. */
export function transformSelected(kind: TransformName, box: Box | null): boolean {
  const asked = query.peek();
  const node = selected.peek();
  if (asked === null || node === null) return false;
  void (async () => {
    const [name] = await keyed('chosen').names(asked, Uint32Array.of(node)).catch(() => []);
    if (name !== undefined) await applyTransform(kind, name, asked, box);
  })();
  return true;
}

/** Keys for transforms of the selection. */
export function transformKeys(): KeyAction[] {
  const why = (kind: TransformName): string =>
    state.peek().sel === '' ? 'Nothing is selected' : OF_BOX.includes(kind) && state.peek().view !== 'flame' ? 'It is about a box of the flame graph' : '';
  return TRANSFORMS.map(({ name, letter, label }) => ({
    keys: [letter],
    label,
    group: 'With the selection',
    why: () => why(name),
    run: () => transformSelected(name, null),
  }));
}

/** Keys for transforms of one place in the tree. They stand in the list above. */
export function boxKeys(box: () => Box | null): KeyAction[] {
  const kinds = TRANSFORMS.filter(({ name }) => OF_BOX.includes(name));
  return kinds.map(({ name, letter }) => ({ keys: [letter], label: '', group: '', run: () => transformSelected(name, box()) }));
}

/** Where a menu opens, in the window: where the pointer is, or under what the keyboard is at. */
export interface MenuPlace {
  clientX: number;
  clientY: number;
  /** Of a pointer: with Shift the browser's own menu stays at hand. */
  shiftKey?: boolean;
  preventDefault?(): void;
}

/** What a table adds to the menu of a row. */
export interface MenuRows {
  /** All that are picked, when it is the menu of more than one row. */
  several?: readonly FrameName[];
  /** Picks the row, or leaves it; for fingers, which have no Ctrl. */
  pick?: () => void;
  /** Copies the rows that it is about, and says what came of it. */
  copy?: (form: 'text' | 'csv') => Promise<string>;
  /** The box that it is about, where it is one. */
  box?: Box | null;
}

/** The open menu of a box or row: whose it is, and where. */
export interface FrameMenu extends MenuRows {
  name: FrameName;
  several: readonly FrameName[];
  asked: Query;
  /** The box, when it is one. */
  box: Box | null;
  x: number;
  y: number;
}

/** The open menu; null for none. */
export const frameMenu = signal<FrameMenu | null>(null);

/** Opens the menu of a function, or of several of which it is one, instead of the browser's. */
export function openFrameMenu(name: FrameName, asked: Query | null, at: MenuPlace, rows: MenuRows = {}): void {
  // A node of an older query is another function.
  if (at.shiftKey === true || asked === null || asked !== query.peek()) return;
  at.preventDefault?.();
  frameMenu.value = { several: [], box: null, ...rows, name, asked, x: at.clientX, y: at.clientY };
}
