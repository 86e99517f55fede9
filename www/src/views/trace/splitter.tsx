/** The edge between a table and what is told below it: it can be moved, by a drag or by arrows. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';

/** Percent of the height that is told below, and the least and most of it. */
const LEAST = 20;
const MOST = 80;
/** Percent by which a key moves the edge. */
const STEP = 5;

/** Where it was left, as long as the page is open. */
export const share = signal(44);

function move(to: number): void {
  share.value = Math.min(Math.max(Math.round(to), LEAST), MOST);
}

/** The edge. */
export function Splitter(): JSX.Element {
  const drag = (event: PointerEvent): void => {
    const edge = event.currentTarget as HTMLElement;
    if (!edge.hasPointerCapture(event.pointerId)) return;
    const box = edge.parentElement?.getBoundingClientRect();
    if (box !== undefined) move(((box.bottom - event.clientY) / box.height) * 100);
  };
  const key = (event: KeyboardEvent): void => {
    const by = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(share.peek() + by);
  };
  return (
    <div class="trace-splitter" role="separator" aria-orientation="horizontal" tabIndex={0} aria-label="Height of the open row"
      aria-valuemin={LEAST} aria-valuemax={MOST} aria-valuenow={share.value}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)} onPointerMove={drag} onKeyDown={key} />
  );
}
