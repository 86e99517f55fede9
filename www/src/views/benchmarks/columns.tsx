/** The columns of a table of benchmarks: values, changes, and pictures of both. */
import type { ComponentChildren } from 'preact';
import type { BenchCellInfo, BenchChange, BenchRowInfo, BenchTableInfo } from '../../core';
import { countText } from '../../lib/bytes';
import { RowButton } from '../../table/cell';
import type { Column } from '../../table/column';
import { changeText, ChangeCell, ValueCell, valueText } from './cells';
import { Mark } from './note';
import { Changes, MOST_LANES, Samples, Trend } from './picture';

/** Width in CSS pixels of a letter in a heading, rounded up. */
const LETTER = 6.6;
/** Letters of a label that a heading shows. */
const MOST_LETTERS = 22;

const NOTHING: BenchCellInfo = { value: '', range: '', n: 0, notes: [], center: -1, low: -1, high: -1, points: [] };

/** Place of the row of means: it is none of the table's. */
const MEANS = -1;

function cellOf(row: BenchRowInfo, at: number): BenchCellInfo {
  return row.cells[at] ?? NOTHING;
}

/** A label with its middle left out where it is long: names of files differ at their ends. */
export function shortened(label: string, most = MOST_LETTERS): string {
  const letters = [...label];
  if (letters.length <= most) return label;
  const head = Math.floor((most - 1) / 3);
  return `${letters.slice(0, head).join('')}…${letters.slice(letters.length - (most - 1 - head)).join('')}`;
}

/** The geometric means as a row; undefined where there is nothing to be averaged. */
export function meansOf(table: BenchTableInfo): BenchRowInfo | undefined {
  if (table.allRows < 2) return undefined;
  const cells = table.columns.map((column): BenchCellInfo => ({
    ...NOTHING,
    value: column.mean,
    ...(column.meanChange === ''
      ? {}
      : { change: { text: column.meanChange, evidence: '', verdict: '', words: '', ratio: '', at: -1, low: -1, high: -1, differs: '', notes: [] } }),
  }));
  const label = table.rows === table.allRows ? 'geomean' : `geomean of all ${countText(table.allRows)}`;
  return { at: MEANS, label, cells, ends: [] };
}

/** What a column is called; without any key that tells columns apart there is one, and it has no name. */
function labelOf(table: BenchTableInfo, at: number): string {
  const label = table.columns[at]?.label ?? '';
  if (label !== '') return label;
  return table.columns.length > 1 ? '(none)' : 'value';
}

function nameColumn(table: BenchTableInfo): Column<BenchRowInfo> {
  return {
    key: 'name',
    label: 'Benchmark',
    help: 'The benchmark, or whatever makes the rows. Select one to see every sample.',
    width: 104,
    roomy: table.columns.length > 2 ? 160 : 180,
    grow: true,
    text: (row) => row.label,
    cell: (row) =>
      row.at === MEANS ? (
        <span class="bench-means">
          {row.label}
          <Mark notes={table.meanNotes} tab />
        </span>
      ) : (
        <RowButton tab={false}>
          <span class="bench-name" title={row.label}>
            <bdi>{row.label === '' ? '(no name)' : row.label}</bdi>
          </span>
        </RowButton>
      ),
  };
}

function valueColumn(table: BenchTableInfo, at: number): Column<BenchRowInfo> {
  const label = labelOf(table, at);
  const shown = shortened(label);
  const isBase = at === 0 && table.columns.length > 1;
  return {
    key: `value${at}`,
    label: shown,
    help: `${label}${isBase ? ', what the others are compared with' : ''}: the median of the samples, and how far its interval reaches.`,
    numeric: true,
    width: Math.max(104, Math.ceil(20 + LETTER * shown.length)),
    ...(isBase && table.columns.length === 2 ? { optional: 1 } : {}),
    figure: (row) => valueText(cellOf(row, at)),
    cell: (row) => (row.at === MEANS && cellOf(row, at).value === '' ? null : <ValueCell cell={cellOf(row, at)} />),
  };
}

function changeColumns(table: BenchTableInfo, at: number): Column<BenchRowInfo>[] {
  const label = labelOf(table, at);
  const base = labelOf(table, 0);
  return [
    {
      key: `change${at}`,
      label: `vs ${shortened(base, 12)}`,
      help: `How ${label} differs from ${base}: the change as benchstat prints it, and what it means. ~ is a difference that chance may have made.`,
      width: 132,
      figure: (row) => roomOf(cellOf(row, at).change),
      text: (row) => changeText(cellOf(row, at).change),
      cell: (row) => <ChangeCell cell={cellOf(row, at)} />,
    },
    {
      key: `evidence${at}`,
      label: 'p, n',
      help: 'The probability that chance alone makes such a difference (Mann-Whitney U test), and the number of samples on both sides.',
      width: 104,
      optional: 2,
      figure: (row) => cellOf(row, at).change?.evidence ?? '',
      cell: (row) => <span class="dim">{cellOf(row, at).change?.evidence}</span>,
    },
  ];
}

/** A text as wide as a change with its word: figures end in one line, and what is told is bold. */
function roomOf(change: BenchChange | undefined): string {
  if (change === undefined || change.words === '') return '';
  return ' '.repeat(Math.max(change.text.length, 7) + change.words.length + (IS_TOLD.test(change.verdict) ? 3 : 1));
}

const IS_TOLD = /^(better|worse|changed)$/;

function pictureColumns(table: BenchTableInfo): Column<BenchRowInfo>[] {
  const { length } = table.columns;
  const ofRows = (draw: (row: BenchRowInfo) => ComponentChildren) => (row: BenchRowInfo) => (row.at === MEANS ? null : draw(row));
  const columns: Column<BenchRowInfo>[] = [];
  if (length <= MOST_LANES) {
    columns.push({
      key: 'samples', label: 'samples', width: 132, optional: 6,
      help: 'Every sample on an axis of the row itself, a lane for each column from the top: dots, the median as a tick, its interval as a bar.',
      cell: ofRows((row) => <Samples row={row} />),
    });
  }
  if (table.scale !== '' && length > 1 && length <= MOST_LANES + 1) {
    columns.push({
      key: 'changes', label: table.scale, width: 108, optional: 5,
      help: `Changes with their intervals on one axis for the table, ${table.scale}: the line in the middle is no change, to the left is less.`,
      cell: ofRows((row) => <Changes row={row} />),
    });
  }
  return columns;
}

/** Of many columns, what becomes of a row stands before what makes it wide. */
function trendColumns(table: BenchTableInfo): Column<BenchRowInfo>[] {
  if (table.columns.length < 3) return [];
  return [{
    key: 'trend', label: 'trend', width: 88,
    help: 'The medians over the columns; the dotted line is the first of them.',
    cell: (row) => (row.at === MEANS ? null : <Trend row={row} />),
  }];
}

/** The columns. */
export function columnsOf(table: BenchTableInfo): Column<BenchRowInfo>[] {
  const later = table.columns.slice(1).map((_, i) => i + 1);
  return [
    nameColumn(table),
    ...trendColumns(table),
    ...(table.columns.length === 0 ? [] : [valueColumn(table, 0)]),
    ...later.flatMap((at) => [valueColumn(table, at), ...changeColumns(table, at)]),
    ...pictureColumns(table),
  ];
}
