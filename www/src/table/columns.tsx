/** Columns that several views show the same way. */
import type { EdgeRow, TopRow } from '../core';
import { Frame } from './frame';
import { RowButton } from './cell';
import type { Column } from './column';
import { TERMS } from './terms';
import { Value } from './value';

/** What a column of figures shows, and by which its width is reckoned. */
export function figures<Row>(figure: (row: Row) => string): Pick<Column<Row>, 'numeric' | 'figure' | 'cell'> {
  return { numeric: true, figure, cell: (row) => <Value text={figure(row)} /> };
}

/** Name of a row of Top. `tab` makes it a tab stop, for tables of a few rows. */
export function topName(tab: boolean): Column<TopRow> {
  return {
    key: 'name',
    label: 'Name',
    help: TERMS.name,
    width: 140,
    grow: true,
    // As pprof's text has it.
    text: (row) => row.name.full + (row.inline === '' ? '' : ` (${row.inline})`),
    cell: (row) => (
      <RowButton tab={tab}>
        <Frame name={row.name} inline={row.inline} source />
      </RowButton>
    ),
  };
}

/** flat with a bar. */
export const FLAT: Column<TopRow> = {
  key: 'flat',
  label: 'flat',
  help: TERMS.flat,
  width: 104,
  ...figures((row) => row.flat),
  share: (row) => row.flatShare,
};

/** flat%. */
export const FLAT_PCT: Column<TopRow> = {
  key: 'flatPct',
  label: 'flat%',
  help: TERMS.flatPct,
  width: 76,
  optional: 1,
  ...figures((row) => row.flatPct),
};

/** sum%. */
export const SUM_PCT: Column<TopRow> = {
  key: 'sumPct',
  label: 'sum%',
  help: TERMS.sumPct,
  width: 76,
  optional: 2,
  ...figures((row) => row.sumPct),
};

/** cum with a bar. */
export const CUM: Column<TopRow> = {
  key: 'cum',
  label: 'cum',
  help: TERMS.cum,
  width: 104,
  ...figures((row) => row.cum),
  share: (row) => row.cumShare,
};

/** cum%. */
export const CUM_PCT: Column<TopRow> = {
  key: 'cumPct',
  label: 'cum%',
  help: TERMS.cumPct,
  width: 76,
  optional: 1,
  ...figures((row) => row.cumPct),
};

/** Columns of a list of functions with a weight: callers, callees, the heaviest of a part. */
export function edgeColumns(help: string, pctHelp: string, tab: boolean): Column<EdgeRow>[] {
  return [
    {
      key: 'value',
      label: 'value',
      help,
      width: 104,
      ...figures((row: EdgeRow) => row.value),
      share: (row) => row.share,
    },
    { key: 'pct', label: '%', help: pctHelp, width: 76, ...figures((row: EdgeRow) => row.pct) },
    {
      key: 'name',
      label: 'Name',
      help: TERMS.name,
      width: 140,
      grow: true,
      text: (row) => row.name.full,
      cell: (row) => (
        <RowButton tab={tab}>
          <Frame name={row.name} inline={row.inline ? 'inline' : ''} source />
        </RowButton>
      ),
    },
  ];
}
