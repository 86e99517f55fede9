/** One table: its heading, its rows, its means. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { core } from '../../core';
import type { BenchInfo, BenchRowInfo, BenchTableInfo } from '../../core';
import { countText } from '../../lib/bytes';
import { setReady } from '../../state';
import { HEAD_HEIGHT, rowHeight } from '../../table/column';
import type { RowSource } from '../../table/rows';
import { Table } from '../../table/table';
import { changeText, valueText } from './cells';
import { columnsOf, meansOf } from './columns';
import { bench, choose, keyLines, rowText, wantedRow } from './question';
import type { Asked } from './question';

/** Rows of a table that are seen without scrolling inside it. */
export const SEEN = 15;

/** An answer together with its question. */
export interface Found {
  asked: Asked;
  info: BenchInfo;
}

interface Props {
  found: Found;
  /** Place of the table. */
  at: number;
  /** Keys that every table has alike: they are said once. */
  common: readonly string[];
  /** It has the height of its place. */
  fills: boolean;
  /** The keys of the page reach it wherever the focus is. */
  main: boolean;
}

/** How a table is called. */
export function titleOf(table: BenchTableInfo, common: readonly string[]): string {
  const keys = keyLines(table).filter((line) => !common.includes(line));
  return [table.unit, ...keys].join(', ');
}

/** What is better of a unit. */
function betterText({ better, exact }: BenchTableInfo): string {
  const words = better === '' ? '' : `${better} is better`;
  return [words, exact ? 'exact' : ''].filter((part) => part !== '').join(', ');
}

/** What a screen reader says of a row. */
function spoken(row: BenchRowInfo): string {
  const cells = row.cells.map((cell) => [valueText(cell), changeText(cell.change)].filter((part) => part !== '').join(', '));
  return [row.label, ...cells.filter((part) => part !== '')].join('; ');
}

function sourceOf({ asked }: Found, at: number, count: number): RowSource<BenchRowInfo> {
  const { table, row, ignore, filter, told, sort, search } = asked.query;
  return {
    key: `${asked.text} ${at}`,
    // Another file or another margin: the rows are the same, or nearly.
    scroll: JSON.stringify([at, table, row, ignore, filter, told, sort, search]),
    rows: count,
    fetch: async (start, many) => (await core.benchRows(asked.query, at, start, many)).rows,
  };
}

/** The table with its heading. */
export function TableSection(props: Props): JSX.Element | null {
  const { found, at, common, fills } = props;
  const table = found.info.tables[at];
  const columns = useMemo(() => (table === undefined ? [] : columnsOf(table)), [found.info, at]);
  const last = useMemo(() => (table === undefined ? undefined : meansOf(table)), [found.info, at]);
  const all = found.info.tables;
  const selected = wantedRow(bench.value.sel, all);
  if (table === undefined) return null;
  const title = titleOf(table, common);
  const select = (row: BenchRowInfo, by: 'click' | 'key'): void => {
    choose(found.asked, rowText(row.label, table, all), row.at, by === 'click');
  };
  const shown = Math.min(SEEN, table.rows) + (last === undefined ? 0 : 1);
  const height = HEAD_HEIGHT + rowHeight() * shown;
  return (
    <section class={fills ? 'bench-table fills' : 'bench-table'} aria-label={title}>
      <header class="bench-table-head">
        <h2>{table.unit}</h2>
        <span class="dim">{betterText(table)}</span>
        <span class="bench-keys dim">{title.slice(table.unit.length + 2)}</span>
        <span class="bench-count dim">
          {table.rows === table.allRows ? '' : `${countText(table.rows)} of `}
          {countText(table.allRows)} {table.allRows === 1 ? 'row' : 'rows'}
        </span>
      </header>
      <div class={table.rows <= SEEN ? 'bench-rows whole' : 'bench-rows'} style={fills ? undefined : { height: `${height}px` }}>
        <Table
          label={title}
          columns={columns}
          source={sourceOf(found, at, table.rows)}
          {...(last === undefined ? {} : { last })}
          fit
          main={props.main}
          isSelected={(row) => selected?.table === at && row.label === selected.label}
          onSelect={select}
          announce={spoken}
          onDrawn={() => setReady('benchmarks')}
        />
      </div>
    </section>
  );
}
