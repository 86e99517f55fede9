// Pointer, wheel and touch on the flame graph, turned into the controller's few verbs.

import type { FlameController, Pointed } from './controller';

/** What the view does with clicks. */
export interface Clicks {
  /** The pointer is on something else, or on nothing. */
  hover(pointed: Pointed | null): void;
  /** A click or tap. */
  select(pointed: Pointed | null): void;
  /** A double click or double tap. */
  zoomTo(pointed: Pointed): void;
  /** The menu is asked for. */
  menu(pointed: Pointed, event: MouseEvent): void;
}

/** Movement in CSS pixels after which a press is a drag. */
const DRAG = 4;
/** Milliseconds and CSS pixels within which two taps are a double tap. */
const DOUBLE = 350;
const NEAR = 24;
/** Zoom per pixel of a wheel; a notch of a mouse wheel is about 100 pixels. */
const WHEEL = 0.0022;
/** Pixels of a wheel that counts in lines. */
const LINE = 16;

interface Point {
  x: number;
  y: number;
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

/** The hands on one scroller. */
class Hands {
  private readonly scroller: HTMLElement;
  private readonly flame: FlameController;
  private readonly clicks: Clicks;
  private readonly upwards: boolean;
  /** Buttons and fingers that are down, by pointer, in client coordinates. */
  private readonly held = new Map<number, Point>();
  private dragged = false;
  /** Distance of two fingers at their last movement. */
  private pinch = 0;
  private lastTap = { time: 0, x: 0, y: 0 };

  constructor(scroller: HTMLElement, flame: FlameController, clicks: Clicks, upwards: boolean) {
    this.upwards = upwards;
    this.scroller = scroller;
    this.flame = flame;
    this.clicks = clicks;
  }

  readonly wheel = (event: WheelEvent): void => {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    const width = this.scroller.clientWidth;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.flame.zoomBy(this.place(event).x / width, Math.exp(event.deltaY * unit * WHEEL), false);
      return;
    }
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (Math.abs(sideways) < 1) return;
    event.preventDefault();
    this.flame.pan((sideways * unit) / width, false);
    if (!event.shiftKey) this.scroller.scrollTop += event.deltaY * unit;
  };

  readonly down = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    // A press on the scroll bar is none of ours.
    if (this.place(event).x >= this.scroller.clientWidth) return;
    this.held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.held.size === 1) this.dragged = false;
    this.pinch = this.spread();
  };

  readonly move = (event: PointerEvent): void => {
    // The button came up where nobody told us: outside, before there was anything to capture.
    if (event.buttons === 0) this.cancel(event);
    const last = this.held.get(event.pointerId);
    const here = { x: event.clientX, y: event.clientY };
    if (last === undefined) {
      if (event.pointerType === 'mouse') this.clicks.hover(this.under(event));
      return;
    }
    if (this.held.size === 1 && !this.dragged && distance(last, here) < DRAG) return;
    if (!this.dragged) this.grab(event);
    this.held.set(event.pointerId, here);
    if (this.held.size > 1) this.pinched();
    else {
      this.flame.pan((last.x - here.x) / this.scroller.clientWidth, false);
      // Up and down, the browser scrolls by itself under a finger.
      if (event.pointerType === 'mouse') this.scroller.scrollTop += last.y - here.y;
    }
  };

  readonly up = (event: PointerEvent): void => {
    if (!this.held.delete(event.pointerId)) return;
    this.pinch = this.spread();
    this.scroller.classList.remove('dragging');
    if (!this.dragged) this.tap(event);
    else if (this.held.size === 0) this.dragged = false;
  };

  readonly cancel = (event: PointerEvent): void => {
    this.held.delete(event.pointerId);
    this.scroller.classList.remove('dragging');
  };

  readonly leave = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') this.clicks.hover(null);
  };

  readonly menu = (event: MouseEvent): void => {
    const pointed = this.under(event);
    if (pointed !== null) this.clicks.menu(pointed, event);
  };

  readonly scroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.flame.scroll(this.upwards ? scrollHeight - clientHeight - scrollTop : scrollTop);
  };

  private place(event: MouseEvent): Point {
    const rect = this.scroller.getBoundingClientRect();
    return { x: event.clientX - rect.left, y: event.clientY - rect.top };
  }

  private under(event: MouseEvent): Pointed | null {
    const { x, y } = this.place(event);
    return this.flame.at(x, y);
  }

  private grab(event: PointerEvent): void {
    this.dragged = true;
    this.scroller.classList.add('dragging');
    this.scroller.setPointerCapture(event.pointerId);
  }

  private spread(): number {
    const [one, other] = [...this.held.values()];
    return one === undefined || other === undefined ? 0 : distance(one, other);
  }

  private pinched(): void {
    const now = this.spread();
    if (this.pinch > 0 && now > 0) {
      const { left } = this.scroller.getBoundingClientRect();
      const middle = [...this.held.values()].reduce((sum, one) => sum + one.x, 0) / this.held.size;
      this.flame.zoomBy((middle - left) / this.scroller.clientWidth, this.pinch / now, false);
    }
    this.pinch = now;
  }

  private tap(event: PointerEvent): void {
    const pointed = this.under(event);
    const here = { x: event.clientX, y: event.clientY };
    const again = event.timeStamp - this.lastTap.time < DOUBLE && distance(here, this.lastTap) < NEAR;
    this.lastTap = { time: again ? 0 : event.timeStamp, ...here };
    if (again && pointed !== null) this.clicks.zoomTo(pointed);
    else this.clicks.select(pointed);
    if (event.pointerType !== 'mouse') this.clicks.hover(pointed);
  }
}

/** Listens to one scroller; the returned function stops it. */
export function listen(scroller: HTMLElement, flame: FlameController, clicks: Clicks, upwards: boolean): () => void {
  const hands = new Hands(scroller, flame, clicks, upwards);
  const stop = new AbortController();
  const { signal } = stop;
  // Ctrl+wheel would zoom the whole page: that listener must be allowed to prevent it.
  scroller.addEventListener('wheel', hands.wheel, { passive: false, signal });
  scroller.addEventListener('scroll', hands.scroll, { passive: true, signal });
  scroller.addEventListener('contextmenu', hands.menu, { signal });
  scroller.addEventListener('pointerdown', hands.down, { signal });
  scroller.addEventListener('pointermove', hands.move, { signal });
  scroller.addEventListener('pointerup', hands.up, { signal });
  scroller.addEventListener('pointercancel', hands.cancel, { signal });
  scroller.addEventListener('pointerleave', hands.leave, { signal });
  return () => stop.abort();
}
