/** Columns that several views show the same way. */
import type { EdgeRow, TopRow } from '../core';
import { Frame } from './frame';
import { RowButton } from './table';
import type { Column } from './column';
import { TERMS } from './terms';
import { Value } from './value';

/** Name of a row of Top. `tab` makes it a tab stop, for tables of a few rows. */
export function topName(tab: boolean): Column<TopRow> {
  return {
    key: 'name',
    label: 'Name',
    help: TERMS.name,
    width: 160,
    grow: true,
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
  numeric: true,
  width: 92,
  cell: (row) => <Value text={row.flat} />,
  share: (row) => row.flatShare,
};

/** flat%. */
export const FLAT_PCT: Column<TopRow> = {
  key: 'flatPct',
  label: 'flat%',
  help: TERMS.flatPct,
  numeric: true,
  width: 76,
  optional: 1,
  cell: (row) => <Value text={row.flatPct} />,
};

/** sum%. */
export const SUM_PCT: Column<TopRow> = {
  key: 'sumPct',
  label: 'sum%',
  help: TERMS.sumPct,
  numeric: true,
  width: 76,
  optional: 2,
  cell: (row) => <Value text={row.sumPct} />,
};

/** cum with a bar. */
export const CUM: Column<TopRow> = {
  key: 'cum',
  label: 'cum',
  help: TERMS.cum,
  numeric: true,
  width: 92,
  cell: (row) => <Value text={row.cum} />,
  share: (row) => row.cumShare,
};

/** cum%. */
export const CUM_PCT: Column<TopRow> = {
  key: 'cumPct',
  label: 'cum%',
  help: TERMS.cumPct,
  numeric: true,
  width: 76,
  optional: 1,
  cell: (row) => <Value text={row.cumPct} />,
};

/** Columns of a list of functions with a weight: callers, callees, the heaviest of a part. */
export function edgeColumns(help: string, pctHelp: string, tab: boolean): Column<EdgeRow>[] {
  return [
    {
      key: 'value',
      label: 'value',
      help,
      numeric: true,
      width: 92,
      cell: (row) => <Value text={row.value} />,
      share: (row) => row.share,
    },
    { key: 'pct', label: '%', help: pctHelp, numeric: true, width: 76, cell: (row) => <Value text={row.pct} /> },
    {
      key: 'name',
      label: 'Name',
      help: TERMS.name,
      width: 140,
      grow: true,
      cell: (row) => (
        <RowButton tab={tab}>
          <Frame name={row.name} inline={row.inline ? 'inline' : ''} source />
        </RowButton>
      ),
    },
  ];
}
