// Transforms that are made of a function or a box: from the menu, and by key. They come with the filters'
// panels, after the first picture.

import { keyed } from '../core';
import type { FrameName, Query } from '../core';
import { quoted } from '../lib/filters';
import { TRANSFORMS } from '../lib/steps';
import type { TransformName } from '../lib/steps';
import { addTransform } from '../refine';
import { query, selected, state } from '../state';
import { chosenExpression, expressionsOf } from './choose';
import type { Box } from './choose';
import type { KeyAction } from './keys';

/** Transforms of one place in the tree: nobody can write those. */
const OF_BOX: readonly TransformName[] = TRANSFORMS.filter(({ chosen }) => chosen === true).map(({ name }) => name);

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
  // Without a box the key is left to the flame graph, which knows one.
  if (asked === null || node === null || (box === null && OF_BOX.includes(kind))) return false;
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
    // The flame graph knows the box, and has commands of its own for those.
    ...(OF_BOX.includes(name) ? { command: '' } : {}),
    why: () => why(name),
    run: () => transformSelected(name, null),
  }));
}
