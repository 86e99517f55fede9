/** The moving parts of {@link Table}: size, scroll position, rows on hand, what is selected and picked. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { openFrameMenu } from '../shell/choose';
import type { MenuPlace } from '../shell/choose';
import { registerKeys } from '../shell/keys';
import type { KeyAction } from '../shell/keys';
import { useAsked } from './asked';
import { useChosen } from './choice';
import { RowCache } from './rows';
import { HEAD_HEIGHT, rowHeight, withRoom } from './column';
import type { Column, TableProps } from './column';
import { copied } from './copy';
import { pickedText, usePicks } from './picks';
import type { Picks } from './picks';
import { clampTop, fitColumns, isScaled, moveBy, physicalHeight, reveal, revealMiddle, toPhysical, toVirtual, visibleRows } from './window';
import type { Geometry } from './window';

/** Rows drawn beyond either edge, so that the browser's own scrolling finds something there. */
const OVERSCAN = 12;

/** Narrower than this (CSS pixels), columns are left out; wider tables scroll sideways. */
const NARROW = 600;

/** How far from the left edge of a row its menu opens, in CSS pixels. */
const MENU_INDENT = 24;

/** One row to draw; absent while it is on its way. */
interface Slot<Row> {
  index: number;
  row: Row | undefined;
}

/** What {@link Table} draws and listens with. */
interface Virtual<Row> {
  scroller: RefObject<HTMLDivElement | null>;
  /** The columns that are wanted. */
  chosen: readonly Column<Row>[];
  /** Those of them that there is room for. */
  columns: readonly Column<Row>[];
  /** No column takes what is left: the table is as wide as they are together. */
  isFixed: boolean;
  picks: Picks<Row> | undefined;
  /** Too narrow for every column. */
  narrow: boolean;
  /** Least width of the table, in CSS pixels. */
  minWidth: number;
  rows: Slot<Row>[];
  /** Height of all rows, in CSS pixels. */
  height: number;
  /** Where the drawn rows start in it. */
  offset: number;
  busy: boolean;
  /** The rows are still those of another query. */
  foreign: boolean;
  said: string;
  onScroll: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  /** A click or tap on a row. */
  onRow: (row: Row, index: number, event: MouseEvent) => void;
  /** The menu of a row is asked for. */
  onMenu: (row: Row, index: number, at: MenuPlace) => void;
}

/** State of a virtual table. */
export function useVirtual<Row>(props: TableProps<Row>): Virtual<Row> {
  const scroller = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const [top, setTop] = useState(0);
  const [said, say] = useState('');
  const cursor = useRef(-1);
  /** The row that keys lead to is on its way; null when it is there. */
  const moving = useRef<Promise<void> | null>(null);
  const line = rowHeight();
  const tail = props.last === undefined ? 0 : line;
  const { cache, fresh } = useRows(props, top, size.height, line);
  const picks = usePicks(cache, props.keyOf);
  const asked = useAsked();

  const geometry: Geometry = {
    rows: cache.source.rows,
    rowHeight: line,
    viewHeight: Math.max(line, size.height - HEAD_HEIGHT - tail),
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

  /** Has picking said, to those who do not see it. */
  const tell = (count: Promise<number>): void => {
    // Rows that cannot be had are reported where they are drawn.
    count.then((rows) => say(pickedText(rows, cache.source.rows)), () => undefined);
  };
  const onMenu = (row: Row, index: number, at: MenuPlace): void => {
    const { nameOf } = props;
    const name = nameOf?.(row);
    if (nameOf === undefined || name === undefined || foreign) return;
    const rows = picks?.has(row) === true ? picks.rows : [row];
    openFrameMenu(name, asked, at, {
      several: rows.length > 1 ? rows.map(nameOf).filter((one) => one !== undefined) : [],
      ...(picks === undefined ? {} : { pick: () => pickRow(row, index) }),
      copy: (form) => copied(props.label, chosen, rows, form),
    });
  };
  const pickRow = (row: Row, index: number): void => {
    const count = picks?.toggle(row, index, cache.row(cache.find(props.isSelected))) ?? 0;
    say(pickedText(count, cache.source.rows));
  };

  const latest = useRef<Act>(() => false);
  const act: Act = (event) => {
    if (foreign) return false;
    const { key, shiftKey } = event;
    const isMenu = key === 'ContextMenu' || (key === 'F10' && shiftKey);
    if (moving.current !== null && (isMenu || key === 'Enter' || key === ' ')) {
      // It is for the row that is being gone to.
      void moving.current.then(() => latest.current(event));
      return true;
    }
    const from = cursorIndex(cache, props, cursor.current);
    const row = cache.row(from);
    if (event.ctrlKey || event.metaKey) {
      if (key.toLowerCase() === 'a' && picks !== undefined) tell(picks.all());
      else if (key.toLowerCase() !== 'c' || picks === undefined || picks.rows.length === 0) return false;
      else void copied(props.label, chosen, picks.rows, 'text').then(say);
      return true;
    }
    if (key === 'Escape') {
      if (picks === undefined || picks.rows.length === 0) return false;
      picks.clear();
      say('No row picked');
      return true;
    }
    if (isMenu) {
      if (row === undefined || props.nameOf === undefined) return false;
      onMenu(row, from, placeOf(scroller.current, from));
      return true;
    }
    if (key === ' ') {
      if (row === undefined || picks === undefined) return false;
      pickRow(row, from);
      return true;
    }
    if (key === 'Enter') {
      if (row === undefined || props.onOpen === undefined) return false;
      props.onOpen(row);
      return true;
    }
    const target = moveBy(geometry, key, from);
    if (target === null) return false;
    cursor.current = target;
    scrollTo(reveal(geometry, shownTop, target));
    const isRun = shiftKey && picks !== undefined;
    const step: Promise<void> = select(target, !isRun).finally(() => {
      if (moving.current === step) moving.current = null;
    });
    moving.current = step;
    if (isRun) tell(picks.extend(target, from));
    return true;
  };
  latest.current = act;
  useMainKeys(props.main === true, latest, picks !== undefined, props.onOpen === undefined ? '' : (props.opens ?? 'Show the selected row in the flame graph'));

  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target instanceof Element ? event.target : null;
    // A heading has keys of its own, and Space presses a button.
    if (target?.closest('thead') != null || (event.key === ' ' && target !== scroller.current)) return;
    if (event.altKey || !act(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const onRow = (row: Row, index: number, event: MouseEvent): void => {
    if (foreign) return;
    const isTouch = 'pointerType' in event && event.pointerType === 'touch';
    const adds = event.ctrlKey || event.metaKey || (isTouch && (picks?.rows.length ?? 0) > 0);
    const from = cursorIndex(cache, props, cursor.current);
    if (picks !== undefined && adds) pickRow(row, index);
    else if (picks !== undefined && event.shiftKey) tell(picks.extend(index, from));
    else picks?.clear();
    cursor.current = index;
    // What is picked is no way through the profile that Back should lead along.
    props.onSelect(row, adds || event.shiftKey ? 'key' : 'click');
  };

  const select = async (target: number, aloud: boolean): Promise<void> => {
    // Rows that cannot be had are reported where they are drawn.
    await cache.load({ first: target, count: 1 })?.catch(() => undefined);
    const row = cache.row(target);
    // A key that repeats overtakes the fetch; only where it stopped counts.
    if (row === undefined || cursor.current !== target) return;
    props.onSelect(row, 'key');
    if (aloud) say(props.announce(row));
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
  const chosen = useChosen(props.id, props.columns);
  const roomy = useRoom(chosen, rows, props.last);
  const fit = props.fit === true;
  const columns = useMemo(
    () => {
      if (narrow) return fitColumns(roomy, size.width);
      // What somebody asked for makes the table wider rather than that others go.
      const wanted = roomy.reduce((sum, column) => sum + (column.wanted === true ? column.width : 0), 0);
      return fit && size.width > 0 ? fitColumns(roomy, size.width + wanted, true) : roomy;
    },
    [roomy, (narrow || fit) && size.width],
  );
  return {
    scroller,
    chosen,
    columns,
    isFixed: columns.every((column) => column.grow !== true),
    picks,
    narrow,
    minWidth: columns.reduce((sum, column) => sum + (narrow ? column.width : (column.roomy ?? column.width)), 0),
    rows,
    height: physicalHeight(geometry) + tail,
    offset: scrollTop - shownTop + range.first * line,
    busy: !drawn,
    foreign,
    said,
    onScroll,
    onKeyDown,
    onRow,
    onMenu,
  };
}

/** The columns with room for all figures seen so far: one that shrank while scrolling would jump about. */
function useRoom<Row>(columns: readonly Column<Row>[], slots: readonly Slot<Row>[], last: Row | undefined): readonly Column<Row>[] {
  const before = useRef({ of: columns, grown: columns });
  const kept = before.current.of === columns ? before.current.grown : columns;
  const rows = [...slots.map((slot) => slot.row), last].filter((row) => row !== undefined);
  const grown = withRoom(kept, rows);
  const isSame = grown.every((column, at) => column.width === kept[at]?.width);
  before.current = { of: columns, grown: isSame ? kept : grown };
  return before.current.grown;
}

/** Acts on a key; false when it is not one of ours. */
type Act = (event: KeyboardEvent) => boolean;

/** Keys of the view's main table, in the key table of the page. */
function useMainKeys(main: boolean, latest: { current: Act }, picks: boolean, opens: string): void {
  useEffect(() => {
    if (!main) return undefined;
    const run = (event: KeyboardEvent): boolean => latest.current(event);
    const group = 'Tables';
    return registerKeys([
      { keys: ['ArrowUp', 'ArrowDown'], shown: '↑ ↓', label: 'Select the row above or below', group, run },
      { keys: ['PageUp', 'PageDown'], shown: 'PgUp PgDn', label: 'A page up or down', group, run },
      { keys: ['Home', 'End'], label: 'First or last row', group, run },
      ...(opens !== '' ? [{ keys: ['Enter'], label: opens, group, run }] : []),
      // The heading itself listens; it stands here for the sheet.
      { keys: [], shown: 'Alt ← →', label: 'On a heading: a narrower or wider column; with Enter as wide as it needs', group, run },
      { keys: ['ContextMenu', 'Shift+F10'], label: '', group, run },
      ...(picks ? pickKeys(run) : []),
    ]);
  }, [main, picks, opens]);
}

function pickKeys(run: (event: KeyboardEvent) => boolean): KeyAction[] {
  const group = 'Several rows';
  return [
    { keys: [' '], label: 'Pick the selected row, or leave it', group, run },
    { keys: [], shown: 'Shift ↑ ↓', label: 'Pick every row on the way', group, run },
    { keys: ['Ctrl+a'], label: 'Pick all rows, at most 1000', group, run },
    { keys: ['Ctrl+c'], label: 'Copy what is picked as text', group, run },
    { keys: ['Escape'], label: 'Pick nothing', group, run },
  ];
}

/** Under a row, for its menu; the row that has the keyboard is on screen. */
function placeOf(scroller: HTMLElement | null, index: number): MenuPlace {
  const row = scroller?.querySelector(`tr[aria-rowindex="${index + 2}"]`);
  const { left, bottom } = (row ?? scroller)?.getBoundingClientRect() ?? { left: 0, bottom: 0 };
  return { clientX: left + MENU_INDENT, clientY: bottom };
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
function useRows<Row>(
  props: TableProps<Row>,
  top: number,
  height: number,
  line: number,
): { cache: RowCache<Row>; fresh: boolean } {
  const [, redraw] = useState(0);
  const shown = useRef<RowCache<Row> | null>(null);
  const next = useRef<RowCache<Row> | null>(null);
  if (next.current?.source.key !== props.source.key) {
    next.current = new RowCache(props.source);
    if (next.current.load({ first: 0, count: 1 }) === undefined) shown.current = next.current;
  }
  const wanted = next.current;
  const cache = (shown.current ??= wanted);
  const first = Math.floor(Math.min(top, cache.source.rows * line) / line);
  const count = Math.ceil(height / line) + 2 * OVERSCAN;
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
  }, [wanted, cache, top, height, line]);
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
      const line = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? rowHeight() : 1;
      latest.current(event.deltaY * line);
    };
    target.addEventListener('wheel', onWheel, { passive: false });
    return () => target.removeEventListener('wheel', onWheel);
  }, [element, scaled]);
}
