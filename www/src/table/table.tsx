/**
 * A real `<table>` that shows any number of rows and holds only those on screen.
 *
 * Rows have one height and come by blocks from a source; the scroller is one tab stop in which
 * arrows, Page Up/Down, Home and End move the selection and Enter opens it.
 */
import type { ComponentChildren, JSX } from 'preact';
import { HEAD_HEIGHT } from './column';
import type { Column, TableProps } from './column';
import { useTip } from './tip';
import { useVirtual } from './virtual';
import './table.css';

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
              <BodyRow key={index} index={index} row={row} foreign={v.foreign} columns={v.columns} table={props} />
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
    <th scope="col" class={cellClass(column)} aria-sort={order}>
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
  /** To be seen only. */
  foreign: boolean;
  columns: readonly Column<Row>[];
  table: TableProps<Row>;
}

function BodyRow<Row>(props: BodyRowProps<Row>): JSX.Element {
  const { row, table } = props;
  const usable = props.foreign ? undefined : row;
  const selected = usable !== undefined && table.isSelected(usable);
  return (
    <tr
      aria-rowindex={props.index + 2}
      aria-current={selected ? 'true' : undefined}
      class={`vt-row${props.index % 2 === 1 ? ' vt-odd' : ''}`}
      onClick={(event) => {
        // A mouse click would leave the focus on the name, which scrolls away; a reader's stays.
        if (event.detail > 0) event.currentTarget.closest<HTMLElement>('.vt')?.focus({ preventScroll: true });
        if (usable !== undefined) table.onSelect(usable, 'click');
      }}
      onDblClick={() => usable !== undefined && table.onOpen?.(usable)}
      onContextMenu={(event) => usable !== undefined && table.onMenu?.(usable, event)}
    >
      {props.columns.map((column) => (
        <Cell key={column.key} column={column} row={row} />
      ))}
    </tr>
  );
}

function cellClass<Row>(column: Column<Row>): string {
  const kind = column.numeric === true ? 'vt-num' : 'vt-text';
  return column.optional === undefined ? kind : `${kind} vt-extra`;
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
  const kind = cellClass(column);
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
