// Pointer, wheel and touch on the picture, as on the flame graph: a drag or the wheel moves, Ctrl and the
// wheel or two fingers zoom, a click selects, a double click goes on.

import type { GraphController } from './controller';
import type { Pointed } from './scene';

/** What the view does with clicks. */
export interface Clicks {
  hover(pointed: Pointed | null): void;
  select(pointed: Pointed | null): void;
  open(pointed: Pointed): void;
  menu(pointed: Pointed, event: MouseEvent): void;
}

/** Movement in CSS pixels after which a press is a drag. */
const DRAG = 4;
/** Milliseconds and CSS pixels within which two taps are a double tap. */
const DOUBLE = 350;
const NEAR = 24;
/** Zoom per pixel of a wheel. */
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

/** The hands on one picture. */
class Hands {
  private readonly element: HTMLElement;
  private readonly graph: GraphController;
  private readonly clicks: Clicks;
  /** Buttons and fingers that are down, by pointer. */
  private readonly held = new Map<number, Point>();
  private dragged = false;
  private pinch: { spread: number; middle: Point } | null = null;
  private lastTap = { time: 0, x: 0, y: 0 };

  constructor(element: HTMLElement, graph: GraphController, clicks: Clicks) {
    this.element = element;
    this.graph = graph;
    this.clicks = clicks;
  }

  readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    const { x, y } = this.place(event);
    if (event.ctrlKey || event.metaKey) this.graph.zoomBy(Math.exp(-event.deltaY * unit * WHEEL), x, y, false);
    else if (event.shiftKey && event.deltaX === 0) this.graph.pan(-event.deltaY * unit, 0);
    else this.graph.pan(-event.deltaX * unit, -event.deltaY * unit);
  };

  readonly down = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    this.held.set(event.pointerId, this.place(event));
    if (this.held.size === 1) this.dragged = false;
    this.pinch = this.fingers();
  };

  readonly move = (event: PointerEvent): void => {
    // The button came up where nobody told us: outside, before there was anything to capture.
    if (event.buttons === 0) this.cancel(event);
    const last = this.held.get(event.pointerId);
    const here = this.place(event);
    if (last === undefined) {
      if (event.pointerType === 'mouse') this.clicks.hover(this.graph.at(here.x, here.y));
      return;
    }
    if (this.held.size === 1 && !this.dragged && distance(last, here) < DRAG) return;
    if (!this.dragged) this.grab(event);
    this.held.set(event.pointerId, here);
    if (this.held.size === 1) this.graph.pan(here.x - last.x, here.y - last.y);
    else this.pinched();
  };

  readonly up = (event: PointerEvent): void => {
    if (!this.held.delete(event.pointerId)) return;
    this.pinch = this.fingers();
    this.element.classList.remove('dragging');
    if (!this.dragged) this.tap(event);
    else if (this.held.size === 0) this.dragged = false;
  };

  readonly cancel = (event: PointerEvent): void => {
    this.held.delete(event.pointerId);
    this.element.classList.remove('dragging');
  };

  readonly leave = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse') return;
    this.graph.left();
    this.clicks.hover(null);
  };

  readonly menu = (event: MouseEvent): void => {
    const { x, y } = this.place(event);
    const pointed = this.graph.at(x, y);
    if (pointed !== null) this.clicks.menu(pointed, event);
  };

  private place(event: MouseEvent): Point {
    const rect = this.element.getBoundingClientRect();
    return { x: event.clientX - rect.left, y: event.clientY - rect.top };
  }

  private grab(event: PointerEvent): void {
    this.dragged = true;
    this.element.classList.add('dragging');
    this.element.setPointerCapture(event.pointerId);
  }

  private fingers(): { spread: number; middle: Point } | null {
    const [one, other] = [...this.held.values()];
    if (one === undefined || other === undefined) return null;
    return { spread: distance(one, other), middle: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 } };
  }

  private pinched(): void {
    const now = this.fingers();
    if (this.pinch !== null && now !== null && this.pinch.spread > 0) {
      this.graph.pan(now.middle.x - this.pinch.middle.x, now.middle.y - this.pinch.middle.y);
      this.graph.zoomBy(now.spread / this.pinch.spread, now.middle.x, now.middle.y, false);
    }
    this.pinch = now;
  }

  private tap(event: PointerEvent): void {
    const here = this.place(event);
    const pointed = this.graph.at(here.x, here.y);
    const again = event.timeStamp - this.lastTap.time < DOUBLE && distance(here, this.lastTap) < NEAR;
    this.lastTap = { time: again ? 0 : event.timeStamp, ...here };
    if (again && pointed !== null) this.clicks.open(pointed);
    else this.clicks.select(pointed);
    if (event.pointerType !== 'mouse') this.clicks.hover(pointed);
  }
}

/** Listens to one picture; the returned function stops it. */
export function listen(element: HTMLElement, graph: GraphController, clicks: Clicks): () => void {
  const hands = new Hands(element, graph, clicks);
  const stop = new AbortController();
  const { signal } = stop;
  element.addEventListener('wheel', hands.wheel, { passive: false, signal });
  element.addEventListener('contextmenu', hands.menu, { signal });
  element.addEventListener('pointerdown', hands.down, { signal });
  element.addEventListener('pointermove', hands.move, { signal });
  element.addEventListener('pointerup', hands.up, { signal });
  element.addEventListener('pointercancel', hands.cancel, { signal });
  element.addEventListener('pointerleave', hands.leave, { signal });
  return () => stop.abort();
}
