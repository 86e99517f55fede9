/** Allocations: who allocates, how much and how big, what of it stays; and the sizes asked for. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { core, keyed, useQueryAnswer } from '../../core';
import type { AllocationInfo, AllocationRow, Query, SizeClass, TableOrder } from '../../core';
import { countText } from '../../lib/bytes';
import { query, search, select, setReady, state, update } from '../../state';
import { useAsked, useSelected } from '../../table/asked';
import { figures } from '../../table/columns';
import { Frame } from '../../table/frame';
import { filtered, Refusal } from '../../table/filter';
import type { RowSource } from '../../table/rows';
import { pick, showInFlame } from '../../table/show';
import { formatSort, nextSort, orderOf } from '../../table/sort';
import { Heading, RowButton } from '../../table/cell';
import { Table } from '../../table/table';
import type { Column, Sort } from '../../table/column';
import { Value } from '../../table/value';
import { Answered, Drawn } from '../../table/view';
import '../../shell/teaching.css';
import './allocations.css';

/** The Allocations view. */
export function AllocationsView(): JSX.Element {
  const asked = query.value;
  const expression = search.value;
  const wanted = state.value.allocSort;
  const answer = useQueryAnswer(asked, (now) => load(now, orderOf(wanted, expression)), [wanted, expression]);
  return (
    <section class="pane allocations" aria-label="Allocations">
      <Answered answer={answer}>
        {(found) => (found.info.available ? <Sites found={found} /> : <Teaching info={found.info} />)}
      </Answered>
    </section>
  );
}

const COMMANDS = `go test -bench=. -memprofile=mem.pb.gz
curl -o heap.pb.gz http://HOST/debug/pprof/heap`;

interface Found {
  info: AllocationInfo;
  /** Why the search cannot be used; empty when it can. */
  refused: string;
  sort: Sort;
  source: RowSource<AllocationRow>;
}

/** Only the core knows which columns there are, and says by which of them the rows are ordered. */
async function load(asked: Query, wanted: TableOrder): Promise<Found> {
  const { info, order: used, refused } = await filtered(asked, wanted, (one) => keyed('view').allocations(asked, one));
  const order = info.order ?? used;
  return {
    info,
    refused,
    sort: order,
    source: {
      key: JSON.stringify([asked, order]),
      about: asked,
      rows: info.rows,
      fetch: (start, count) => core.allocationRows(asked, order, start, count),
    },
  };
}

/** What the view is for, in a file about something else. */
function Teaching(props: { info: AllocationInfo }): JSX.Element {
  return (
    <div class="page">
      <div class="page-in teaching">
        <h2>No allocations in this file</h2>
        <p>
          A heap profile tells who allocates: how many objects of what size, and how much of it is still in use. Record
          one with a benchmark or from a running program:
        </p>
        <pre tabIndex={0} aria-label="Commands">{COMMANDS}</pre>
        <Drawn view="allocations" of={props.info} />
      </div>
    </div>
  );
}

function Sites(props: { found: Found }): JSX.Element {
  const { info, refused, sort, source } = props.found;
  const columns = useMemo(() => siteColumns(info, sort.column), [info, sort.column]);
  const asked = useAsked();
  const node = useSelected();
  return (
    <>
      <Totals info={info} />
      {refused !== '' && (
        <p class="pane-bar">
          <Refusal refused={refused} />
        </p>
      )}
      <div class="alloc-split">
        <div class="alloc-sites">
          {info.rows === 0 ? (
            <p class="empty">
              {search.value === '' ? 'No allocation was sampled.' : `Nothing matches “${search.value}”.`}
              <Drawn view="allocations" of={info} />
            </p>
          ) : (
            <Table
              label="Allocation sites"
              id="allocations"
              foot
              main
              fit
              columns={columns}
              source={source}
              sort={sort}
              onSort={(column) => update({ allocSort: formatSort(nextSort(sort, column)) }, { push: true })}
              isSelected={(row) => row.name.node === node}
              onSelect={(row, by) => (by === 'key' ? select(row.name, asked) : pick(row.name, asked))}
              nameOf={(row) => row.name}
              keyOf={(row) => `${row.name.full} ${row.site}`}
              onOpen={(row) => void showInFlame(row.name, asked)}
              announce={(row) => `${row.name.full}, ${info.columns[0]?.label ?? ''} ${row.cells[0] ?? ''}`}
              onDrawn={() => setReady('allocations')}
            />
          )}
        </div>
        {info.sizes.length > 0 && <Sizes sizes={info.sizes} />}
      </div>
    </>
  );
}

function Totals(props: { info: AllocationInfo }): JSX.Element {
  const { columns, totals, rows } = props.info;
  return (
    <dl class="pane-bar totals">
      <div>
        <dt>sites</dt>
        <dd>{countText(rows)}</dd>
      </div>
      {columns.map((column, at) =>
        totals[at] === undefined || totals[at] === '' ? null : (
          <div key={column.key}>
            <dt title={column.help}>{column.label}</dt>
            <dd>
              <Value text={totals[at]} />
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}

function siteColumns(info: AllocationInfo, sorted: string): Column<AllocationRow>[] {
  const numbers = info.columns.map(
    (column, at): Column<AllocationRow> => ({
      key: column.key,
      label: column.label,
      help: column.help,
      sortable: true,
      // At least "721.05kB" and the padding.
      width: Math.max(80, 28 + 6.2 * column.label.length),
      // The order's own column stays longest.
      optional: column.key === sorted ? 0 : at + 1,
      ...figures((row: AllocationRow) => row.cells[at] ?? ''),
      ...(column.key === sorted ? { share: (row: AllocationRow) => row.share } : {}),
    }),
  );
  // Many numbers: the name stands first, and the last of them go where there is no room.
  return [
    {
      key: 'name',
      label: 'Name',
      help: 'The function that allocates: the nearest frame outside the runtime, with the line.',
      sortable: true,
      // "pkg.(*Type).method", and the file with its line.
      width: 240,
      grow: true,
      text: (row) => `${row.name.full} ${row.site}`,
      cell: (row) => (
        <RowButton tab={false}>
          <Frame name={row.name} source={row.site} keepSource />
        </RowButton>
      ),
    },
    ...numbers,
  ];
}

const SIZE_HEADINGS = [
  { key: 'size', help: 'Size of one object: larger than the row above says, up to what this one says.', numeric: false },
  { key: 'objects', help: 'How many objects of this size.', numeric: true },
  { key: 'bytes', help: 'What they are together.', numeric: true },
  { key: '%', help: 'Their bytes as a share of all.', numeric: true },
].map((column) => ({ ...column, label: column.key, width: 0, cell: () => null }));

function Sizes(props: { sizes: readonly SizeClass[] }): JSX.Element {
  return (
    <section class="sizes" aria-label="By size" tabIndex={0}>
      <h2>By size</h2>
      <table class="vt-table vt-small" aria-label="By size">
        <thead>
          <tr>
            {SIZE_HEADINGS.map((column) => (
              <Heading key={column.key} column={column} order={undefined} onSort={undefined} />
            ))}
          </tr>
        </thead>
        <tbody>
          {props.sizes.map((size) => (
            <tr key={size.label} class="vt-row">
              <th scope="row">{size.label}</th>
              <td class="vt-num">
                <Value text={size.objects} />
              </td>
              <td class="vt-num vt-bar" style={{ '--share': size.share.toFixed(4) }}>
                <Value text={size.bytes} />
              </td>
              <td class="vt-num">
                <Value text={size.pct} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
