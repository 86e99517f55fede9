/** What a table is told: its columns, its order, its rows, and what to do on a click or a key. */
import type { ComponentChildren } from 'preact';
import type { FrameName } from '../core';
import { setting } from '../settings';
import type { RowSource } from './rows';

/** Heights of a row in CSS pixels; the least is also that of a target for a finger or a shaky hand. */
const ROW_HEIGHTS = { compact: 24, comfortable: 32 };

/** Height of a row in CSS pixels, as the settings say; the style has the same. */
export function rowHeight(): number {
  return ROW_HEIGHTS[setting('density').value];
}

/** Height of the header row in CSS pixels. */
export const HEAD_HEIGHT = 28;

/** A column. */
export interface Column<Row> {
  /** Unique in the table; the sort key of the core where {@link sortable}. */
  key: string;
  label: string;
  /** One sentence shown on hover and focus of the heading. */
  help: string;
  /** Right-aligned tabular figures. */
  numeric?: boolean;
  sortable?: boolean;
  /** Width in CSS pixels; of the {@link grow} column the least width. */
  width: number;
  /** The one column that takes what is left. */
  grow?: boolean;
  /** Its least width in CSS pixels where the table is wide enough to rather scroll sideways. */
  roomy?: number;
  /** Columns with the highest number are left out first when there is no room; 0 or none stays always. */
  optional?: number;
  /** Left out until somebody asks for it. */
  hidden?: boolean;
  /** Somebody asked for it. */
  wanted?: boolean;
  cell(row: Row): ComponentChildren;
  /** The figure in the cell, as text: the column is never narrower than what it holds. */
  figure?(row: Row): string;
  /** The cell as text, to be copied; without it the figure. */
  text?(row: Row): string;
  /** Length of the bar behind the number, 0..1. */
  share?(row: Row): number;
}

/** Width in CSS pixels of a digit in a table, rounded up, and of the padding of a cell. */
const DIGIT = 7.2;
const PADDING = 20;

/** Width in CSS pixels in which every one of these figures is whole, and at least `least`. */
export function figureWidth(figures: readonly string[], least: number): number {
  return figures.reduce((width, text) => Math.max(width, Math.ceil(PADDING + DIGIT * text.length)), least);
}

/** The columns, each as wide as its figures in these rows need. */
export function withRoom<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Column<Row>[] {
  return columns.map((column) => {
    const { figure } = column;
    return figure === undefined ? column : { ...column, width: figureWidth(rows.map(figure), column.width) };
  });
}

/** The order a table is in. */
export interface Sort {
  column: string;
  ascending: boolean;
}

/** What a table needs to know. */
export interface TableProps<Row> {
  /** Name for people who cannot see it. */
  label: string;
  columns: readonly Column<Row>[];
  source: RowSource<Row>;
  /** Under which its columns and widths are remembered; without it nothing of it is changed by hand. */
  id?: string;
  /** A line under the table for its columns, and for what is picked. */
  foot?: boolean;
  /** The table of the view: arrows and the like reach it wherever the focus is. */
  main?: boolean;
  sort?: Sort;
  /** Optional columns go rather than that the table scrolls sideways. */
  fit?: boolean;
  /** A row about all of them: it stands under the others, in sight however far these are scrolled, and is never selected. */
  last?: Row;
  /** A row to bring into sight, once for every new object. */
  show?: { row: number } | undefined;
  onSort?: (column: string) => void;
  isSelected: (row: Row) => boolean;
  onSelect: (row: Row, by: 'click' | 'key') => void;
  /** Enter or double click. */
  onOpen?: (row: Row) => void;
  /** What Enter does, for the sheet of keys; without it rows are shown in the flame graph. */
  opens?: string;
  /** Whom a row is about, if anyone: for its menu, and for filters of several rows. */
  nameOf?: (row: Row) => FrameName | undefined;
  /** Tells rows apart in whatever order, so that several can be picked. */
  keyOf?: (row: Row) => string;
  /** What is said when a key moves the selection to this row. */
  announce: (row: Row) => string;
  /** The rows on screen are drawn. */
  onDrawn?: () => void;
}
