// What clicks and keys do on the flame graph: standing on a box, walking, zooming.

import { core, keyed } from '../core';
import type { BoxDetails, FlameShape, FrameName, Query } from '../core';
import { openFrameMenu } from '../shell/choose';
import type { Box } from '../shell/choose';
import { registerKeys } from '../shell/keys';
import type { KeyAction } from '../shell/keys';
import { deselect, FULL_ZOOM, inverted, query, select, selected, state, update } from '../state';
import type { Zoom } from '../state';
import { ROW } from './controller';
import type { FlameController, Pointed } from './controller';
import { QUIET } from './hands';
import type { Clicks } from './hands';

/** The graph as its actions see it. */
export interface Stage {
  readonly flame: FlameController;
  /** What is shown at the moment: the callbacks outlive a render. */
  readonly now: { current: { asked: Query; turned: FlameShape; box: string } };
  /** The tree that should be shown by now. */
  readonly wanted: () => FlameShape | null;
  /** Whether rows grow upwards. */
  readonly upwards: boolean;
  /** One of two graphs: standing on a box selects nothing, and keys are for the one used last. */
  readonly half: Half | undefined;
  /** The scroller; null before it is mounted and after it is gone. */
  readonly element: () => HTMLElement | null;
  /** Stands on a box, for `now` at once. */
  readonly setBox: (id: string) => void;
  /** Tells what the pointer is on. */
  readonly setPointed: (pointed: Pointed | null) => void;
  /** The core refused. */
  readonly fail: (message: string) => void;
}

/** One of two graphs that are shown together. */
export interface Half {
  /** Whether it is the one that was used last. */
  isActive: () => boolean;
  /** It is being used. */
  activate: () => void;
}

/** Zoom and pan of one key press. */
const KEY_ZOOM = 0.6;
const KEY_PAN = 0.25;

function focusTree(stage: Stage, options: FocusOptions): void {
  stage.element()?.querySelector<HTMLElement>('[role=tree]')?.focus(options);
}

/** A box of the tree shown; null when the view or the tree is gone by the time of the answer. */
async function boxOf(stage: Stage, id: string): Promise<BoxDetails | null> {
  const { asked, turned } = stage.now.current;
  const isGone = (): boolean => stage.element() === null || asked !== query.peek() || turned !== stage.wanted();
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
  const top = stage.upwards ? element.scrollHeight - (details.row + 1) * ROW : details.row * ROW;
  const bottom = top + ROW;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
}

/** Selects the function of a box; the root is that of none. */
function selectBox(stage: Stage, name: FrameName | undefined | null, push: boolean): void {
  // In a sandwich the selection is what stands in the middle.
  if (stage.half !== undefined) return;
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

/** In a sandwich, puts the function of a box in the middle; anywhere else zooms to the box. */
function open(stage: Stage, id: string): void {
  if (stage.half === undefined) zoomToBox(stage, id);
  else {
    boxOf(stage, id).then(
      (details) => {
        if (details?.name == null) stage.flame.reset();
        else if (details.name.node !== selected.peek()) select(details.name, stage.now.current.asked, { push: true });
      },
      (error: unknown) => stage.fail(String(error)),
    );
  }
}

/** A box as transforms of one place take it; a sandwich is made of other trees than the profile's. */
function boxAt(stage: Stage, id: string): Box | null {
  if (id === '' || id === '0' || stage.half !== undefined) return null;
  return { id, inverted: stage.now.current.turned.inverted === true };
}

/** Keys for transforms of one place in the tree; the list of keys has them with those of functions. */
const BOX_KEYS = [['F', 'focus_subtree', 'Focus subtree'], ['M', 'merge_node', 'Merge node']] as const;

function transformBox(stage: Stage, kind: 'focus_subtree' | 'merge_node'): boolean {
  const box = boxAt(stage, stage.now.current.box);
  if (box === null || selected.peek() === null) return false;
  import('../shell/transforms').then(
    ({ transformSelected }) => void transformSelected(kind, box),
    (error: unknown) => stage.fail(String(error)),
  );
  return true;
}

/** Opens the menu of a box under it. */
async function openMenu(stage: Stage, id: string): Promise<void> {
  const { asked } = stage.now.current;
  const details = await boxOf(stage, id);
  const rect = stage.element()?.getBoundingClientRect();
  if (details?.name == null || rect === undefined) return;
  const { x, y } = stage.flame.placeOf(details);
  openFrameMenu(details.name, asked, { clientX: rect.left + x, clientY: rect.top + y }, { box: boxAt(stage, id) });
}

/** What the pointer does. */
export function clicksFor(stage: Stage): Clicks<Pointed> {
  return {
    hover: (what) => {
      stage.setPointed(what);
      stage.flame.setPointed(what);
    },
    select: (what) => {
      stage.half?.activate();
      focusTree(stage, QUIET);
      if (what === null || what.merged) return;
      stage.setBox(what.id);
      selectBox(stage, what.name, true);
    },
    open: (what) => (what.merged ? zoomToBox(stage, what.id) : open(stage, what.id)),
    menu: (what, event) => {
      const { asked } = stage.now.current;
      if (what.name !== undefined && !what.merged) openFrameMenu(what.name, asked, event, { box: boxAt(stage, what.id) });
    },
  };
}

/** Siblings by weight or by name. A box is where it is in one order only, but has its id in both. */
export function turnOrder(): void {
  const { order, zoom, callersZoom } = state.peek();
  const kept = (one: Zoom): Zoom => (one.left === 0 && one.right === 1 ? one : FULL_ZOOM);
  update({ order: order === 'name' ? 'weight' : 'name', zoom: kept(zoom), callersZoom: kept(callersZoom) }, { push: true });
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
  let steps = 0;
  const then = (act: () => unknown): Promise<void> =>
    (walking = walking.then(act).then(() => {}, (error: unknown) => stage.fail(String(error))));
  // What a key does to the box that is stood on, it does where the steps before it lead to.
  const there = (act: () => boolean) => (): boolean => {
    if (steps === 0) return act();
    // The view may be left by then.
    void then(() => stage.element() !== null && act());
    return true;
  };
  const walk = (event: KeyboardEvent): void => {
    // Up is where it is seen to be.
    const turned = stage.upwards ? { ArrowUp: 'ArrowDown', ArrowDown: 'ArrowUp' }[event.key] : undefined;
    const pick = WALK[turned ?? event.key];
    if (pick === undefined) return;
    steps++;
    void then(() => step(stage, pick)).then(() => steps--);
  };
  const enter = (): boolean => {
    const { box } = stage.now.current;
    if (box !== '') open(stage, box);
    return box !== '';
  };
  const menu = (): boolean => {
    const { box } = stage.now.current;
    // The root is no function.
    if (box === '' || box === '0') return false;
    openMenu(stage, box).catch((error: unknown) => stage.fail(String(error)));
    return true;
  };
  const pivot = (): boolean => {
    const { sandwich, sel } = state.peek();
    if (sel !== '') update({ sandwich: !sandwich }, { push: true });
    return sel !== '';
  };
  const actions: KeyAction[] = [
    { keys: ['ContextMenu', 'Shift+F10'], label: '', group, run: there(menu) },
    { keys: Object.keys(WALK), label: 'Caller, heaviest callee, neighbours', group, run: walk },
    { keys: ['Enter'], label: 'Zoom to the selection', group, run: there(enter) },
    { keys: ['+', '=', 'w'], shown: '+ w', label: 'Zoom in', group, run: () => flame.zoomBy(flame.aim(), KEY_ZOOM, true) },
    { keys: ['-', 's'], label: 'Zoom out', group, run: () => flame.zoomBy(flame.aim(), 1 / KEY_ZOOM, true) },
    { keys: ['a'], label: 'Move left', group, run: () => flame.pan(-KEY_PAN, true) },
    { keys: ['d'], label: 'Move right', group, run: () => flame.pan(KEY_PAN, true) },
    { keys: ['0'], label: 'Whole tree', group, run: () => void flame.reset() },
    { keys: ['i'], label: 'Top-down or bottom-up', group, run: () => update({ inverted: !inverted.peek() }, { push: true }) },
    { keys: ['o'], label: 'Siblings by weight or by name', group, run: turnOrder },
    { keys: ['v'], label: 'Callers and callees of the selection', group, run: there(pivot) },
    ...BOX_KEYS.map(([key, kind, command]): KeyAction => ({
      keys: [key], label: '', group, command,
      why: () => (boxAt(stage, stage.now.current.box) === null ? 'No box of the flame graph is selected' : ''),
      run: there(() => transformBox(stage, kind)),
    })),
    // While zoomed, Escape goes back first; otherwise it means what it means everywhere.
    { keys: ['Escape'], label: '', group, run: () => flame.reset() },
  ];
  const { half } = stage;
  if (half === undefined) return registerKeys(actions);
  // The keys that are not for this one are for the other. Help lists them once.
  const label = (action: KeyAction): string => (stage.upwards ? '' : action.label);
  // Its halves are what they are: neither can be turned.
  const both = actions.filter(({ keys }) => !keys.includes('i'));
  return registerKeys(both.map((action) => ({ ...action, label: label(action), run: (event) => half.isActive() && action.run(event) })));
}

/** The box to stand on after `node` was selected; null when the present one is a box of it. */
export async function boxFor(stage: Stage, node: number): Promise<BoxDetails | null> {
  const { asked, turned, box } = stage.now.current;
  const verbs = keyed(`flame.follow.${stage.half === undefined ? '' : String(turned.inverted)}`);
  if (box !== '' && (await verbs.flameBox(asked, turned, box)).name?.node === node) return null;
  const widest = await verbs.flameFind(asked, turned, node);
  return widest === '' ? null : verbs.flameBox(asked, turned, widest);
}
