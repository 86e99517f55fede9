/** What there is to look at: the functions of the profile, or its files, heaviest first. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { core, keyed, useQueryAnswer } from '../../core';
import type { Query, SourceInfo, TableOrder, TopInfo, TopRow } from '../../core';
import { countText } from '../../lib/bytes';
import { query, state, update } from '../../state';
import type { ViewState } from '../../state';
import { figures } from '../../table/columns';
import type { Column } from '../../table/column';
import { Refusal } from '../../table/filter';
import { Frame } from '../../table/frame';
import { formatSort, nextSort, orderOf } from '../../table/sort';
import { RowButton, Table } from '../../table/table';
import { TERMS } from '../../table/terms';
import { Answered } from '../../table/view';

/** Rows of the menu. */
const MENU_ROWS = 50;

/** The query that the list is about; the same object as long as it is the same. */
function useListQuery(files: boolean): Query | null {
  const asked = query.value;
  return useMemo(
    () => (asked === null ? null : { ...asked, granularity: files ? 'files' : 'functions', mean: false }),
    [asked, files],
  );
}

/** What shows a row. */
function placeOf(row: TopRow, files: boolean): Partial<ViewState> {
  return files ? { sourceFile: row.name.full, line: 0 } : { sel: row.name.full, sourceFile: '', line: 0 };
}

/** The name by which the list knows what is shown. */
export function shownName(info: SourceInfo | undefined): string {
  if (info === undefined) return '';
  return info.function === undefined ? info.file : info.function.dim + info.function.strong;
}

/** The list's outline; of an expression that is not valid, that of all rows, and why it is not. */
async function outlineOf(asked: Query, order: TableOrder): Promise<{ info: TopInfo; refused: string }> {
  const list = keyed('source.list');
  const info = await list.top(asked, order);
  if (order.search === '' || info.rows > 0) return { info, refused: '' };
  const { error } = await list.search(asked, order.search);
  return error === '' ? { info, refused: '' } : { info: await list.top(asked, { ...order, search: '' }), refused: error };
}

/** The list as a table beside the code. */
export function FunctionList({ info }: { info: SourceInfo | undefined }): JSX.Element {
  const files = state.value.sourceFile !== '';
  const asked = useListQuery(files);
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
  const shown = shownName(info);
  const own = useRef('');
  const place = usePlace(answer.value === undefined ? null : answer.asked, answer.value?.info.order, shown, own);
  const what = files ? 'files' : 'functions';
  const value = answer.value;
  return (
    <section class="source-list" aria-label={files ? 'Files' : 'Functions'}>
      <div class="source-find">
        <input type="search" aria-label={`Find ${what}`} placeholder={`Find ${what}`} value={sourceFind}
          onInput={(event) => update({ sourceFind: event.currentTarget.value })} />
        <span class="dim">{value !== undefined && countText(value.info.rows)}</span>
        {value !== undefined && <Refusal refused={value.refused} />}
      </div>
      {/* Rows of the list are of a query of its own, which is never the page's where rows are grouped otherwise. */}
      <Answered answer={{ value, loading: answer.loading, error: answer.error }}>
        {(list) =>
          list.info.rows === 0 ? (
            <p class="empty">{sourceFind === '' ? 'Nothing has a value.' : `Nothing matches “${sourceFind}”.`}</p>
          ) : (
            <Table
              label={files ? 'Files' : 'Functions'}
              columns={files ? FILE_COLUMNS : FUNCTION_COLUMNS}
              source={list.source}
              fit
              sort={list.info.order}
              show={place}
              onSort={(column) => update({ sourceSort: formatSort(nextSort(list.info.order, column)) }, { push: true })}
              isSelected={(row) => row.name.full === shown}
              onSelect={(row, by) => {
                own.current = row.name.full;
                update(placeOf(row, files), { push: by === 'click' });
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
  order: { column: string; ascending: boolean; search: string } | undefined,
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

function column(key: 'flat' | 'cum'): Column<TopRow> {
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

const FIGURES = [column('flat'), { ...column('cum'), optional: 1 }];

const FUNCTION_COLUMNS: Column<TopRow>[] = [
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

const FILE_COLUMNS: Column<TopRow>[] = [
  {
    key: 'name',
    label: 'File',
    help: 'The source file as the profile names it. Choose one to see its lines.',
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

/** The list as a menu, where there is no room for a table: the heaviest, and what is shown. */
export function FunctionMenu({ info }: { info: SourceInfo | undefined }): JSX.Element {
  const files = state.value.sourceFile !== '';
  const asked = useListQuery(files);
  const { sourceSort } = state.value;
  const answer = useQueryAnswer(asked, (now) => keyed('source.list').topRows(now, orderOf(sourceSort, ''), 0, MENU_ROWS), [sourceSort]);
  const rows = answer.value ?? [];
  const shown = shownName(info);
  const isListed = rows.some((row) => row.name.full === shown);
  return (
    <label class="source-menu">
      <span class="hidden-visually">{files ? 'File' : 'Function'}</span>
      <select class="menu" value={shown}
        onChange={(event) => {
          const row = rows.find((one) => one.name.full === event.currentTarget.value);
          if (row !== undefined) update(placeOf(row, files), { push: true });
        }}>
        {!isListed && <option value={shown}>{shown === '' ? '…' : shown}</option>}
        {rows.map((row) => (
          <option key={row.name.node} value={row.name.full}>
            {row.flat} · {row.name.strong}
          </option>
        ))}
      </select>
    </label>
  );
}
