/**
 * A real `<table>` that shows any number of rows and holds only those on screen.
 *
 * Rows have one height and come by blocks from a source; the scroller is one tab stop in which
 * arrows, Page Up/Down, Home and End move the selection and Enter opens it.
 */
import type { JSX } from 'preact';
import { Cell, Heading } from './cell';
import { copied } from './copy';
import type { HeadingProps } from './cell';
import { HEAD_HEIGHT } from './column';
import type { Column, TableProps } from './column';
import { lazyView } from '../shell/lazy';
import type { FootProps } from './foot';
import { Grip, resizeKey } from './resize';
import { useVirtual } from './virtual';

/** The line under a table; its place is kept. */
const Foot = lazyView(async () => (await import('./foot')).TableFoot);

/** The table. Fills its parent, which must have a height. */
export function Table<Row>(props: TableProps<Row>): JSX.Element {
  const v = useVirtual(props);
  return (
    <div class="vt-frame">
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
            aria-rowcount={props.source.rows + (props.last === undefined ? 1 : 2)}
            style={{ top: `${v.offset}px`, minWidth: `${v.minWidth}px`, ...(v.isFixed ? { width: `${v.minWidth}px` } : {}) }}
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
                <BodyRow key={index} index={index} row={row} table={props} v={v} />
              ))}
            </tbody>
            {props.last !== undefined && <LastRow row={props.last} index={props.source.rows} v={v} />}
          </table>
        </div>
        <span class="hidden-visually" role="status">
          {v.said}
        </span>
      </div>
      {props.foot === true && (
        <div class="vt-foot">
          {/* What is in it knows rows by their names and texts only. */}
          <Foot {...footProps(props, v)} />
        </div>
      )}
    </div>
  );
}

function LastRow<Row>(props: { row: Row; index: number; v: ReturnType<typeof useVirtual<Row>> }): JSX.Element {
  return (
    <tfoot>
      <tr class="vt-row vt-last" aria-rowindex={props.index + 2}>
        {props.v.columns.map((column) => (
          <Cell key={column.key} column={column} row={props.row} />
        ))}
      </tr>
    </tfoot>
  );
}

/** What the line under the table is told. Rows are handed on, and only the table's own columns look into them. */
function footProps<Row>(props: TableProps<Row>, v: ReturnType<typeof useVirtual<Row>>): FootProps {
  const { id = '', label, nameOf, keyOf } = props;
  const rows = v.picks?.rows ?? [];
  return {
    id,
    label,
    // Ticking one that is left out for want of room brings it back.
    columns: props.columns.map((column) => ({ ...column, isShown: v.columns.some(({ key }) => key === column.key) })),
    picked: rows.length,
    canPick: keyOf !== undefined,
    names: () => (nameOf === undefined ? [] : rows.map(nameOf).filter((name) => name !== undefined)),
    text: (form) => copied(label, v.chosen, rows, form),
    clear: () => v.picks?.clear(),
  };
}

function headingProps<Row>(props: TableProps<Row>, column: Column<Row>): HeadingProps {
  const { id, sort, onSort } = props;
  const sized = id === undefined ? undefined : { id, column: column.key };
  const edge = sized === undefined ? {} : { edge: <Grip sized={sized} />, onKey: (event: KeyboardEvent) => void resizeKey(sized, event) };
  if (column.sortable !== true || sort === undefined || onSort === undefined) {
    return { ...edge, order: undefined, onSort: undefined };
  }
  const active = sort.column === column.key;
  return {
    ...edge,
    order: !active ? 'none' : sort.ascending ? 'ascending' : 'descending',
    onSort: () => onSort(column.key),
  };
}

interface BodyRowProps<Row> {
  index: number;
  row: Row | undefined;
  table: TableProps<Row>;
  v: ReturnType<typeof useVirtual<Row>>;
}

function BodyRow<Row>(props: BodyRowProps<Row>): JSX.Element {
  const { index, row, table, v } = props;
  // Of another query: to be seen only.
  const usable = v.foreign ? undefined : row;
  const selected = usable !== undefined && table.isSelected(usable);
  const picked = usable !== undefined && v.picks?.has(usable) === true;
  return (
    <tr
      aria-rowindex={index + 2}
      aria-current={selected ? 'true' : undefined}
      aria-selected={v.picks === undefined || v.picks.rows.length === 0 ? undefined : picked}
      class={`vt-row${index % 2 === 1 ? ' vt-odd' : ''}${picked ? ' vt-picked' : ''}`}
      onMouseDown={(event) => {
        // Shift is for rows here, not for text.
        if (event.shiftKey && v.picks !== undefined) event.preventDefault();
      }}
      onClick={(event) => {
        // A mouse click would leave the focus on the name, which scrolls away; a reader's stays.
        if (event.detail > 0) event.currentTarget.closest<HTMLElement>('.vt')?.focus({ preventScroll: true });
        if (usable !== undefined) v.onRow(usable, index, event);
      }}
      onDblClick={() => usable !== undefined && table.onOpen?.(usable)}
      onContextMenu={(event) => usable !== undefined && v.onMenu(usable, index, event)}
    >
      {v.columns.map((column) => (
        <Cell key={column.key} column={column} row={row} />
      ))}
    </tr>
  );
}
