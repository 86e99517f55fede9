/** Callers & callees: one function in the middle; who calls it above, whom it calls below. */
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { keyed, notYet, useQueryAnswer } from '../../core';
import type { EdgeRow, Neighbours, Query, TopRow } from '../../core';
import { countText } from '../../lib/bytes';
import { query, selected, state, whereabouts } from '../../state';
import { useAsked } from '../../table/asked';
import { CUM, CUM_PCT, FLAT, edgeColumns, topName } from '../../table/columns';
import { Frame } from '../../table/frame';
import { arraySource } from '../../table/rows';
import { pick, showInFlame, showSource } from '../../table/show';
import { SmallTable } from '../../table/small';
import { Table } from '../../table/table';
import { TERMS } from '../../table/terms';
import { Explained } from '../../table/tip';
import { Value } from '../../table/value';
import { Answered, Drawn } from '../../table/view';
import './callers.css';

/** The Callers & callees view. */
export function CallersView(): JSX.Element {
  const asked = query.value;
  const node = selected.value;
  const looking = whereabouts.value === 'looking';
  const answer = useQueryAnswer<Shown>(asked, (now) => (looking ? notYet() : load(now, node)), [node, looking]);
  return (
    <section class="pane callers" aria-label="Callers and callees">
      <Answered answer={answer}>
        {(shown) => (
          <>
            {'start' in shown ? <Start rows={shown.start} /> : <Middle shown={shown} />}
            <Drawn view="callers" of={shown} />
          </>
        )}
      </Answered>
    </section>
  );
}

type Shown = Neighbours | { start: TopRow[] };

/** The neighbours of the selected function; while none is selected, functions to start from. */
async function load(asked: Query, node: number | null): Promise<Shown> {
  if (node !== null) return keyed('view').neighbours(asked, node);
  return { start: await keyed('view').topRows(asked, { column: 'cum', ascending: false, search: '' }, 0, 5) };
}

const START_COLUMNS = [CUM, CUM_PCT, FLAT, topName(true)];

function Start(props: { rows: readonly TopRow[] }): JSX.Element {
  const missing = state.value.sel;
  const where = whereabouts.value;
  return (
    <div class="page">
      <div class="page-in">
        <h2>Pick a function</h2>
        {where === 'absent' && <p>“{missing}” is not in this profile.</p>}
        {where === 'grouped' && <p>“{missing}” is in this profile, but it is not a row as rows are grouped now.</p>}
        <p class="dim">
          This view puts one function in the middle, lists who calls it and whom it calls, and how much flows through
          each call. Select a function in any view, search for one, or start with one of the heaviest:
        </p>
        <SmallTable label="Heaviest functions" columns={START_COLUMNS} rows={props.rows} nameOf={(row) => row.name} />
      </div>
    </div>
  );
}

function Middle(props: { shown: Neighbours }): JSX.Element {
  const { shown } = props;
  const { row } = shown;
  const asked = useAsked();
  return (
    <div class="callers-in">
      <Side
        title="Callers"
        rows={shown.callers}
        count={shown.callerCount}
        of={row}
        empty="Nothing calls it: every stack with it starts here."
      />
      <div class="middle" role="group" aria-label="Selected function">
        <span class="middle-name">
          <Frame name={row.name} inline={row.inline} source />
        </span>
        <dl class="middle-values">
          <Figure label="flat" value={row.flat} pct={row.flatPct} />
          <Figure label="cum" value={row.cum} pct={row.cumPct} />
        </dl>
        <span class="middle-go">
          <button type="button" class="link" onClick={() => void showInFlame(row.name, asked)}>
            Flame graph
          </button>
          <button type="button" class="link" onClick={() => showSource(row.name, asked)}>
            Source
          </button>
        </span>
      </div>
      <Side
        title="Callees"
        rows={shown.callees}
        count={shown.calleeCount}
        of={row}
        empty="It calls nothing that was sampled: all of its cost is its own."
      />
    </div>
  );
}

function Figure(props: { label: 'flat' | 'cum'; value: string; pct: string }): JSX.Element {
  return (
    <div>
      <dt>
        <Explained text={TERMS[props.label]}>{props.label}</Explained>
      </dt>
      <dd>
        <Value text={props.value} /> <span class="dim">{props.pct}</span>
      </dd>
    </div>
  );
}

interface SideProps {
  title: string;
  rows: readonly EdgeRow[];
  /** Neighbours in all; more than the rows when the list was cut. */
  count: number;
  of: TopRow;
  empty: string;
}

const EDGE_COLUMNS = edgeColumns(TERMS.edge, TERMS.edgePct, false);

function Side(props: SideProps): JSX.Element {
  const { title, rows, count, of } = props;
  const asked = useAsked();
  // Arrows walk the list; only Enter or a click moves the middle, or the list would run away.
  const [cursor, setCursor] = useState<number | null>(null);
  const source = useMemo(() => arraySource(`${title} ${of.name.node} ${of.cum}`, rows), [rows]);
  return (
    <section class="nb" aria-label={title}>
      <h2>
        {title} <span class="dim">{count === rows.length ? countText(count) : `${countText(rows.length)} heaviest of ${countText(count)}`}</span>
      </h2>
      {rows.length === 0 ? (
        <p class="empty">{props.empty}</p>
      ) : (
        <div class="pane-fill">
          <Table
            label={title}
            id="edges"
            columns={EDGE_COLUMNS}
            source={source}
            nameOf={(row) => row.name}
            keyOf={(row) => row.name.full}
            isSelected={(row) => row.name.node === cursor}
            onSelect={(row, by) => (by === 'key' ? setCursor(row.name.node) : pick(row.name, asked))}
            onOpen={(row) => pick(row.name, asked)}
            announce={(row) => `${row.name.full}, ${row.value}, ${row.pct}`}
          />
        </div>
      )}
    </section>
  );
}
