/** All values of a label: any number of them, to sort and to look through. */
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { core, keyed, useQueryAnswer } from '../../core';
import type { Query, TagKeyInfo, TagOrder, TagRow } from '../../core';
import { countText } from '../../lib/bytes';
import { useAsked } from '../../table/asked';
import { HEAD_HEIGHT, rowHeight } from '../../table/column';
import type { Column, Sort } from '../../table/column';
import { figures } from '../../table/columns';
import type { RowSource } from '../../table/rows';
import { nextSort } from '../../table/sort';
import { RowButton } from '../../table/cell';
import { Table } from '../../table/table';
import { toggleOnly } from '../../tagging';
import { ValueButtons } from './values';

/** Rows of the table that are seen without scrolling. */
const SEEN = 14;

/** The table. */
export function AllValues({ info }: { info: TagKeyInfo }): JSX.Element {
  const [sort, setSort] = useState<Sort>({ column: 'value', ascending: false });
  const [search, setSearch] = useState('');
  const [picked, setPicked] = useState('');
  const asked = useAsked();
  const order: TagOrder = { ...sort, search };
  const answer = useQueryAnswer(asked, (now) => load(now, info.at, order), [info.at, sort.column, sort.ascending, search]);
  const columns = useMemo(() => valueColumns(info.key), [info.key]);
  const found = answer.value;
  return (
    <div class="tag-all">
      <p class="tag-search">
        <input type="search" value={search} placeholder="Part of a value" aria-label={`Look through the values of ${info.key}`}
          onInput={(event) => setSearch(event.currentTarget.value)} />
        <span class="dim" role="status">
          {found !== undefined && `${countText(found.rows)} of ${info.distinctText}`}
        </span>
      </p>
      <div class="tag-rows" style={{ height: `${HEAD_HEIGHT + rowHeight() * Math.min(SEEN, info.distinct) + 2}px` }}>
        {found !== undefined && (
          <Table
            label={`Values of ${info.key}`}
            columns={columns}
            source={found}
            sort={sort}
            fit
            onSort={(column) => setSort(nextSort(sort, column))}
            isSelected={(row) => row.name === picked}
            onSelect={(row) => setPicked(row.name)}
            onOpen={(row) => row.expression !== '' && toggleOnly(row.expression)}
            announce={(row) => `${row.name}, ${row.value}`}
          />
        )}
      </div>
    </div>
  );
}

async function load(asked: Query, key: number, order: TagOrder): Promise<RowSource<TagRow>> {
  const { rows } = await keyed(`tags ${key}`).tagValues(asked, key, order, 0, 0);
  return {
    key: JSON.stringify([asked, key, order]),
    about: asked,
    rows,
    fetch: async (start, count) => (await core.tagValues(asked, key, order, start, count)).values,
  };
}

function valueColumns(name: string): Column<TagRow>[] {
  return [
    { key: 'value', label: 'value', help: 'What the samples with this value have.', sortable: true, width: 104, ...figures((row: TagRow) => row.value), share: (row) => row.share },
    { key: 'pct', label: '%', help: 'The same in percent of the total.', width: 76, ...figures((row: TagRow) => row.pct) },
    {
      key: 'name',
      label: name,
      help: 'The value; numbers that print alike are one.',
      sortable: true,
      width: 140,
      grow: true,
      cell: (row) => (
        <span class="tag-value">
          <RowButton tab={false}>
            <code>{row.name}</code>
          </RowButton>
          <ValueButtons name={name} row={row} tab={false} />
        </span>
      ),
    },
  ];
}
