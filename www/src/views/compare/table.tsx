/** The rows of a comparison: both values, their difference, and how sure it is. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { core, keyed } from '../../core';
import type { CompareInfo, CompareRow, FrameName, Query, TableOrder } from '../../core';
import { countText } from '../../lib/bytes';
import { search, select, state, update } from '../../state';
import { WhatIs } from '../../shell/whatis';
import { useAsked, useSelected } from '../../table/asked';
import { figures } from '../../table/columns';
import type { Column, Sort } from '../../table/column';
import { granularityWord } from '../../table/controls';
import { filtered, Refusal } from '../../table/filter';
import { Frame } from '../../table/frame';
import type { RowSource } from '../../table/rows';
import { pick, showCallers } from '../../table/show';
import { formatSort, nextSort, orderOf } from '../../table/sort';
import { RowButton } from '../../table/cell';
import { Table } from '../../table/table';
import { TERMS } from '../../table/terms';
import { Value } from '../../table/value';

/** A comparison together with where its rows come from: they must not be mixed. */
export interface Found {
  asked: Query;
  info: CompareInfo;
  /** Why the search cannot be used; empty when it can. */
  refused: string;
  order: TableOrder;
  source: RowSource<CompareRow>;
}

/** Asks for it. The core says which order it took. */
export async function load(asked: Query, sort: string, expression: string): Promise<Found> {
  const wanted = orderOf(sort, expression);
  const { info, refused } = await filtered(asked, wanted, (one) => keyed('view').compare(asked, one));
  const order = info.order ?? wanted;
  return {
    asked,
    info,
    refused,
    order,
    source: {
      key: JSON.stringify([asked, order]),
      about: asked,
      rows: info.rows,
      fetch: (start, count) => core.compareRows(asked, order, start, count),
    },
  };
}

/** Which values the rows have. */
type Measure = 'flat' | 'cum';

function measureOf(order: TableOrder): Measure {
  return order.column.startsWith('cum.') ? 'cum' : 'flat';
}

/** Only rows of all together have no name, and they are not in the table. */
const NAMELESS: FrameName = { node: -1, full: '', dim: '', strong: '', file: '', line: 0, class: 'unknown', package: '', hue: 0 };

/** The name of a row. */
function nameOf(row: CompareRow): FrameName {
  return row.name ?? NAMELESS;
}

/** A difference: more and less have a colour and a sign. */
function Delta(props: { text: string; share: number }): JSX.Element {
  const kind = props.share > 0 ? 'more' : props.share < 0 ? 'less' : '';
  return <span class={`compare-delta ${kind}`}><Value text={props.text} /></span>;
}

function Sure(props: { row: CompareRow }): JSX.Element {
  const { significance, why } = props.row;
  return (
    <span class={`sure sure-${significance.split(' ')[0] ?? ''}`} title={why}>
      {significance}
    </span>
  );
}

function columnsFor(info: CompareInfo, measure: Measure): Column<CompareRow>[] {
  const per = info.per === '' || info.per === 'share' ? '' : ` ${info.per}`;
  const key = (column: string): string => `${measure}.${column}`;
  const columns: Column<CompareRow>[] = [
    { key: key('base'), label: 'base', help: `Value in the baseline${per}.`, width: 88, sortable: true, ...figures((row) => row.base) },
    { key: key('new'), label: 'new', help: `Value in this file${per}.`, width: 88, sortable: true, ...figures((row) => row.new) },
    {
      key: key('delta'), label: 'delta', help: `New less base${per}. Sorted by its size, whichever sign it has.`, width: 100, sortable: true, numeric: true,
      figure: (row) => row.delta,
      share: (row) => Math.abs(row.share),
      cell: (row) => <Delta text={row.delta} share={row.share} />,
    },
    {
      key: key('change'), label: 'delta%', help: 'Delta in percent of base. Sorted from the largest growth to the largest drop.', width: 76, sortable: true,
      numeric: true, figure: (row) => row.change, cell: (row) => <Delta text={row.change} share={row.share} />,
    },
  ];
  if (info.verdicts) {
    columns.push({
      key: key('significance'), label: 'significance', width: 148, sortable: true, text: (row) => row.significance,
      help: 'Measured: more than chance among so many rows, and 1% of the whole or more. Indicated: hardly chance by itself. Select a row for its interval and p.',
      cell: (row) => <Sure row={row} />,
    });
  }
  const optional = (label: string, help: string, figure: (row: CompareRow) => string, at: number, width = 84): void => {
    columns.push({ key: label, label, help, width, optional: at, ...figures(figure) });
  };
  optional('base%', 'Share of the baseline.', (row) => row.basePct, 2);
  optional('new%', 'Share of this file.', (row) => row.newPct, 2);
  if (info.beside !== '') {
    optional('± σ', 'Standard error of delta: values are scaled up from what was sampled.', (row) => row.error, 1, 92);
    optional('sampled', 'Objects that the profiler really saw, in the baseline and here.', (row) => row.seen, 3, 104);
    optional(`Δ ${info.beside.replace(/_.*/, '')} ${info.beside.replace(/.*_/, '')}`, `Difference in ${info.beside}.`, (row) => row.beside, 4, 124);
  }
  columns.push({
    key: key('name'), label: 'Name', help: TERMS.name, width: 180, grow: true, sortable: true, text: (row) => nameOf(row).full,
    cell: (row) => (
      <RowButton tab={false}>
        <Frame name={nameOf(row)} source />
      </RowButton>
    ),
  });
  return columns;
}

/** The core's keys have the measure before them, and names start with A. */
function clicked(now: Sort, column: string): Sort {
  const next = nextSort(now, column);
  return now.column !== column && column.endsWith('.name') ? { ...next, ascending: true } : next;
}

function Measures(props: { found: Found; sort: Sort }): JSX.Element {
  const { sort } = props;
  const measure = measureOf(props.found.order);
  const to = (wanted: Measure): void =>
    update({ compareSort: formatSort({ ...sort, column: sort.column.replace(/^\w+/, wanted) }) }, { push: true });
  return (
    <span class="segmented" role="group" aria-label="Values">
      <button type="button" title={TERMS.flat} aria-pressed={measure === 'flat'} onClick={() => to('flat')}>
        flat
      </button>
      <button type="button" title={TERMS.cum} aria-pressed={measure === 'cum'} onClick={() => to('cum')}>
        cum
      </button>
    </span>
  );
}

/** Where the selected function stands when it was not selected here, and its row. */
function usePlace(found: Found, node: number | null, put: (row: CompareRow) => void): { row: number } | undefined {
  const [place, setPlace] = useState<{ row: number } | undefined>(undefined);
  useEffect(() => {
    let isOld = false;
    const look = async (wanted: number): Promise<void> => {
      const { asked, order } = found;
      const at = await keyed('compare.place').comparePlace(asked, order, wanted);
      if (isOld || at < 0) return;
      setPlace({ row: at });
      const [row] = await keyed('compare.row').compareRows(asked, order, at, 1);
      if (!isOld && row !== undefined) put(row);
    };
    // A refusal means that one of the files was closed meanwhile.
    if (node !== null) look(node).catch(() => {});
    return () => {
      isOld = true;
    };
  }, [found.source.key, node]);
  return place;
}

/** The table with the line over it, and what is known of the selected row under it. */
export function Rows(props: { found: Found; ready: () => void }): JSX.Element {
  const { found } = props;
  const { info, order, source } = found;
  const sort: Sort = { column: order.column, ascending: order.ascending };
  const measure = measureOf(order);
  const columns = useMemo(() => columnsFor(info, measure), [info, measure]);
  const asked = useAsked();
  const node = useSelected();
  const [chosen, setChosen] = useState<CompareRow | null>(null);
  const place = usePlace(found, chosen?.name?.node === node ? null : node, setChosen);
  const empty = info.rows === 0;
  useEffect(() => {
    if (empty) props.ready();
  }, [empty, source.key]);
  const shown = chosen?.name?.node === node ? chosen : null;
  return (
    <section class="compare-rows" aria-label="Differences">
      <div class="pane-bar">
        <Measures found={found} sort={sort} />
        <WhatIs term="measured" words="measured, and what indicated" />
        <Refusal refused={found.refused} />
        <span class="pane-count">
          {info.rows === info.allRows ? countText(info.allRows) : `${countText(info.rows)} of ${countText(info.allRows)}`}{' '}
          {granularityWord(state.value.granularity, info.allRows)}
        </span>
      </div>
      {empty ? (
        <p class="empty">{search.value === '' ? 'Neither of the two has any value.' : `Nothing matches “${search.value}”.`}</p>
      ) : (
        <div class="pane-fill">
          <Table
            label="Compare"
            id="compare"
            foot
            fit
            columns={columns}
            source={source}
            sort={sort}
            show={place}
            onSort={(column) => update({ compareSort: formatSort(clicked(sort, column)) }, { push: true })}
            isSelected={(row) => nameOf(row).node === node}
            onSelect={(row, by) => {
              setChosen(row);
              if (by === 'key') select(nameOf(row), asked);
              else pick(nameOf(row), asked);
            }}
            onOpen={(row) => showCallers(nameOf(row), asked)}
            nameOf={nameOf}
            keyOf={(row) => nameOf(row).full}
            announce={(row) => `${nameOf(row).full}, ${row.base} before, ${row.new} now, ${row.delta}, ${row.change}. ${row.why}`}
            onDrawn={props.ready}
          />
        </div>
      )}
      <p class="compare-why">{shown === null ? <span class="dim-text">Select a row to read how sure its difference is.</span> : shown.why || 'It has no value of its own.'}</p>
    </section>
  );
}
