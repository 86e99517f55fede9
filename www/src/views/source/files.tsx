/** The source files of the profile, heaviest first. */
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../../core';
import type { QueryAnswer, SourceFileRow, SourceFiles, SourceInfo } from '../../core';
import { query, state, update } from '../../state';
import type { Column } from '../../table/column';
import { arraySource } from '../../table/rows';
import { formatSort, nextSort, orderOf, parseSort } from '../../table/sort';
import { RowButton } from '../../table/cell';
import { NameText } from '../../table/frame';
import { Table } from '../../table/table';
import { Answered } from '../../table/view';
import { FIGURES, Find, goTo, Menu, MENU_ROWS, NoRows } from './list';

interface ListProps {
  info: SourceInfo | undefined;
}

function useFiles(search: string): QueryAnswer<SourceFiles> {
  const { sourceSort } = state.value;
  return useQueryAnswer(query.value, (now) => keyed('source.list').sourceFiles(now, orderOf(sourceSort, search)), [sourceSort, search]);
}

/** The list as a table beside the code. */
export function FileList({ info }: ListProps): JSX.Element {
  const { sourceSort, sourceFind } = state.value;
  const answer = useFiles(sourceFind);
  const { value } = answer;
  const shown = info?.file ?? '';
  const own = useRef('');
  const source = useMemo(() => arraySource(JSON.stringify([answer.asked, sourceSort, sourceFind, value?.rows.length]), value?.rows ?? []), [value]);
  const place = useMemo(() => {
    const row = shown === own.current ? -1 : (value?.rows.findIndex(({ path }) => path === shown) ?? -1);
    return row < 0 ? undefined : { row };
  }, [value, shown]);
  const sort = parseSort(sourceSort);
  return (
    <section class="source-list" aria-label="Files">
      <Find what="files" count={value?.matching} refused={value?.refused ?? ''} />
      <Answered answer={answer}>
        {(list) =>
          list.rows.length === 0 ? (
            <NoRows />
          ) : (
            <Table
              label="Files"
              columns={COLUMNS}
              source={source}
              fit
              sort={sort}
              show={place}
              onSort={(column) => update({ sourceSort: formatSort(nextSort(sort, column)) }, { push: true })}
              isSelected={(row) => row.path === shown}
              onSelect={(row, by) => {
                own.current = row.path;
                goTo({ sourceFile: row.path }, by);
              }}
              announce={(row) => `${row.path}, flat ${row.flat}, cum ${row.cum}`}
            />
          )
        }
      </Answered>
    </section>
  );
}

function lastSlash(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
}

const COLUMNS: Column<SourceFileRow>[] = [
  {
    key: 'name',
    label: 'File',
    help: 'The source file as the profile names it. Choose one to see its lines.',
    width: 120,
    grow: true,
    sortable: true,
    cell: ({ path }) => (
      <RowButton tab={false}>
        <span class="frame" title={path}>
          <NameText name={{ dim: path.slice(0, lastSlash(path)), strong: path.slice(lastSlash(path)) }} />
        </span>
      </RowButton>
    ),
  },
  ...FIGURES,
];

/** The files as a menu. */
export function FileMenu({ info }: ListProps): JSX.Element {
  const rows = (useFiles('').value?.rows ?? []).slice(0, MENU_ROWS);
  const shown = info?.file ?? '';
  return (
    <Menu label="File" shown={shown} listed={rows.some(({ path }) => path === shown)} choose={(sourceFile) => goTo({ sourceFile }, 'click')}>
      {rows.map((row) => (
        <option key={row.path} value={row.path}>
          {row.flat} · {row.path}
        </option>
      ))}
    </Menu>
  );
}
