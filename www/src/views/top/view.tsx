/** Top: every function (file, package, line, address) with its own and its callees' cost. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { core, keyed, useQueryAnswer } from '../../core';
import type { Query, SampleTypeInfo, TableOrder, TopInfo, TopRow } from '../../core';
import { countText } from '../../lib/bytes';
import { file, query, search, select, setReady, state, update } from '../../state';
import { WhatIs } from '../../shell/whatis';
import { useAsked, useSelected } from '../../table/asked';
import { CUM, CUM_PCT, figures, FLAT, FLAT_PCT, SUM_PCT, topName } from '../../table/columns';
import { granularityWord } from '../../table/controls';
import { filtered, Refusal } from '../../table/filter';
import type { RowSource } from '../../table/rows';
import { pick, showInFlame } from '../../table/show';
import { formatSort, nextSort, orderOf } from '../../table/sort';
import { Table } from '../../table/table';
import type { Column } from '../../table/column';
import { Value } from '../../table/value';
import { Answered, Drawn } from '../../table/view';

/** The Top view. */
export function TopView(): JSX.Element {
  const asked = query.value;
  const expression = search.value;
  const wanted = state.value.sort;
  const answer = useQueryAnswer(asked, (now) => loadTop(now, orderOf(wanted, expression)), [wanted, expression]);
  return (
    <section class="pane" aria-label="Top">
      <div class="pane-bar">
        <WhatIs term="flat" words="flat, sum% and cum" />
        {expression !== '' && (
          <button type="button" class="link" onClick={() => update({ search: '' }, { push: true })}>
            Clear search
          </button>
        )}
        {answer.value !== undefined && <Refusal refused={answer.value.refused} />}
        <span class="pane-count">{answer.value !== undefined && <Count info={answer.value.info} />}</span>
      </div>
      <Answered answer={answer}>{(top) => <TopTable top={top} />}</Answered>
    </section>
  );
}

/** A table's outline together with where its rows come from: they must not be mixed. */
interface Top {
  asked: Query;
  info: TopInfo;
  /** Why the search cannot be used; empty when it can. */
  refused: string;
  source: RowSource<TopRow>;
}

async function loadTop(asked: Query, wanted: TableOrder): Promise<Top> {
  const { info, refused } = await filtered(asked, wanted, (order) => keyed('view').top(asked, order));
  // Not every column that was wanted exists for this sample type; the core says which it took.
  const { order } = info;
  const source = {
    key: JSON.stringify([asked, order]),
    about: asked,
    rows: info.rows,
    fetch: (start: number, count: number) => core.topRows(asked, order, start, count),
  };
  return { asked, info, refused, source };
}

function Count(props: { info: TopInfo }): JSX.Element {
  const { rows, allRows, total } = props.info;
  const word = granularityWord(state.value.granularity, allRows);
  const count = rows === allRows ? countText(allRows) : `${countText(rows)} of ${countText(allRows)}`;
  return (
    <>
      {count} {word} · total <Value text={total} />
    </>
  );
}

/**
 * Where a function is that was selected elsewhere, or before the table was there. `own` is what was
 * selected in the table: that is in sight, and under a key that repeats the answer would come late.
 */
function usePlace(top: Top, node: number | null, own: { current: number | null }): { row: number } | undefined {
  const [place, setPlace] = useState<{ row: number } | undefined>(undefined);
  useEffect(() => {
    const isOwn = node === own.current;
    own.current = null;
    if (node === null || isOwn) return;
    let isOld = false;
    keyed('top.place')
      .topPlace(top.asked, top.info.order, node)
      .then(
        // A row of an order that is gone is another function's.
        (row) => isOld || setPlace(row < 0 ? undefined : { row }),
        // The file was closed meanwhile.
        () => undefined,
      );
    return () => {
      isOld = true;
    };
  }, [node]);
  return place;
}

function TopTable(props: { top: Top }): JSX.Element {
  const { top } = props;
  const sort = top.info.order;
  // The two types of a CPU profile are one number times the period: nothing to compare unasked.
  const alike = file.value?.kind === 'cpu';
  const columns = useMemo(() => topColumns(top.info.others, sort.column, alike), [top, alike]);
  const asked = useAsked();
  const node = useSelected();
  const own = useRef<number | null>(null);
  const place = usePlace(top, node, own);
  if (top.info.rows === 0) return <NoRows of={top} />;
  return (
    <Table
      label="Top"
      id="top"
      foot
      main
      fit
      columns={columns}
      source={top.source}
      sort={sort}
      show={place}
      onSort={(column) => update({ sort: formatSort(nextSort(sort, column)) }, { push: true })}
      isSelected={(row) => row.name.node === node}
      onSelect={(row, by) => {
        own.current = row.name.node;
        if (by === 'key') select(row.name, asked);
        else pick(row.name, asked);
      }}
      nameOf={(row) => row.name}
      keyOf={(row) => row.name.full}
      onOpen={(row) => void showInFlame(row.name, asked)}
      announce={(row) => `${row.name.full}, flat ${row.flat}, cum ${row.cum}`}
      onDrawn={() => setReady('top')}
    />
  );
}

function whyEmpty({ nodefraction, nodecount, dropneg }: Query, total: string): string {
  if (search.value !== '') return `Nothing matches “${search.value}”. The search is a regular expression over names.`;
  const trims = nodefraction > 0 || nodecount > 0 || dropneg;
  return trims && total !== '0' ? 'Every row is trimmed: see Options.' : 'This profile has no samples of this type.';
}

function NoRows(props: { of: Top }): JSX.Element {
  return (
    <p class="empty">
      {whyEmpty(props.of.asked, props.of.info.total)}
      <Drawn view="top" of={props.of} />
    </p>
  );
}

function topColumns(others: readonly SampleTypeInfo[], sorted: string, alike: boolean): Column<TopRow>[] {
  const sortable = (column: Column<TopRow>): Column<TopRow> => ({ ...column, sortable: true });
  return [
    sortable(FLAT),
    FLAT_PCT,
    SUM_PCT,
    sortable(CUM),
    CUM_PCT,
    // Beside both panes of a window of 1280 pixels the table then just fits.
    sortable({ ...topName(false), roomy: 256 }),
    ...others.flatMap((type, at) => otherColumns(type, at, sorted)).map((column) => ({ ...column, hidden: alike })),
  ];
}

/** flat and cum of another sample type of the same file, beside the one shown. */
function otherColumns(type: SampleTypeInfo, at: number, sorted: string): Column<TopRow>[] {
  const one = (kind: 'flat' | 'cum'): Column<TopRow> => ({
    // The core sorts by it: the side, then the sample type.
    key: `${kind}:${type.name}`,
    sortable: true,
    label: `${type.name} ${kind}`,
    help: `${kind} of ${type.name}, another sample type of this file; its total is ${type.total}.`,
    width: 32 + 7 * (type.name.length + 1 + kind.length),
    // The order's own column stays longest.
    optional: sorted === `${kind}:${type.name}` ? 0 : 3,
    ...figures((row) => row.others[at]?.[kind] ?? ''),
  });
  return [one('flat'), one('cum')];
}
