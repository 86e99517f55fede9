// Which lanes are on screen, one below the other: headings that fold, groups with their members, pins. Pure.

import type { TimelineLane } from '../../../core';

/** A line of the list. */
export interface Row {
  /** What tells it from others; a pinned lane may stand twice. */
  key: string;
  kind: 'heading' | 'lane' | 'more';
  /** Of headings and of `more`. */
  title: string;
  lane: TimelineLane | null;
  depth: number;
  /** CSS pixels from the top of the first. */
  top: number;
  height: number;
  /** Null where there is nothing to unfold. */
  open: boolean | null;
  pinned: boolean;
}

/** Members of a lane that are known. */
export interface Members {
  lanes: readonly TimelineLane[];
  total: number;
}

/** What the list is made of. */
export interface Listing {
  lanes: readonly TimelineLane[];
  pins: readonly TimelineLane[];
  /** Headings and lanes, by key, that are not as they are at first. */
  turned: ReadonlySet<string>;
  members: ReadonlyMap<number, Members>;
  /** The runtime's own goroutines are shown unasked. */
  system: boolean;
}

/** What a type of tasks without a name is called. */
const UNNAMED = '(no name)';

/** Members that are asked for at a time. */
export const PAGE = 50;

const HEIGHTS: Record<string, number> = {
  heading: 24,
  more: 24,
  collector: 24,
  heap: 48,
  counts: 48,
  procs: 24,
  proc: 24,
  thread: 20,
  group: 28,
  goroutine: 22,
  regions: 22,
  tasks: 28,
  task: 22,
};

interface Section {
  id: string;
  title: string;
  folded: boolean;
  has: (lane: TimelineLane) => boolean;
}

function sectionsFor(system: boolean): Section[] {
  const isGroup = ({ kind }: TimelineLane): boolean => kind === 'group' || kind === 'goroutine';
  return [
    { id: 'whole', title: 'Program', folded: false, has: ({ kind }) => ['collector', 'heap', 'counts', 'procs'].includes(kind) },
    { id: 'procs', title: 'Procs', folded: false, has: ({ kind }) => kind === 'proc' },
    { id: 'own', title: 'Goroutines', folded: false, has: (lane) => isGroup(lane) && !lane.system },
    { id: 'system', title: "The runtime's own", folded: !system, has: (lane) => isGroup(lane) && lane.system },
    { id: 'threads', title: 'Threads', folded: true, has: ({ kind }) => kind === 'thread' },
    { id: 'tasks', title: 'Tasks', folded: false, has: ({ kind }) => ['tasks', 'task', 'regions'].includes(kind) },
  ];
}

/** Whether a lane has parts that can be unfolded. */
export function hasMembers({ kind, members }: TimelineLane): boolean {
  return kind === 'tasks' || kind === 'group' || (kind === 'goroutine' && members > 1);
}

/** The list. */
export function rowsOf(listing: Listing): Row[] {
  const { lanes, pins, turned, members, system } = listing;
  const rows: Row[] = [];
  let top = 0;
  const put = (row: Omit<Row, 'top' | 'height'>): void => {
    const height = HEIGHTS[row.lane?.kind ?? row.kind] ?? 22;
    rows.push({ ...row, top, height });
    top += height;
  };
  const heading = (key: string, title: string, folded: boolean): boolean => {
    const open = folded === turned.has(key);
    put({ key, kind: 'heading', title, lane: null, depth: 0, open, pinned: false });
    return open;
  };
  const lane = (one: TimelineLane, depth: number, start: string): void => {
    const key = `${start}${one.id}`;
    const open = hasMembers(one) ? turned.has(key) : null;
    put({ key, kind: 'lane', title: one.name === '' ? UNNAMED : one.name, lane: one, depth, open, pinned: start !== '' });
    if (open !== true) return;
    const known = members.get(one.id);
    for (const member of known?.lanes ?? []) lane(member, depth + 1, start);
    const left = (known?.total ?? one.members) - (known?.lanes.length ?? 0);
    if (known === undefined) put({ key: `${key}…`, kind: 'more', title: 'Looking …', lane: one, depth: depth + 1, open: null, pinned: false });
    else if (left > 0) {
      put({ key: `${key}…`, kind: 'more', title: `${Math.min(PAGE, left)} more of ${left}`, lane: one, depth: depth + 1, open: null, pinned: false });
    }
  };
  if (pins.length > 0 && heading('#pins', 'Pinned', false)) for (const pin of pins) lane(pin, 0, 'pin ');
  for (const { id, title, folded, has } of sectionsFor(system)) {
    const own = lanes.filter(has);
    if (own.length > 0 && heading(`#${id}`, `${title}${own.length > 1 && id !== 'whole' ? ` (${own.length})` : ''}`, folded)) for (const one of own) lane(one, 0, '');
  }
  return rows;
}

/** Height of all rows. */
export function heightOf(rows: readonly Row[]): number {
  const last = rows.at(-1);
  return last === undefined ? 0 : last.top + last.height;
}

/** Index of the row at a height; -1 for none. */
export function rowAt(rows: readonly Row[], y: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as Row).top <= y) low = middle + 1;
    else high = middle;
  }
  const row = rows[low - 1];
  return row !== undefined && y < row.top + row.height ? low - 1 : -1;
}

/** The next lane above or below a row; the row itself where there is none. */
export function nextLane(rows: readonly Row[], from: number, by: 1 | -1): number {
  for (let at = from + by; at >= 0 && at < rows.length; at += by) if (rows[at]?.kind === 'lane') return at;
  return from;
}

/** Number of the goroutine that a lane is of; -1 for other lanes. */
export function goroutineOf({ kind, name }: TimelineLane): number {
  const number = /\d+/.exec(name)?.[0];
  return kind === 'goroutine' && number !== undefined ? Number(number) : -1;
}

/** Kinds of lanes as their ids have them, in the upper half. */
const GROUP = 6;

/** Number of the group that a lane is of; -1 for other lanes. */
export function groupOf(lane: number): number {
  const kind = Math.floor(lane / 2 ** 32);
  return kind === GROUP ? lane - kind * 2 ** 32 : -1;
}
