// Filters and transforms that are made of a function or a box: from the details, the menu, and by key.

import { signal } from '@preact/signals';
import type { FrameName, Query } from '../core';
import { keyed } from '../core';
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

/** Filters by a function, as a step of the history. */
export function choose(filter: FilterName, name: FrameName): void {
  const { steps } = state.peek();
  const before = steps[filterAt(steps, filter)];
  // What is switched off is not brought back by an addition to it.
  const joined = before === undefined || before.off === true ? '' : before.text;
  setFilter(filter, withChosen(filter, joined, chosenExpression(name)));
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

/** Keys for transforms of the selection, and of the box that it is. */
export function transformKeys(box: () => Box | null): KeyAction[] {
  return TRANSFORMS.map(({ name, letter, label }) => ({
    keys: [letter],
    label,
    group: 'With the selection',
    run: () => transformSelected(name, box()),
  }));
}

/** The open menu of a box or row: whose it is, and where. */
export interface FrameMenu {
  name: FrameName;
  asked: Query;
  /** The box, when it is one. */
  box: Box | null;
  x: number;
  y: number;
}

/** The open menu; null for none. */
export const frameMenu = signal<FrameMenu | null>(null);

/** Opens the menu of a function, where the pointer is, instead of the browser's. */
export function openFrameMenu(name: FrameName, asked: Query | null, event: MouseEvent, box: Box | null = null): void {
  // With Shift the browser's own menu stays at hand; a node of an older query is another function.
  if (event.shiftKey || asked === null || asked !== query.peek()) return;
  event.preventDefault();
  frameMenu.value = { name, asked, box, x: event.clientX, y: event.clientY };
}
