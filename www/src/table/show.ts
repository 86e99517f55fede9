/** Ways from one view to another that keep a function in sight. */
import { keyed } from '../core';
import type { FrameName } from '../core';
import { inverted, query, select, update } from '../state';

/** Shows the heaviest box of a function in the flame graph. */
export async function showInFlame(name: FrameName): Promise<void> {
  const asked = query.peek();
  if (asked === null) return;
  // A refusal means that the file was closed meanwhile: then there is nowhere to go.
  const box = await keyed('show').flameFind(asked, inverted.peek(), name.node).catch(() => null);
  if (box === null) return;
  // One step of the history: the selection replaces, the view pushes.
  update({ view: 'flame', sel: name.full, zoom: { root: box || '0', left: 0, right: 1 } }, { push: true });
}

/** Shows one box in the flame graph. Box ids belong to the top-down tree. */
export function showBox(name: FrameName, box: string): void {
  update({ view: 'flame', inverted: false, sel: name.full, zoom: { root: box, left: 0, right: 1 } }, { push: true });
}

/** Puts a function in the middle of Callers & callees. */
export function showCallers(name: FrameName): void {
  update({ view: 'callers', sel: name.full }, { push: true });
}

/** Selects a function, as a step of the history. */
export function pick(name: FrameName): void {
  select(name, { push: true });
}
