// Pointer, wheel and touch on a picture, for whatever is drawn there: a drag or the wheel moves it, Ctrl and
// the wheel or two fingers zoom, a click selects, a double click opens.

/** A point of the picture's element, in CSS pixels. */
export interface Point {
  x: number;
  y: number;
}

/** What the view does with clicks on what a picture shows. */
export interface Clicks<What> {
  /** The pointer is on something else, or on nothing. */
  hover(what: What | null): void;
  /** A click or tap. */
  select(what: What | null): void;
  /** A double click or double tap. */
  open(what: What): void;
  /** The menu is asked for. */
  menu(what: What, event: MouseEvent): void;
}

/** The picture as hands move it. */
export interface Surface<What> {
  /** What lies at a point. */
  at(x: number, y: number): What | null;
  /** It was dragged by so much. */
  drag(dx: number, dy: number, event: PointerEvent): void;
  /** The wheel turned by so much; says false when that is left to the browser. */
  wheel(dx: number, dy: number): boolean;
  /** Comes closer by a factor around a point, which was at `from` before. */
  zoom(factor: number, at: Point, from: Point): void;
  /** Its element was scrolled. */
  scrolled?(): void;
  /** The pointer is elsewhere. */
  left?(): void;
}

/** A click needs no focus ring; not every browser can be told so, and the typings do not know it. */
export const QUIET: FocusOptions & { focusVisible: boolean } = { preventScroll: true, focusVisible: false };

/** Movement in CSS pixels after which a press is a drag. */
const DRAG = 4;
/** Milliseconds and CSS pixels within which two taps of a finger are a double tap. */
const DOUBLE = 350;
const NEAR = 24;
/** Zoom per pixel of a wheel; a notch of a mouse wheel is about 100 pixels. */
const WHEEL = 0.0022;
/** Pixels of a wheel that counts in lines. */
const LINE = 16;

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

/** Listens to one element; the returned function stops it. */
export function listen<What>(element: HTMLElement, surface: Surface<What>, clicks: Clicks<What>): () => void {
  /** Buttons and fingers that are down, by pointer. */
  const held = new Map<number, Point>();
  let dragged = false;
  /** Two fingers at their last movement. */
  let pinch: { spread: number; middle: Point } | undefined;
  let lastTap = { time: 0, x: 0, y: 0 };
  /** Presses of the mouse in a row, as the system counts them: how fast two have to be is set there. */
  let presses = 0;

  const place = (event: MouseEvent): Point => {
    const rect = element.getBoundingClientRect();
    return { x: event.clientX - rect.left, y: event.clientY - rect.top };
  };
  const under = (event: MouseEvent): What | null => {
    const { x, y } = place(event);
    return surface.at(x, y);
  };
  const fingers = (): typeof pinch => {
    const [one, other] = held.values();
    if (one === undefined || other === undefined) return undefined;
    return { spread: distance(one, other), middle: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 } };
  };
  const pinched = (): void => {
    const now = fingers();
    if (pinch && now && pinch.spread > 0 && now.spread > 0) surface.zoom(now.spread / pinch.spread, now.middle, pinch.middle);
    pinch = now;
  };
  const tap = (event: PointerEvent): void => {
    const here = place(event);
    const what = under(event);
    const isSecond = event.pointerType === 'mouse' ? presses === 2 : event.timeStamp - lastTap.time < DOUBLE;
    const again = isSecond && distance(here, lastTap) < NEAR;
    lastTap = { time: again ? 0 : event.timeStamp, ...here };
    if (again && what !== null) clicks.open(what);
    else clicks.select(what);
    if (event.pointerType !== 'mouse') clicks.hover(what);
  };
  const cancel = (event: PointerEvent): void => {
    held.delete(event.pointerId);
    element.classList.remove('dragging');
  };

  const wheel = (event: WheelEvent): void => {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    const { deltaX, deltaY, shiftKey } = event;
    const here = place(event);
    if (event.ctrlKey || event.metaKey) surface.zoom(Math.exp(-deltaY * unit * WHEEL), here, here);
    // Not every browser turns the wheel sideways by itself.
    else if (!surface.wheel((shiftKey && deltaX === 0 ? deltaY : deltaX) * unit, shiftKey ? 0 : deltaY * unit)) return;
    event.preventDefault();
  };
  const down = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    const here = place(event);
    // A press on the scroll bar is none of ours.
    if (here.x >= element.clientWidth) return;
    held.set(event.pointerId, here);
    if (held.size === 1) dragged = false;
    pinch = fingers();
  };
  const move = (event: PointerEvent): void => {
    // The button came up where nobody told us: outside, before there was anything to capture.
    if (event.buttons === 0) cancel(event);
    const last = held.get(event.pointerId);
    if (last === undefined) {
      if (event.pointerType === 'mouse') clicks.hover(under(event));
      return;
    }
    const here = place(event);
    if (held.size === 1 && !dragged && distance(last, here) < DRAG) return;
    if (!dragged) {
      dragged = true;
      element.classList.add('dragging');
      element.setPointerCapture(event.pointerId);
    }
    held.set(event.pointerId, here);
    if (held.size === 1) surface.drag(here.x - last.x, here.y - last.y, event);
    else pinched();
  };
  const up = (event: PointerEvent): void => {
    if (!held.has(event.pointerId)) return;
    cancel(event);
    pinch = fingers();
    if (!dragged) tap(event);
    else if (held.size === 0) dragged = false;
  };
  const leave = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse') return;
    surface.left?.();
    clicks.hover(null);
  };
  const menu = (event: MouseEvent): void => {
    const what = under(event);
    if (what !== null) clicks.menu(what, event);
  };

  const stop = new AbortController();
  const { signal } = stop;
  // Ctrl+wheel would zoom the whole page: that listener must be allowed to prevent it.
  element.addEventListener('wheel', wheel, { passive: false, signal });
  element.addEventListener('contextmenu', menu, { signal });
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('mousedown', (event) => void (presses = event.detail), { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', cancel, { signal });
  element.addEventListener('pointerleave', leave, { signal });
  element.addEventListener('scroll', () => surface.scrolled?.(), { signal });
  return () => stop.abort();
}
