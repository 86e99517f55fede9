// What differs between flame graphs: of one profile, where colours tell packages, and of two, where
// they tell what became more or less.

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ColourBy, FrameName, Query } from '../core';
import { BoxFlag } from '../protocol';
import type { FlameColumns } from '../protocol';
import { paletteFor, placeOf, Special } from './palette';
import type { Palette } from './palette';

/** How boxes are coloured and labelled. */
export interface Look {
  palette: (dark: boolean) => Palette;
  /** What functions are put together by; the core is asked for the group of each. */
  by?: ColourBy;
  /** Whether even packages have no hue of their own. */
  safe?: boolean;
  /** Place in the palette of a box of one function, while nothing is searched; `group` is 255 without a group. */
  place: (columns: FlameColumns, i: number, name: FrameName, group: number) => number;
  /** What stands before the names of boxes; nothing without it, but a minus sign where a value is negative. */
  prefixes?: (query: Query, columns: FlameColumns) => Promise<ReadonlyMap<number, string>>;
  /** What the colours mean; packages without it. */
  legend?: () => JSX.Element;
}

/** Whether a box's value is to be marked negative. That of the root is not: it is the scale of the others. */
export function isNegative(columns: FlameColumns, i: number): boolean {
  return ((columns.flags[i] as number) & BoxFlag.negative) !== 0 && columns.row[i] !== 0;
}

/** Of one profile. */
export const PACKAGES: Look = {
  palette: paletteFor,
  place: (columns, i, name) => (isNegative(columns, i) ? Special.negative : placeOf(name)),
};

/** How the flame graph of one profile is coloured: by packages, until the line of colours is there. */
export const look = signal<Look>(PACKAGES);
