// Changes of the filters, each a step of the history that keeps in sight what was in sight.

import { effect } from '@preact/signals';
import { keyed } from './core';
import { isUnchecked } from './filtering';
import type { FilterName } from './lib/filters';
import { withFilter } from './lib/steps';
import type { Step, TransformName } from './lib/steps';
import { FULL_ZOOM, query, sandwiched, state, update, wanted } from './state';
import type { ViewState } from './state';

/** Sets a filter; an empty expression takes it away. What is set applies. */
export function setFilter(name: FilterName, expression: string): void {
  setSteps(withFilter(state.peek().steps, name, expression));
}

/** Adds a transform behind all other steps, unless the last step is the same. */
export function addTransform(kind: TransformName, text: string): void {
  const { steps } = state.peek();
  const last = steps[steps.length - 1];
  const isSame = last?.kind === kind && last.text === text && last.off !== true;
  if (!isSame) setSteps([...steps, { kind, text }]);
}

/** Puts other steps in the place of those that there are. */
export function setSteps(steps: readonly Step[]): void {
  refine({ steps });
}

/** Shows only frames of the program's own code, or all. */
export function showMine(mine: boolean): void {
  refine({ mine });
}

/** Says which modules are the program's own, separated by commas; nothing leaves it to be guessed. */
export function nameModules(main: string): void {
  refine({ main });
}

function refine(patch: Pick<Partial<ViewState>, 'steps' | 'main' | 'mine'>): void {
  const { zoom, inverted } = state.peek();
  const before = query.peek();
  update(patch, { push: true });
  // A refusal means that the file was closed meanwhile.
  if (before !== null && zoom.root !== '0' && !sandwiched.peek()) carryZoom(before, zoom.root, inverted).catch(() => {});
}

/**
 * Zooms to the function that was zoomed to. Its box is another one in the new tree: the ids of boxes
 * and the frames above them depend on the filters, so the heaviest box of its name is taken.
 */
async function carryZoom(before: NonNullable<typeof query.value>, root: string, turned: boolean): Promise<void> {
  const { name } = await keyed('zoom').flameBox(before, { inverted: turned }, root);
  if (name === undefined) return;
  await checked();
  const asked = query.peek();
  if (asked === null) return;
  const node = await keyed('zoom').findNode(asked, name.full);
  if (node < 0) return;
  const box = await keyed('zoom').flameFind(asked, { inverted: turned }, node);
  const { zoom, inverted } = state.peek();
  // Whoever has zoomed or gone on meanwhile is left alone.
  if (box === '' || query.peek() !== asked || inverted !== turned || zoom.root !== FULL_ZOOM.root) return;
  update({ zoom: { root: box, left: 0, right: 1 } });
}

/** Once the core has said what it thinks of the filters that are wanted. */
function checked(): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      // The effect must not end itself while it is being made.
      if (!isUnchecked(wanted.value)) queueMicrotask(() => (stop(), resolve()));
    });
  });
}
