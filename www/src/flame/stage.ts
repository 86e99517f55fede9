// What clicks and keys do on the flame graph: standing on a box, walking, zooming.

import { core, keyed } from '../core';
import type { BoxDetails, FrameName, Query } from '../core';
import { openFrameMenu } from '../shell/choose';
import { registerKeys } from '../shell/keys';
import { deselect, inverted, query, select, update } from '../state';
import { ROW } from './controller';
import type { FlameController, Pointed } from './controller';
import type { Clicks } from './input';

/** The graph as its actions see it. */
export interface Stage {
  readonly flame: FlameController;
  /** What is shown at the moment: the callbacks outlive a render. */
  readonly now: { current: { asked: Query; turned: boolean; box: string } };
  /** The scroller; null before it is mounted and after it is gone. */
  readonly element: () => HTMLElement | null;
  /** Stands on a box, for `now` at once. */
  readonly setBox: (id: string) => void;
  /** Tells what the pointer is on. */
  readonly setPointed: (pointed: Pointed | null) => void;
  /** The core refused. */
  readonly fail: (message: string) => void;
}

/** Zoom and pan of one key press. */
const KEY_ZOOM = 0.6;
const KEY_PAN = 0.25;

/** A click needs no focus ring; not every browser can be told so, and the typings do not know it. */
const QUIET: FocusOptions & { focusVisible: boolean } = { preventScroll: true, focusVisible: false };

function focusTree(stage: Stage, options: FocusOptions): void {
  stage.element()?.querySelector<HTMLElement>('[role=tree]')?.focus(options);
}

/** A box of the tree shown; null when the view or the tree is gone by the time of the answer. */
async function boxOf(stage: Stage, id: string): Promise<BoxDetails | null> {
  const { asked, turned } = stage.now.current;
  const isGone = (): boolean => stage.element() === null || asked !== query.peek() || turned !== inverted.peek();
  try {
    const details = await core.flameBox(asked, turned, id);
    return isGone() ? null : details;
  } catch (error) {
    // The file of a tree that is gone may be closed by now: not worth a word.
    if (isGone()) return null;
    throw error;
  }
}

/** Scrolls a box's row into view. */
export function reveal(stage: Stage, details: BoxDetails): void {
  const element = stage.element();
  if (element === null) return;
  const top = details.row * ROW;
  const bottom = top + ROW;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
}

/** Selects the function of a box; the root is that of none. */
function selectBox(stage: Stage, name: FrameName | undefined | null, push: boolean): void {
  if (name == null) deselect({ push });
  else select(name, stage.now.current.asked, { push });
}

/** Stands on a box, selects its function and makes it visible. */
function choose(stage: Stage, details: BoxDetails): void {
  stage.setBox(details.id);
  reveal(stage, details);
  selectBox(stage, details.name, false);
  if (!stage.flame.isSeen(details)) stage.flame.zoomTo(details);
}

type Pick = (here: BoxDetails) => string | undefined;

async function step(stage: Stage, pick: Pick): Promise<void> {
  focusTree(stage, { preventScroll: true });
  const from = stage.now.current.box;
  const here = from === '' ? null : await boxOf(stage, from);
  if (from !== '' && here === null) return;
  const to = here === null ? '0' : pick(here);
  const there = to === undefined || to === '' ? null : await boxOf(stage, to);
  if (there !== null) choose(stage, there);
}

function zoomToBox(stage: Stage, id: string): void {
  boxOf(stage, id).then(
    (details) => {
      if (details !== null) stage.flame.zoomTo(details);
    },
    (error: unknown) => stage.fail(String(error)),
  );
}

/** Opens the menu of a box under it. */
async function openMenu(stage: Stage, id: string): Promise<void> {
  const { asked } = stage.now.current;
  const details = await boxOf(stage, id);
  const rect = stage.element()?.getBoundingClientRect();
  if (details?.name == null || rect === undefined) return;
  const { x, y } = stage.flame.placeOf(details);
  openFrameMenu(details.name, asked, { clientX: rect.left + x, clientY: rect.top + y });
}

/** What the pointer does. */
export function clicksFor(stage: Stage): Clicks {
  return {
    hover: (what) => {
      stage.setPointed(what);
      stage.flame.setPointed(what);
    },
    select: (what) => {
      focusTree(stage, QUIET);
      if (what === null || what.merged) return;
      stage.setBox(what.id);
      selectBox(stage, what.name, true);
    },
    zoomTo: (what) => zoomToBox(stage, what.id),
    menu: (what, event) => {
      if (what.name !== undefined && !what.merged) openFrameMenu(what.name, stage.now.current.asked, event);
    },
  };
}

const WALK: Record<string, Pick> = {
  ArrowUp: (here) => here.parent,
  ArrowDown: (here) => here.children[0],
  ArrowLeft: (here) => here.previous,
  ArrowRight: (here) => here.next,
};

/** What the keyboard does; the returned function takes the keys back. */
export function keysFor(stage: Stage): () => void {
  const { flame } = stage;
  const group = 'Flame graph';
  // One step after the other: the next key may come before the core has said where this one led.
  let walking = Promise.resolve();
  const walk = (event: KeyboardEvent): void => {
    const pick = WALK[event.key];
    if (pick === undefined) return;
    walking = walking.then(() => step(stage, pick)).catch((error: unknown) => stage.fail(String(error)));
  };
  const enter = (): boolean => {
    const { box } = stage.now.current;
    if (box !== '') zoomToBox(stage, box);
    return box !== '';
  };
  const menu = (): boolean => {
    const { box } = stage.now.current;
    // The root is no function.
    if (box === '' || box === '0') return false;
    openMenu(stage, box).catch((error: unknown) => stage.fail(String(error)));
    return true;
  };
  return registerKeys([
    { keys: ['ContextMenu', 'Shift+F10'], label: '', group, run: menu },
    { keys: Object.keys(WALK), label: 'Caller, heaviest callee, neighbours', group, run: walk },
    { keys: ['Enter'], label: 'Zoom to the selection', group, run: enter },
    { keys: ['+', '=', 'w'], shown: '+ w', label: 'Zoom in', group, run: () => flame.zoomBy(flame.aim(), KEY_ZOOM, true) },
    { keys: ['-', 's'], label: 'Zoom out', group, run: () => flame.zoomBy(flame.aim(), 1 / KEY_ZOOM, true) },
    { keys: ['a'], label: 'Move left', group, run: () => flame.pan(-KEY_PAN, true) },
    { keys: ['d'], label: 'Move right', group, run: () => flame.pan(KEY_PAN, true) },
    { keys: ['0'], label: 'Whole tree', group, run: () => void flame.reset() },
    { keys: ['i'], label: 'Top-down or bottom-up', group, run: () => update({ inverted: !inverted.peek() }, { push: true }) },
    // While zoomed, Escape goes back first; otherwise it means what it means everywhere.
    { keys: ['Escape'], label: '', group, run: () => flame.reset() },
  ]);
}

/** The box to stand on after `node` was selected; null when the present one is a box of it. */
export async function boxFor(stage: Stage, node: number): Promise<BoxDetails | null> {
  const { asked, turned, box } = stage.now.current;
  const verbs = keyed('flame.follow');
  if (box !== '' && (await verbs.flameBox(asked, turned, box)).name?.node === node) return null;
  const widest = await verbs.flameFind(asked, turned, node);
  return widest === '' ? null : verbs.flameBox(asked, turned, widest);
}
