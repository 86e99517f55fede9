/** The edge of a heading, by which its column is made wider; and the keys that do the same. */
import type { JSX, TargetedPointerEvent } from 'preact';
import { clampWidth, dragged, setWidth } from './choice';
import { figureWidth } from './column';

/** CSS pixels of one key press. */
const STEP = 8;
/** Room in a heading for the mark of the order, in CSS pixels. */
const MARK = 12;

/** A column that can be resized. */
export interface Sized {
  /** Of the table. */
  id: string;
  /** Of the column. */
  column: string;
}

function headOf(target: EventTarget | null): HTMLTableCellElement | null {
  return target instanceof Element ? target.closest('th') : null;
}

/** As wide as what stands in the rows on screen needs. */
function fit({ id, column }: Sized, head: HTMLTableCellElement): void {
  const rows = [...(head.closest('table')?.querySelectorAll<HTMLTableRowElement>('tbody tr') ?? [])];
  const texts = rows.map((row) => row.cells[head.cellIndex]?.textContent ?? '');
  const label = figureWidth([head.querySelector('.vt-sort, .vt-head')?.textContent ?? ''], 0) + MARK;
  setWidth(id, column, figureWidth(texts, label));
}

/** Alt with an arrow on a heading, or with Enter; false for any other key. */
export function resizeKey(sized: Sized, event: KeyboardEvent): boolean {
  const head = headOf(event.target);
  if (!event.altKey || event.ctrlKey || event.metaKey || head === null) return false;
  if (event.key === 'Enter') fit(sized, head);
  else if (event.key === 'ArrowLeft') setWidth(sized.id, sized.column, head.offsetWidth - STEP);
  else if (event.key === 'ArrowRight') setWidth(sized.id, sized.column, head.offsetWidth + STEP);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

/** The edge. The keyboard has the heading itself for this. */
export function Grip(props: { sized: Sized }): JSX.Element {
  const { id, column: key } = props.sized;
  const down = (event: TargetedPointerEvent<HTMLSpanElement>): void => {
    const head = headOf(event.target);
    if (event.button !== 0 || head === null) return;
    event.preventDefault();
    const grip = event.currentTarget;
    const start = event.clientX - head.offsetWidth;
    const stop = new AbortController();
    const end = (): void => {
      stop.abort();
      const last = dragged.peek();
      dragged.value = null;
      // A press without a movement changes nothing: it may be half of a double click.
      if (last !== null) setWidth(id, key, last.width);
    };
    grip.setPointerCapture(event.pointerId);
    grip.addEventListener('pointermove', (move) => (dragged.value = { id, key, width: clampWidth(move.clientX - start) }), stop);
    for (const type of ['pointerup', 'pointercancel']) grip.addEventListener(type, end, stop);
  };
  return (
    <span class="vt-grip" aria-hidden="true" onPointerDown={down}
      onClick={(event) => event.stopPropagation()}
      onDblClick={(event) => {
        const head = headOf(event.target);
        if (head !== null) fit(props.sized, head);
      }} />
  );
}
