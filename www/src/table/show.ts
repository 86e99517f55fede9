/**
 * Ways from one view to another that keep a function in sight. Each takes the query that the
 * function's node belongs to, and does nothing when another one is shown by now.
 */
import { keyed } from '../core';
import type { FrameName, Query } from '../core';
import { inverted, query, select, update, view } from '../state';

/** Shows the heaviest box of a function in the flame graph. */
export async function showInFlame(name: FrameName, asked: Query | null): Promise<void> {
  if (asked === null || asked !== query.peek()) return;
  const turned = inverted.peek();
  const from = view.peek();
  // A refusal means that the file was closed meanwhile: then there is nowhere to go.
  const box = await keyed('show').flameFind(asked, { inverted: turned }, name.node).catch(() => null);
  if (box === null) return;
  // Whoever has gone elsewhere meanwhile is not called back.
  if (asked !== query.peek() || turned !== inverted.peek() || from !== view.peek()) return;
  // One step of the history: the selection replaces, the view pushes.
  update({ view: 'flame', sandwich: false, sel: name.full, zoom: { root: box || '0', left: 0, right: 1 } }, { push: true });
}

/** Shows one box in the flame graph. Box ids belong to the top-down tree. */
export function showBox(name: FrameName, asked: Query | null, box: string): void {
  if (asked !== query.peek()) return;
  update({ view: 'flame', inverted: false, sandwich: false, sel: name.full, zoom: { root: box, left: 0, right: 1 } }, { push: true });
}

/** Shows the flame graphs of a function's callers and callees. */
export function showSandwich(name: FrameName, asked: Query | null): void {
  if (asked !== query.peek()) return;
  update({ view: 'flame', sandwich: true, sel: name.full }, { push: true });
}

/** Puts a function in the middle of Callers & callees. */
export function showCallers(name: FrameName, asked: Query | null): void {
  if (asked !== query.peek()) return;
  update({ view: 'callers', sel: name.full }, { push: true });
}

/** Shows the source of a function, at a line where one is given. */
export function showSource(name: FrameName, asked: Query | null, line = 0): void {
  if (asked !== query.peek()) return;
  update({ view: 'source', sel: name.full, sourceFile: '', line }, { push: true });
}

/** Selects a function, as a step of the history. */
export function pick(name: FrameName, asked: Query | null): void {
  select(name, asked, { push: true });
}
