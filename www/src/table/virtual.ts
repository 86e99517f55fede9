/** The moving parts of {@link Table}: size, scroll position, rows on hand, selection by keyboard. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { registerKeys } from '../shell/keys';
import { RowCache } from './rows';
import { HEAD_HEIGHT, ROW_HEIGHT, withRoom } from './column';
import type { Column, TableProps } from './column';
import { clampTop, fitColumns, isScaled, moveBy, physicalHeight, reveal, revealMiddle, toPhysical, toVirtual, visibleRows } from './window';
import type { Geometry } from './window';

/** Rows drawn beyond either edge, so that the browser's own scrolling finds something there. */
const OVERSCAN = 12;

/** Narrower than this (CSS pixels), columns are left out; wider tables scroll sideways. */
const NARROW = 600;

/** One row to draw; absent while it is on its way. */
interface Slot<Row> {
  index: number;
  row: Row | undefined;
}

/** What {@link Table} draws and listens with. */
interface Virtual<Row> {
  scroller: RefObject<HTMLDivElement | null>;
  columns: readonly Column<Row>[];
  /** Too narrow for every column. */
  narrow: boolean;
  /** Least width of the table, in CSS pixels. */
  minWidth: number;
  rows: Slot<Row>[];
  /** Height of the rows' element, in CSS pixels. */
  height: number;
  /** Where the drawn rows start in it. */
  offset: number;
  busy: boolean;
  /** The rows are still those of another query. */
  foreign: boolean;
  said: string;
  onScroll: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** State of a virtual table. */
export function useVirtual<Row>(props: TableProps<Row>): Virtual<Row> {
  const scroller = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const [top, setTop] = useState(0);
  const [said, say] = useState('');
  const cursor = useRef(-1);
  const { cache, fresh } = useRows(props, top, size.height);

  const geometry: Geometry = {
    rows: cache.source.rows,
    rowHeight: ROW_HEIGHT,
    viewHeight: Math.max(ROW_HEIGHT, size.height - HEAD_HEIGHT),
  };
  const shownTop = clampTop(geometry, top);
  const range = visibleRows(geometry, shownTop, OVERSCAN);
  const scrollTop = toPhysical(geometry, shownTop);

  const scrollTo = (next: number): void => {
    setTop(next);
    if (scroller.current !== null) scroller.current.scrollTop = toPhysical(geometry, next);
  };
  useResetOnNewSource(cache.source.scroll ?? cache.source.key, () => {
    cursor.current = -1;
    scrollTo(0);
  });
  const { show } = props;
  const laidOut = size.height > 0;
  useEffect(() => {
    if (show !== undefined && laidOut) scrollTo(revealMiddle(geometry, shownTop, show.row));
  }, [show, laidOut]);
  useExactWheel(scroller, isScaled(geometry), (delta) => scrollTo(clampTop(geometry, shownTop + delta)));

  const onScroll = (): void => {
    const at = scroller.current?.scrollTop ?? 0;
    // Our own scrollTo comes back as an event, rounded: only a real change moves the rows.
    if (Math.abs(at - scrollTop) > 1) setTop(toVirtual(geometry, at));
  };

  const foreign = cache.source.about !== props.source.about;

  /** Acts on a key; false when it is not one of ours. */
  const act = (key: string): boolean => {
    if (foreign) return false;
    const from = cursorIndex(cache, props, cursor.current);
    if (key === 'Enter') {
      const row = cache.row(from);
      if (row === undefined || props.onOpen === undefined) return false;
      props.onOpen(row);
      return true;
    }
    const target = moveBy(geometry, key, from);
    if (target === null) return false;
    cursor.current = target;
    scrollTo(reveal(geometry, shownTop, target));
    void select(target);
    return true;
  };
  useMainKeys(props.main === true, act);

  const onKeyDown = (event: KeyboardEvent): void => {
    const inHead = event.target instanceof Element && event.target.closest('thead') !== null;
    if (event.ctrlKey || event.metaKey || event.altKey || inHead || !act(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const select = async (target: number): Promise<void> => {
    // Rows that cannot be had are reported where they are drawn.
    await cache.load({ first: target, count: 1 })?.catch(() => undefined);
    const row = cache.row(target);
    // A key that repeats overtakes the fetch; only where it stopped counts.
    if (row === undefined || cursor.current !== target) return;
    props.onSelect(row, 'key');
    say(props.announce(row));
  };

  const drawn = fresh && cache.has(range);
  const { onDrawn } = props;
  useEffect(() => {
    if (drawn && size.height > 0) onDrawn?.();
  }, [drawn, size.height > 0, cache]);

  const narrow = size.width > 0 && size.width < NARROW;
  const rows = Array.from({ length: range.count }, (_, i) => {
    const index = range.first + i;
    return { index, row: cache.row(index) };
  });
  const roomy = useRoom(props.columns, rows);
  const fit = props.fit === true;
  const columns = useMemo(
    () => (narrow || (fit && size.width > 0) ? fitColumns(roomy, size.width) : roomy),
    [roomy, (narrow || fit) && size.width],
  );
  return {
    scroller,
    columns,
    narrow,
    minWidth: columns.reduce((sum, column) => sum + (narrow ? column.width : (column.roomy ?? column.width)), 0),
    rows,
    height: physicalHeight(geometry),
    offset: scrollTop - shownTop + range.first * ROW_HEIGHT,
    busy: !drawn,
    foreign,
    said,
    onScroll,
    onKeyDown,
  };
}

/** The columns with room for all figures seen so far: one that shrank while scrolling would jump about. */
function useRoom<Row>(columns: readonly Column<Row>[], slots: readonly Slot<Row>[]): readonly Column<Row>[] {
  const before = useRef({ of: columns, grown: columns });
  const kept = before.current.of === columns ? before.current.grown : columns;
  const rows = slots.map((slot) => slot.row).filter((row) => row !== undefined);
  const grown = withRoom(kept, rows);
  const isSame = grown.every((column, at) => column.width === kept[at]?.width);
  before.current = { of: columns, grown: isSame ? kept : grown };
  return before.current.grown;
}

/** Keys of the view's main table, in the key table of the page. */
function useMainKeys(main: boolean, act: (key: string) => boolean): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (!main) return undefined;
    const run = (event: KeyboardEvent): boolean => latest.current(event.key);
    const group = 'Tables';
    return registerKeys([
      { keys: ['ArrowUp', 'ArrowDown'], shown: '↑ ↓', label: 'Select the row above or below', group, run },
      { keys: ['PageUp', 'PageDown'], shown: 'PgUp PgDn', label: 'A page up or down', group, run },
      { keys: ['Home', 'End'], label: 'First or last row', group, run },
      { keys: ['Enter'], label: 'Show the selected row in the flame graph', group, run },
    ]);
  }, [main]);
}

/** Where the keyboard starts from: the row it was at while that is selected, else the selected row. */
function cursorIndex<Row>(cache: RowCache<Row>, props: TableProps<Row>, cursor: number): number {
  const row = cache.row(cursor);
  if (cursor >= 0 && (row === undefined || props.isSelected(row))) return cursor;
  return cache.find(props.isSelected);
}

/**
 * The rows to draw. A new source takes over when its first rows are here, not before: sorting must
 * not flash an empty table.
 */
function useRows<Row>(props: TableProps<Row>, top: number, height: number): { cache: RowCache<Row>; fresh: boolean } {
  const [, redraw] = useState(0);
  const shown = useRef<RowCache<Row> | null>(null);
  const next = useRef<RowCache<Row> | null>(null);
  if (next.current?.source.key !== props.source.key) {
    next.current = new RowCache(props.source);
    if (next.current.load({ first: 0, count: 1 }) === undefined) shown.current = next.current;
  }
  const wanted = next.current;
  const cache = (shown.current ??= wanted);
  const first = Math.floor(Math.min(top, cache.source.rows * ROW_HEIGHT) / ROW_HEIGHT);
  const count = Math.ceil(height / ROW_HEIGHT) + 2 * OVERSCAN;
  const range = { first: cache === wanted ? Math.max(0, first - OVERSCAN) : 0, count };
  const complete = cache === wanted && cache.has(range);
  useEffect(() => {
    let left = false;
    const arrived = (): void => {
      if (left || next.current !== wanted) return;
      shown.current = wanted;
      redraw((n) => n + 1);
    };
    const wait = wanted.load(range);
    // A question that was overtaken or failed has its own place to be reported; the rows stay.
    if (wait !== undefined) wait.then(arrived, () => undefined);
    // What was missing when this was drawn may have come since, on behalf of an older question.
    else if (!complete) arrived();
    return () => {
      left = true;
    };
  }, [wanted, cache, top, height]);
  return { cache, fresh: cache === wanted };
}

function useSize(element: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const measure = (): void => setSize({ width: target.clientWidth, height: target.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

function useResetOnNewSource(key: string, reset: () => void): void {
  const before = useRef(key);
  useLayoutEffect(() => {
    if (before.current === key) return;
    before.current = key;
    reset();
  }, [key]);
}

/** Where the scroll bar is a scaled picture, a notch of the wheel still moves by what it says. */
function useExactWheel(element: RefObject<HTMLElement | null>, scaled: boolean, move: (delta: number) => void): void {
  const latest = useRef(move);
  latest.current = move;
  useEffect(() => {
    const target = element.current;
    if (target === null || !scaled) return undefined;
    const onWheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const line = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW_HEIGHT : 1;
      latest.current(event.deltaY * line);
    };
    target.addEventListener('wheel', onWheel, { passive: false });
    return () => target.removeEventListener('wheel', onWheel);
  }, [element, scaled]);
}
