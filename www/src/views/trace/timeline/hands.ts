// What hands do on the timeline: sideways is time, up and down scrolls the lanes, Shift and a drag selects a range.

import type { Clicks, Surface } from '../../../flame/hands';
import { QUIET } from '../../../flame/hands';
import type { KeyAction } from '../../../shell/keys';
import type { Hit } from './controller';
import type { TimelineModel } from './model';

/** The lanes, as hands move them. */
export function surfaceOf(stage: HTMLElement, model: TimelineModel): Surface<Hit> {
  const { controller } = model;
  /** Where a range began. */
  let anchor: { pointer: number; at: number } | null = null;
  const place = (event: PointerEvent): number => event.clientX - stage.getBoundingClientRect().left;
  return {
    at: (x, y) => controller.at(x, y),
    drag: (dx, dy, event) => {
      if (anchor?.pointer !== event.pointerId || event.buttons === 0) anchor = null;
      if (event.shiftKey && event.pointerType === 'mouse' && anchor === null) anchor = { pointer: event.pointerId, at: controller.timeAt(place(event) - dx) };
      if (anchor !== null) {
        const at = controller.timeAt(place(event));
        model.draft.value = { from: Math.min(anchor.at, at), to: Math.max(anchor.at, at) };
        controller.setPointer(place(event));
        return;
      }
      controller.pan(-dx / stage.clientWidth, false);
      // Up and down, the browser scrolls by itself under a finger.
      if (event.pointerType === 'mouse' && model.scroller !== null) model.scroller.scrollTop -= dy;
    },
    wheel: (dx, dy) => {
      if (Math.abs(dx) < 1 || Math.abs(dx) < Math.abs(dy)) return false;
      controller.pan(dx / stage.clientWidth, false);
      return true;
    },
    zoom: (factor, { x }, from) => {
      if (from.x !== x) controller.pan((from.x - x) / stage.clientWidth, false);
      controller.zoomBy(x / stage.clientWidth, 1 / factor, false);
    },
    left: () => {
      anchor = null;
      controller.setPointer(null);
    },
  };
}

/** What clicks do. */
export function clicksFor(stage: HTMLElement, model: TimelineModel, hover: (hit: Hit | null) => void): Clicks<Hit> {
  return {
    hover,
    select: (hit) => {
      stage.focus(QUIET);
      if (hit === null) return;
      if (hit.row.kind === 'lane') {
        model.told.value = true;
        void model.select(hit.row, hit.at);
      } else if (hit.row.kind === 'heading') model.toggle(hit.row);
    },
    open: (hit) => {
      const part = model.controller.partOf(hit);
      if (part === null) model.controller.zoomBy(model.controller.aim(), 0.25, true);
      else {
        const room = (part.to - part.from) * 0.05;
        model.controller.show({ from: part.from - room, to: part.to + room }, true);
      }
    },
    menu: () => {},
  };
}

const ZOOM = 0.6;
const PAN = 0.25;

/** What keys do, while the lanes have the focus. */
export function keysFor(model: TimelineModel, hasFocus: () => boolean, search: () => void): KeyAction[] {
  const { controller } = model;
  const group = 'Timeline';
  const key = (keys: readonly string[], label: string, run: () => unknown, shown?: string): KeyAction => ({
    keys, label, group, command: '', ...(shown === undefined ? {} : { shown }),
    run: () => hasFocus() && run() !== false,
  });
  return [
    key(['+', '=', 'w'], 'Zoom in', () => controller.zoomBy(controller.aim(), ZOOM, true), '+ w'),
    key(['-', 's'], 'Zoom out', () => controller.zoomBy(controller.aim(), 1 / ZOOM, true)),
    key(['ArrowLeft', 'a'], 'Earlier', () => controller.pan(-PAN, true)),
    key(['ArrowRight', 'd'], 'Later', () => controller.pan(PAN, true)),
    key(['0'], 'Whole trace', () => void controller.whole()),
    key(['ArrowUp'], 'Lane above', () => model.walk(-1)),
    key(['ArrowDown'], 'Lane below', () => model.walk(1)),
    key([']'], 'Next change in the lane', () => void model.change(true)),
    key(['['], 'Change before', () => void model.change(false)),
    key(['Enter'], 'Tell the selection in full', () => {
      if (model.selected.peek() === null) return false;
      model.told.value = true;
      return true;
    }),
    key([' '], 'Unfold or fold the lane', () => model.unfold(true) || model.unfold(false)),
    key(['m'], 'Range of the selection', () => model.rangeOfSelection()),
    key(['/'], 'Search the timeline', search),
    key(['Escape'], '', () => model.clear()),
  ];
}
