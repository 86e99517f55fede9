/** The functions of the profile, heaviest first. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { core, keyed, useQueryAnswer } from '../../core';
import type { Query, SourceInfo, TableOrder, TopInfo, TopRow } from '../../core';
import { countText } from '../../lib/bytes';
import { query, state, update } from '../../state';
import { figures } from '../../table/columns';
import type { Column } from '../../table/column';
import { Refusal } from '../../table/filter';
import { Frame } from '../../table/frame';
import { formatSort, nextSort, orderOf } from '../../table/sort';
import { RowButton } from '../../table/cell';
import { Table } from '../../table/table';
import { TERMS } from '../../table/terms';
import { Answered } from '../../table/view';

/** Rows of the menu. */
export const MENU_ROWS = 50;

interface ListProps {
  info: SourceInfo | undefined;
}

/** The query that the list is about; the same object as long as it is the same. */
function useListQuery(): Query | null {
  const asked = query.value;
  return useMemo(() => (asked === null ? null : { ...asked, granularity: 'functions', mean: false }), [asked]);
}

/** The name by which the list knows what is shown. */
function shownName({ info }: ListProps): string {
  const name = info?.function;
  return name === undefined ? '' : name.dim + name.strong;
}

/** The list's outline; of an expression that is not valid, that of all rows, and why it is not. */
async function outlineOf(asked: Query, order: TableOrder): Promise<{ info: TopInfo; refused: string }> {
  const list = keyed('source.list');
  const info = await list.top(asked, order);
  if (order.search === '' || info.rows > 0) return { info, refused: '' };
  const { error } = await list.search(asked, order.search);
  return error === '' ? { info, refused: '' } : { info: await list.top(asked, { ...order, search: '' }), refused: error };
}

/** The box over a list, which narrows it. */
export function Find(props: { what: string; count: number | undefined; refused: string }): JSX.Element {
  return (
    <div class="source-find">
      <input type="search" aria-label={`Find ${props.what}`} placeholder={`Find ${props.what}`} value={state.value.sourceFind}
        onInput={(event) => update({ sourceFind: event.currentTarget.value })} />
      <span class="dim">{props.count !== undefined && countText(props.count)}</span>
      <Refusal refused={props.refused} />
    </div>
  );
}

/** In place of a list without rows. */
export function NoRows(): JSX.Element {
  const { sourceFind } = state.value;
  return <p class="empty">{sourceFind === '' ? 'Nothing has a value.' : `Nothing matches “${sourceFind}”.`}</p>;
}

/** A step to another function or file: by a click one of the history. */
export function goTo(patch: Parameters<typeof update>[0], by: 'click' | 'key'): void {
  update({ line: 0, ...patch }, { push: by === 'click' });
}

/** The list as a table beside the code. */
export function FunctionList(props: ListProps): JSX.Element {
  const asked = useListQuery();
  const { sourceSort, sourceFind } = state.value;
  const answer = useQueryAnswer(
    asked,
    async (now) => {
      const outline = await outlineOf(now, orderOf(sourceSort, sourceFind));
      const { order } = outline.info;
      return {
        ...outline,
        source: {
          key: JSON.stringify([now, order]),
          about: now,
          rows: outline.info.rows,
          fetch: (start: number, count: number) => core.topRows(now, order, start, count),
        },
      };
    },
    [sourceSort, sourceFind],
  );
  const { value, loading, error } = answer;
  const shown = shownName(props);
  const own = useRef('');
  const place = usePlace(value === undefined ? null : answer.asked, value?.info.order, shown, own);
  return (
    <section class="source-list" aria-label="Functions">
      <Find what="functions" count={value?.info.rows} refused={value?.refused ?? ''} />
      {/* Rows of the list are of a query of its own, which is never the page's where rows are grouped otherwise. */}
      <Answered answer={{ value, loading, error }}>
        {(list) =>
          list.info.rows === 0 ? (
            <NoRows />
          ) : (
            <Table
              label="Functions"
              columns={COLUMNS}
              source={list.source}
              fit
              sort={list.info.order}
              show={place}
              onSort={(column) => update({ sourceSort: formatSort(nextSort(list.info.order, column)) }, { push: true })}
              isSelected={(row) => row.name.full === shown}
              onSelect={(row, by) => {
                own.current = row.name.full;
                goTo({ sel: row.name.full, sourceFile: '' }, by);
              }}
              announce={(row) => `${row.name.full}, flat ${row.flat}, cum ${row.cum}`}
            />
          )
        }
      </Answered>
    </section>
  );
}

/** Where in the list is what is shown, unless it was chosen there. */
function usePlace(
  asked: Query | null,
  order: TableOrder | undefined,
  shown: string,
  own: { current: string },
): { row: number } | undefined {
  const [place, setPlace] = useState<{ row: number } | undefined>(undefined);
  useEffect(() => {
    const isOwn = own.current === shown;
    own.current = '';
    if (asked === null || order === undefined || shown === '' || isOwn) return undefined;
    let isOld = false;
    const find = async (): Promise<void> => {
      const node = await core.findNode(asked, shown);
      const row = node < 0 ? -1 : await core.topPlace(asked, order, node);
      if (!isOld) setPlace(row < 0 ? undefined : { row });
    };
    // The file was closed meanwhile.
    find().catch(() => undefined);
    return () => {
      isOld = true;
    };
  }, [asked, shown, order]);
  return place;
}

/** What both lists have of a row. */
interface Costs {
  flat: string;
  flatShare: number;
  cum: string;
  cumShare: number;
}

function column(key: 'flat' | 'cum'): Column<Costs> {
  return {
    key,
    label: key,
    help: TERMS[key],
    width: 72,
    sortable: true,
    ...figures((row) => row[key]),
    share: (row) => (key === 'flat' ? row.flatShare : row.cumShare),
  };
}

/** flat and cum; where there is little room, flat alone. */
export const FIGURES: readonly Column<Costs>[] = [column('flat'), { ...column('cum'), optional: 1 }];

const COLUMNS: Column<TopRow>[] = [
  {
    key: 'name',
    label: 'Function',
    help: 'The function, its package dimmed. Choose one to see its lines.',
    width: 120,
    grow: true,
    sortable: true,
    cell: (row) => (
      <RowButton tab={false}>
        <Frame name={row.name} />
      </RowButton>
    ),
  },
  ...FIGURES,
];

/** A list as a menu, where there is no room for a table: the heaviest rows, and what is shown. */
export function Menu(props: { label: string; shown: string; short?: string | undefined; listed: boolean; choose: (value: string) => void; children: ComponentChildren }): JSX.Element {
  const { shown } = props;
  return (
    <label class="source-menu">
      <span class="hidden-visually">{props.label}</span>
      <select class="menu" value={shown} onChange={(event) => props.choose(event.currentTarget.value)}>
        {!props.listed && <option value={shown}>{shown === '' ? '…' : (props.short ?? shown)}</option>}
        {props.children}
      </select>
    </label>
  );
}

/** The functions as a menu. */
export function FunctionMenu(props: ListProps): JSX.Element {
  const asked = useListQuery();
  const { sourceSort } = state.value;
  const answer = useQueryAnswer(asked, (now) => keyed('source.list').topRows(now, orderOf(sourceSort, ''), 0, MENU_ROWS), [sourceSort]);
  const rows = answer.value ?? [];
  const shown = shownName(props);
  return (
    <Menu label="Function" shown={shown} short={props.info?.function?.strong} listed={rows.some((row) => row.name.full === shown)} choose={(sel) => goTo({ sel, sourceFile: '' }, 'click')}>
      {rows.map((row) => (
        <option key={row.name.node} value={row.name.full}>
          {row.flat} · {row.name.strong}
        </option>
      ))}
    </Menu>
  );
}
