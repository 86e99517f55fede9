/** Top: every function (file, package, line, address) with its own and its callees' cost. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { core, useAnswer } from '../../core';
import type { Query, SampleTypeInfo, TopInfo, TopRow } from '../../core';
import { file, query, search, select, selected, setReady, state, update } from '../../state';
import { CUM, CUM_PCT, FLAT, FLAT_PCT, SUM_PCT, topName } from '../../table/columns';
import { GranularityControls, granularityWord } from '../../table/controls';
import type { RowSource } from '../../table/rows';
import { pick, showInFlame } from '../../table/show';
import { formatSort, nextSort, orderOf, parseSort } from '../../table/sort';
import { Table } from '../../table/table';
import type { Column, Sort } from '../../table/column';
import { Value } from '../../table/value';
import { Answered, Drawn } from '../../table/view';

/** The Top view. */
export function TopView(): JSX.Element {
  const asked = query.value;
  const expression = search.value;
  const sort = parseSort(state.value.sort, 'flat');
  const answer = useAnswer(
    () => (asked === null ? null : loadTop(asked, sort, expression)),
    [asked, sort.column, sort.ascending, expression],
  );
  return (
    <section class="pane" aria-label="Top">
      <div class="pane-bar">
        <GranularityControls />
        {expression !== '' && (
          <button type="button" class="link" onClick={() => update({ search: '' }, { push: true })}>
            Clear search
          </button>
        )}
        <span class="pane-count">{answer.value !== undefined && <Count info={answer.value.info} />}</span>
      </div>
      <Answered answer={answer}>{(top) => <TopTable top={top} sort={sort} />}</Answered>
    </section>
  );
}

/** A table's outline together with where its rows come from: they must not be mixed. */
interface Top {
  info: TopInfo;
  source: RowSource<TopRow>;
}

async function loadTop(asked: Query, sort: Sort, expression: string): Promise<Top> {
  const order = orderOf(sort, expression);
  const info = await core.top(asked, order);
  const source = {
    key: JSON.stringify([asked, order]),
    rows: info.rows,
    fetch: (start: number, count: number) => core.topRows(asked, order, start, count),
  };
  return { info, source };
}

function Count(props: { info: TopInfo }): JSX.Element {
  const { rows, allRows, total } = props.info;
  const word = granularityWord(state.value.granularity);
  const count = rows === allRows ? allRows.toLocaleString('en') : `${rows.toLocaleString('en')} of ${allRows.toLocaleString('en')}`;
  return (
    <>
      {count} {word} · total <Value text={total} />
    </>
  );
}

function TopTable(props: { top: Top; sort: Sort }): JSX.Element {
  const { top, sort } = props;
  // The two types of a CPU profile are one number times the period: nothing to compare.
  const alike = file.value?.kind === 'cpu';
  const columns = useMemo(() => topColumns(alike ? [] : top.info.others), [top, alike]);
  const node = selected.value;
  if (top.info.rows === 0) return <NoRows of={top} />;
  return (
    <Table
      label="Top"
      main
      columns={columns}
      source={top.source}
      sort={sort}
      onSort={(column) => update({ sort: formatSort(nextSort(sort, column)) }, { push: true })}
      isSelected={(row) => row.name.node === node}
      onSelect={(row, by) => (by === 'key' ? select(row.name) : pick(row.name))}
      onOpen={(row) => void showInFlame(row.name)}
      announce={(row) => `${row.name.full}, flat ${row.flat}, cum ${row.cum}`}
      onDrawn={() => setReady('top')}
    />
  );
}

function NoRows(props: { of: Top }): JSX.Element {
  const expression = search.value;
  return (
    <p class="empty">
      {expression === ''
        ? 'This profile has no samples of this type.'
        : `Nothing matches “${expression}”. The search is a regular expression over names.`}
      <Drawn view="top" of={props.of} />
    </p>
  );
}

function topColumns(others: readonly SampleTypeInfo[]): Column<TopRow>[] {
  const sortable = (column: Column<TopRow>): Column<TopRow> => ({ ...column, sortable: true });
  return [
    sortable(FLAT),
    FLAT_PCT,
    SUM_PCT,
    sortable(CUM),
    CUM_PCT,
    sortable({ ...topName(false), roomy: 320 }),
    ...others.flatMap(otherColumns),
  ];
}

/** flat and cum of another sample type of the same file, beside the one shown. */
function otherColumns(type: SampleTypeInfo, at: number): Column<TopRow>[] {
  const one = (kind: 'flat' | 'cum'): Column<TopRow> => ({
    // The core sorts by it: the side, then the sample type.
    key: `${kind}:${type.name}`,
    sortable: true,
    label: `${type.name} ${kind}`,
    help: `${kind} of ${type.name}, another sample type of this file; its total is ${type.total}.`,
    numeric: true,
    width: 32 + 7 * (type.name.length + 1 + kind.length),
    optional: 3,
    cell: (row) => <Value text={row.others[at]?.[kind] ?? ''} />,
  });
  return [one('flat'), one('cum')];
}
