/** Headings and cells, of long tables and of small ones. */
import type { ComponentChildren, JSX } from 'preact';
import type { Column } from './column';
import { useTip } from './tip';
import './table.css';

/** How a heading sorts, and what else it can do. */
export interface HeadingProps {
  order: 'ascending' | 'descending' | 'none' | undefined;
  onSort: (() => void) | undefined;
  /** What stands at its right edge. */
  edge?: ComponentChildren;
  onKey?: (event: KeyboardEvent) => void;
}

/** A heading that explains itself and, where it can, sorts. */
export function Heading<Row>(props: { column: Column<Row> } & HeadingProps): JSX.Element {
  const { column, order } = props;
  const tip = useTip(column.help);
  const sortable = props.onSort !== undefined;
  return (
    <th scope="col" class={cellClass(column)} aria-sort={order} onKeyDown={props.onKey}>
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
      {props.edge}
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
