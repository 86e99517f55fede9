/** A table of a few rows, all of them in the document. */
import type { JSX } from 'preact';
import type { FrameName } from '../core';
import { useAsked, useSelected } from './asked';
import { openFrameMenu } from '../shell/choose';
import { pick, showCallers, showInFlame } from './show';
import { withRoom } from './column';
import { Cell, Heading } from './cell';
import type { Column } from './column';

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Whom a row is about. */
  nameOf: (row: Row) => FrameName;
}

/** The table. A row selects its function; the selected row offers the ways on. */
export function SmallTable<Row>(props: Props<Row>): JSX.Element {
  const columns = withRoom(props.columns, props.rows);
  return (
    <table class="vt-table vt-small" aria-label={props.label}>
      <colgroup>
        {columns.map((column) => (
          <col key={column.key} class={column.optional === undefined ? undefined : 'vt-extra'} style={{ width: column.grow === true ? 'auto' : `${column.width}px` }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {props.columns.map((column) => (
            <Heading key={column.key} column={column} order={undefined} onSort={undefined} />
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <SmallRow key={props.nameOf(row).node} row={row} columns={props.columns} name={props.nameOf(row)} />
        ))}
      </tbody>
    </table>
  );
}

function SmallRow<Row>(props: { row: Row; columns: readonly Column<Row>[]; name: FrameName }): JSX.Element {
  const { name } = props;
  const asked = useAsked();
  return (
    <tr
      class="vt-row"
      aria-current={useSelected() === name.node ? 'true' : undefined}
      onClick={() => pick(name, asked)}
      onDblClick={() => void showInFlame(name, asked)}
      onContextMenu={(event) => openFrameMenu(name, asked, event)}
    >
      {props.columns.map((column) => (
        <Cell key={column.key} column={column} row={props.row} more={column.grow === true && <GoButtons name={name} />} />
      ))}
    </tr>
  );
}

/** The ways on from a function. */
export function GoButtons(props: { name: FrameName }): JSX.Element {
  const { name } = props;
  const asked = useAsked();
  return (
    <span class="go">
      <button type="button" aria-label={`Show ${name.full} in the flame graph`} onClick={stop(() => void showInFlame(name, asked))}>
        Flame
      </button>
      <button type="button" aria-label={`Show callers and callees of ${name.full}`} onClick={stop(() => showCallers(name, asked))}>
        Callers
      </button>
    </span>
  );
}

/** The button's action instead of the row's. */
function stop(action: () => void): (event: Event) => void {
  return (event) => {
    event.stopPropagation();
    action();
  };
}
