// One answer of the core, prepared for drawing: colours, rows, labels.

import type { FrameName } from '../core';
import { boxAt, rowStarts, transform } from '../lib/viewport';
import type { Span, Transform } from '../lib/viewport';
import { BoxFlag, NO_NODE } from '../protocol';
import type { FlameColumns } from '../protocol';
import type { Look } from './look';
import { Special } from './palette';

/** What was asked for. */
export interface Frame {
  /** Horizontal part of the tree. */
  readonly span: Span;
  /** First row. */
  readonly firstRow: number;
  /** Number of rows. */
  readonly rowCount: number;
  /** Width in device pixels. */
  readonly width: number;
  /** Search expression that the match flags belong to. */
  readonly search: string;
}

/** The boxes of one window with everything that does not change while it is on screen. */
export interface Picture {
  readonly frame: Frame;
  readonly columns: FlameColumns;
  /** Names by node; shared between pictures. */
  readonly names: ReadonlyMap<number, FrameName>;
  /** How its boxes are coloured. */
  readonly look: Look;
  /** What stands before the name, by box; a sign where there is none and the value is negative. */
  readonly prefixes: ReadonlyMap<number, string>;
  /** Palette place of every box. */
  readonly place: Uint8Array;
  /** Indices of all boxes, grouped by palette place. */
  readonly order: Uint32Array;
  /** Where the group of each palette place begins in `order`; one more at the end. */
  readonly groups: Uint32Array;
  /** Where each row begins; see `rowStarts`. */
  readonly starts: Uint32Array;
}

/** Nodes of the boxes of which nothing is known yet, each once. */
export function missingNames(columns: FlameColumns, names: ReadonlyMap<number, unknown>): Uint32Array {
  const missing = new Set<number>();
  for (const node of columns.node) {
    if (node !== NO_NODE && !names.has(node)) missing.add(node);
  }
  return Uint32Array.from(missing);
}

type Known = Pick<Picture, 'frame' | 'names' | 'look'> & { groups: ReadonlyMap<number, number> };

function placeOfBox(columns: FlameColumns, i: number, picture: Known): number {
  const flags = columns.flags[i] as number;
  const matched = (flags & BoxFlag.match) !== 0;
  if ((flags & BoxFlag.merged) !== 0) return matched ? Special.mergedMatch : Special.merged;
  if (picture.frame.search !== '') return matched ? Special.match : Special.dimmed;
  const node = columns.node[i] as number;
  const name = picture.names.get(node);
  if (name === undefined) return Special.root;
  return picture.look.place(columns, i, name, picture.groups.get(node) ?? OTHERS);
}

/** The place of a node that is in no group with a place of its own. */
export const OTHERS = 255;

const NONE: ReadonlyMap<number, never> = new Map<number, never>();

/** Prepares an answer. All names of its nodes must be known. */
export function prepare(
  columns: FlameColumns,
  frame: Frame,
  names: ReadonlyMap<number, FrameName>,
  look: Look,
  groupOf: ReadonlyMap<number, number> = NONE,
  prefixes: Picture['prefixes'] = NONE,
): Picture {
  const count = columns.row.length;
  const size = look.palette(false).fills.length;
  const place = new Uint8Array(count);
  const groups = new Uint32Array(size + 1);
  for (let i = 0; i < count; i++) {
    const at = placeOfBox(columns, i, { frame, names, look, groups: groupOf });
    place[i] = at;
    groups[at + 1] = (groups[at + 1] as number) + 1;
  }
  for (let at = 0; at < size; at++) groups[at + 1] = (groups[at + 1] as number) + (groups[at] as number);
  const next = groups.slice();
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const at = place[i] as number;
    order[next[at] as number] = i;
    next[at] = (next[at] as number) + 1;
  }
  return { frame, columns, names, look, prefixes, place, order, groups, starts: rowStarts(columns.row, frame.firstRow, frame.rowCount) };
}

/** How the picture's pixels lie on a canvas that shows `span`. */
export function placeOn(picture: Picture, span: Span): Transform {
  return transform(picture.frame.span, span, picture.frame.width);
}

/** Index of the box at a row and a pixel of a canvas that shows `span`; -1 for none. */
export function hit(picture: Picture, span: Span, row: number, px: number): number {
  const at = row - picture.frame.firstRow;
  if (at < 0 || at >= picture.frame.rowCount) return -1;
  const { scale, shift } = placeOn(picture, span);
  const { x, w } = picture.columns;
  return boxAt(x, w, picture.starts[at] as number, picture.starts[at + 1] as number, (px - shift) / scale);
}

/** The id of a box as the core writes it. */
export function boxId(columns: FlameColumns, i: number): string {
  const row = columns.row[i] as number;
  return row === 0 ? '0' : `${columns.stack[i]}+${row}`;
}
