// Pointer, wheel and touch on the flame graph, turned into the controller's few verbs.

import type { FlameController, Pointed } from './controller';

/** What the view does with clicks. */
export interface Clicks {
  hover(pointed: Pointed | null): void;
  select(pointed: Pointed | null): void;
  zoomTo(pointed: Pointed): void;
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

interface Held {
  x: number;
  y: number;
}

/** Listens to one scroller; the returned function stops it. */
export function listen(scroller: HTMLElement, flame: FlameController, clicks: Clicks): () => void {
  const held = new Map<number, Held>();
  let dragged = false;
  let pinch = 0;
  let tap = { time: 0, x: 0, y: 0 };

  const place = (event: MouseEvent): { x: number; y: number; width: number } => {
    const rect = scroller.getBoundingClientRect();
    return { x: event.clientX - rect.left, y: event.clientY - rect.top, width: scroller.clientWidth };
  };
  const under = (event: MouseEvent): Pointed | null => {
    const { x, y } = place(event);
    return flame.at(x, y);
  };

  const wheel = (event: WheelEvent): void => {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    const { x, width } = place(event);
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      flame.zoomBy(x / width, Math.exp(event.deltaY * unit * WHEEL), false);
      return;
    }
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (Math.abs(sideways) < 1) return;
    event.preventDefault();
    flame.pan((sideways * unit) / width, false);
    if (!event.shiftKey) scroller.scrollTop += event.deltaY * unit;
  };

  const spread = (): number => {
    const [one, other] = [...held.values()];
    return one === undefined || other === undefined ? 0 : Math.hypot(one.x - other.x, one.y - other.y);
  };

  const down = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    // A press on the scroll bar is none of ours.
    if (place(event).x >= scroller.clientWidth) return;
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (held.size === 1) dragged = false;
    pinch = spread();
  };

  const pinched = (event: PointerEvent): void => {
    const now = spread();
    if (pinch > 0 && now > 0) {
      const rect = scroller.getBoundingClientRect();
      const middle = [...held.values()].reduce((sum, one) => sum + one.x, 0) / held.size;
      flame.zoomBy((middle - rect.left) / scroller.clientWidth, pinch / now, false);
    }
    pinch = now;
    dragged = true;
    event.preventDefault();
  };

  const move = (event: PointerEvent): void => {
    const last = held.get(event.pointerId);
    if (last === undefined) {
      if (event.pointerType === 'mouse') clicks.hover(under(event));
      return;
    }
    const dx = event.clientX - last.x;
    const dy = event.clientY - last.y;
    if (held.size === 1 && !dragged && Math.hypot(dx, dy) < DRAG) return;
    if (!dragged) {
      dragged = true;
      scroller.classList.add('dragging');
      scroller.setPointerCapture(event.pointerId);
    }
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (held.size > 1) {
      pinched(event);
      return;
    }
    flame.pan(-dx / scroller.clientWidth, false);
    // Up and down, the browser scrolls by itself under a finger.
    if (event.pointerType === 'mouse') scroller.scrollTop -= dy;
  };

  const up = (event: PointerEvent): void => {
    if (!held.delete(event.pointerId)) return;
    pinch = spread();
    scroller.classList.remove('dragging');
    if (dragged) {
      if (held.size === 0) dragged = false;
      return;
    }
    const pointed = under(event);
    const again = event.timeStamp - tap.time < DOUBLE && Math.hypot(event.clientX - tap.x, event.clientY - tap.y) < NEAR;
    tap = { time: again ? 0 : event.timeStamp, x: event.clientX, y: event.clientY };
    if (again && pointed !== null) clicks.zoomTo(pointed);
    else clicks.select(pointed);
    if (event.pointerType !== 'mouse') clicks.hover(pointed);
  };

  const cancel = (event: PointerEvent): void => {
    held.delete(event.pointerId);
    scroller.classList.remove('dragging');
  };
  const leave = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') clicks.hover(null);
  };
  const scroll = (): void => flame.scroll(scroller.scrollTop);

  // Ctrl+wheel would zoom the whole page: that listener must be allowed to prevent it.
  scroller.addEventListener('wheel', wheel, { passive: false });
  scroller.addEventListener('pointerdown', down);
  scroller.addEventListener('pointermove', move);
  scroller.addEventListener('pointerup', up);
  scroller.addEventListener('pointercancel', cancel);
  scroller.addEventListener('pointerleave', leave);
  scroller.addEventListener('scroll', scroll, { passive: true });
  return () => {
    scroller.removeEventListener('wheel', wheel);
    scroller.removeEventListener('pointerdown', down);
    scroller.removeEventListener('pointermove', move);
    scroller.removeEventListener('pointerup', up);
    scroller.removeEventListener('pointercancel', cancel);
    scroller.removeEventListener('pointerleave', leave);
    scroller.removeEventListener('scroll', scroll);
  };
}
