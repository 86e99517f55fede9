/**
 * A real `<table>` that shows any number of rows and holds only those on screen.
 *
 * Rows have one height and come by blocks from a source; the scroller is one tab stop in which
 * arrows, Page Up/Down, Home and End move the selection and Enter opens it.
 */
import type { ComponentChildren, JSX } from 'preact';
import { useTip } from './tip';
import type { RowSource } from './rows';
import { useVirtual } from './virtual';
import './table.css';

/** Height of a row in CSS pixels; also the least size of a target for a finger or a shaky hand. */
export const ROW_HEIGHT = 24;
/** Height of the header row in CSS pixels. */
export const HEAD_HEIGHT = 28;

/** A column. */
export interface Column<Row> {
  /** Unique in the table; the sort key of the core where {@link sortable}. */
  key: string;
  label: string;
  /** One sentence shown on hover and focus of the heading. */
  help: string;
  /** Right-aligned tabular figures. */
  numeric?: boolean;
  sortable?: boolean;
  /** Width in CSS pixels; of the {@link grow} column the least width. */
  width: number;
  /** The one column that takes what is left. */
  grow?: boolean;
  /** Its least width in CSS pixels where the table is wide enough to rather scroll sideways. */
  roomy?: number;
  /** Columns with the highest number are left out first when there is no room. */
  optional?: number;
  cell(row: Row): ComponentChildren;
  /** Length of the bar behind the number, 0..1. */
  share?(row: Row): number;
}

/** The order a table is in. */
export interface Sort {
  column: string;
  ascending: boolean;
}

/** What a table needs to know. */
export interface TableProps<Row> {
  /** Name for people who cannot see it. */
  label: string;
  columns: readonly Column<Row>[];
  source: RowSource<Row>;
  sort?: Sort;
  onSort?: (column: string) => void;
  isSelected: (row: Row) => boolean;
  onSelect: (row: Row, by: 'click' | 'key') => void;
  /** Enter or double click. */
  onOpen?: (row: Row) => void;
  /** What is said when a key moves the selection to this row. */
  announce: (row: Row) => string;
  /** The rows on screen are drawn. */
  onDrawn?: () => void;
}

/** The table. Fills its parent, which must have a height. */
export function Table<Row>(props: TableProps<Row>): JSX.Element {
  const v = useVirtual(props);
  return (
    <div
      class="vt"
      ref={v.scroller}
      role="region"
      aria-label={`${props.label} table`}
      aria-busy={v.busy}
      tabIndex={0}
      onScroll={v.onScroll}
      onKeyDown={v.onKeyDown}
    >
      <div class="vt-size" style={{ height: `${v.height + HEAD_HEIGHT}px` }}>
        <table
          class={v.narrow ? 'vt-table vt-narrow' : 'vt-table'}
          aria-label={props.label}
          aria-rowcount={props.source.rows + 1}
          style={{ top: `${v.offset}px`, minWidth: `${v.minWidth}px` }}
        >
          <colgroup>
            {v.columns.map((column) => (
              <col key={column.key} style={{ width: column.grow === true ? 'auto' : `${column.width}px` }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {v.columns.map((column) => (
                <Heading key={column.key} column={column} {...headingProps(props, column)} />
              ))}
            </tr>
          </thead>
          <tbody>
            {v.rows.map(({ index, row }) => (
              <BodyRow key={index} index={index} row={row} columns={v.columns} table={props} />
            ))}
          </tbody>
        </table>
      </div>
      <span class="vt-live" role="status">
        {v.said}
      </span>
    </div>
  );
}

interface HeadingProps {
  order: 'ascending' | 'descending' | 'none' | undefined;
  onSort: (() => void) | undefined;
}

function headingProps<Row>(props: TableProps<Row>, column: Column<Row>): HeadingProps {
  const { sort, onSort } = props;
  if (column.sortable !== true || sort === undefined || onSort === undefined) {
    return { order: undefined, onSort: undefined };
  }
  const active = sort.column === column.key;
  return {
    order: !active ? 'none' : sort.ascending ? 'ascending' : 'descending',
    onSort: () => onSort(column.key),
  };
}

/** A heading that explains itself and, where it can, sorts. */
export function Heading<Row>(props: { column: Column<Row> } & HeadingProps): JSX.Element {
  const { column, order } = props;
  const tip = useTip(column.help);
  const sortable = props.onSort !== undefined;
  return (
    <th scope="col" class={column.numeric === true ? 'vt-num' : undefined} aria-sort={order}>
      {sortable ? (
        <button type="button" class="vt-sort" onClick={props.onSort} {...tip.anchor}>
          {column.label}
          <SortMark order={order} />
        </button>
      ) : (
        <span class="vt-head" tabIndex={0} {...tip.anchor}>
          {column.label}
        </span>
      )}
      {tip.bubble}
    </th>
  );
}

/** Always there, so that sorting does not move the label. */
function SortMark(props: { order: HeadingProps['order'] }): JSX.Element {
  const path = props.order === 'ascending' ? 'M1 6 4 2l3 4z' : 'M1 2l3 4 3-4z';
  return (
    <svg class={`vt-mark vt-mark-${props.order ?? 'none'}`} width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

interface BodyRowProps<Row> {
  index: number;
  row: Row | undefined;
  columns: readonly Column<Row>[];
  table: TableProps<Row>;
}

function BodyRow<Row>(props: BodyRowProps<Row>): JSX.Element {
  const { row, table } = props;
  const selected = row !== undefined && table.isSelected(row);
  const act = (action: ((row: Row) => void) | undefined) => () => {
    if (row !== undefined) action?.(row);
  };
  return (
    <tr
      aria-rowindex={props.index + 2}
      aria-current={selected ? 'true' : undefined}
      class={`vt-row${props.index % 2 === 1 ? ' vt-odd' : ''}`}
      onClick={act((one) => table.onSelect(one, 'click'))}
      onDblClick={act(table.onOpen)}
    >
      {props.columns.map((column) => (
        <Cell key={column.key} column={column} row={row} />
      ))}
    </tr>
  );
}

/** A cell; empty while its row is on its way. */
export function Cell<Row>(props: {
  column: Column<Row>;
  row: Row | undefined;
  /** What stands in the cell beside its text. */
  more?: ComponentChildren;
}): JSX.Element {
  const { column, row } = props;
  const share = row === undefined ? undefined : column.share?.(row);
  const kind = column.numeric === true ? 'vt-num' : 'vt-text';
  return (
    <td
      class={share === undefined ? kind : `${kind} vt-bar`}
      style={share === undefined ? undefined : { '--share': share.toFixed(4) }}
    >
      {row === undefined ? null : column.cell(row)}
      {props.more}
    </td>
  );
}

/** The name of a row as a button, so that a row can be chosen without a mouse or arrows. */
export function RowButton(props: { tab: boolean; children: ComponentChildren }): JSX.Element {
  // No handler: the click reaches the row. A tab stop only where there are few: a thousand of
  // them would be a trap.
  return (
    <button type="button" class="vt-pick" tabIndex={props.tab ? 0 : -1}>
      {props.children}
    </button>
  );
}
