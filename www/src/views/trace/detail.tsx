/** A row in full: its figures, where it was, pictures of what it counts, and the ways on. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { core, keyed, useAnswer } from '../../core';
import type { TraceDetail, TraceFrame, TraceQuery, TraceTable } from '../../core';
import { goName, isGoName } from '../../lib/goname';
import { Icon } from '../../shell/icons';
import { file } from '../../state';
import { Chart } from './charts/chart';
import { barColumn, CellText, mainColumn } from './columns';
import { showFlame } from './flame';
import { focusRows, goInto, innerTitle, seen, step, trace } from './question';
import type { Place } from './question';
import { canShow, spot } from './timeline';

/** Pixels of a picture. */
const PICTURE = 72;

interface Found {
  key: string;
  detail: TraceDetail;
}

/** Selects nothing. */
export function close(): void {
  step({ row: -1 });
}

/** The pane. */
export function Detail({ query, place }: { query: TraceQuery; place: Place }): JSX.Element {
  const { row } = trace.value;
  const section = place.id;
  const key = `${section} ${row}`;
  const answer = useAnswer<Found>(
    () => (row < 0 ? null : keyed('trace.detail').traceDetail(query, section, row).then((detail) => ({ key, detail }))),
    [query, section, row],
  );
  const self = useRef<HTMLElement>(null);
  const found = answer.value;
  const isThere = row >= 0;
  useEffect(() => {
    self.current?.scrollTo(0, 0);
    // The pane takes room from the table, and on a narrow screen it covers a part of the page.
    document.querySelector('.trace-section tr[aria-current=true]')?.scrollIntoView({ block: 'nearest' });
  }, [found?.key, isThere]);
  return (
    <aside ref={self} class={isThere ? 'trace-detail' : 'trace-detail none'} aria-label="Selected row" aria-busy={answer.loading}>
      {!isThere && <Reading />}
      {isThere && answer.error !== '' && (
        <>
          <Title text="This row is not there" />
          <p class="dim">The link was made of another trace, or of another version of this page.</p>
        </>
      )}
      {isThere && answer.error === '' && found !== undefined && <Body found={found} place={place} query={query} />}
    </aside>
  );
}

/** What stands in the place of a row, where there is room for it. */
function Reading(): JSX.Element {
  return (
    <>
      <h2>Select a row</h2>
      <p>Its figures, its stack and how its times are spread stand here then, with the way to its flame graph.</p>
      <dl class="trace-reading">
        {WORDS.map(([word, text]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

const WORDS = [
  ['P', 'What a goroutine needs to run. There are GOMAXPROCS of them.'],
  ['running', 'It has a P and runs.'],
  ['to run', 'It could run, and waits for a P: the time that the scheduler costs.'],
  ['blocked', 'It waits for something: a channel, a lock, the network, a timer.'],
  ['syscall', 'It is in a call of the system. One that takes long loses its P.'],
  ['assist', 'It marks for the collector, because it allocates faster than the collector marks.'],
  ['stop', 'All goroutines stand still. Stopping them is a part of it.'],
] as const;

function Title({ text }: { text: string }): JSX.Element {
  return (
    <header class="trace-detail-head">
      <h2>
        <bdi>{text}</bdi>
      </h2>
      <button type="button" class="icon-button" aria-label="Close the row" title="Close the row (Escape)"
        onClick={() => {
          close();
          focusRows();
        }}>
        <Icon name="close" />
      </button>
    </header>
  );
}

/** What has the name of its section is told by its first figure. */
function titleOf({ title, facts }: TraceDetail): string {
  const [first] = facts;
  if (first === undefined) return title;
  return /^\d/.test(first.value) ? `${first.name} ${first.value}` : `${title}: ${first.value}`;
}

function Body({ found, place, query }: { found: Found; place: Place; query: TraceQuery }): JSX.Element {
  const { detail } = found;
  const section = place.id;
  return (
    <>
      <Title text={detail.title === place.title ? titleOf(detail) : detail.title} />
      <Ways detail={detail} row={found.key} section={section} query={query} />
      <div class="trace-detail-in">
        <section aria-label="Figures" class={detail.stack.length === 0 ? 'trace-alone' : undefined}>
          <dl class="trace-figures">
            {detail.facts.map((fact) => (
              <div key={fact.name}>
                <dt>{fact.name}</dt>
                <dd>
                  {isGoName(fact.value) && !/^[\d+<]/.test(fact.value) ? <Whole name={fact.value} /> : fact.value}
                </dd>
              </div>
            ))}
          </dl>
          {detail.notes.map((note) => (
            <p key={note} class="dim">
              {note}
            </p>
          ))}
        </section>
        {detail.stack.length > 0 && <Stack title={detail.stackTitle} frames={detail.stack} />}
        {detail.tables.map((table, at) => (
          <Small key={at} title={detail.titles[at] ?? ''} table={table} />
        ))}
        {detail.charts
          // One bar says what the figures say.
          .filter((chart) => chart.x.length > 1)
          .map((chart) => (
            <Chart key={chart.title} chart={chart} height={PICTURE} />
          ))}
      </div>
    </>
  );
}

/** Where to go from here. */
function Ways(props: { detail: TraceDetail; row: string; section: string; query: TraceQuery }): JSX.Element | null {
  const { detail, section, query } = props;
  const row = seen.value.get(props.row);
  const type = file.value?.sampleTypes[detail.sample];
  const whose = detail.tag.slice(detail.tag.indexOf('=') + 1);
  const hasParts = row !== undefined && row.section !== '';
  const ofFunction = whose !== '' && section !== 'goroutines' && !(hasParts && row.section === 'goroutines');
  const shows = canShow(detail);
  if (type === undefined && !hasParts && !ofFunction && !shows) return null;
  return (
    <p class="trace-ways">
      {hasParts && (
        <button type="button" class="button small" onClick={() => goInto(section, row)}>
          {innerTitle(row.section)}
        </button>
      )}
      {type !== undefined && (
        <button type="button" class="button small" title={`Where ${type.name} come from${whose === '' ? '' : `, of goroutines that began with ${whose}`}`} onClick={() => showFlame(detail)}>
          {`Flame graph of “${type.name}”, ${whose === '' ? 'all goroutines' : 'this function'}${trace.value.range === '' ? '' : ', whole trace'}`}
        </button>
      )}
      {ofFunction && (
        <button type="button" class="button small" title={`Single goroutines that began with ${whose}`} onClick={() => void goToGoroutines(query, whose)}>
          Goroutines of this function
        </button>
      )}
      {shows && (
        <button type="button" class="button small" onClick={() => (spot.value = { at: detail.at, time: detail.time, goroutine: detail.goroutine })}>
          Show in timeline
        </button>
      )}
    </p>
  );
}

/** Shows the goroutines that began with a function. */
async function goToGoroutines(query: TraceQuery, name: string): Promise<void> {
  const asked = { section: 'groups', of: '', search: name, column: -1, ascending: false };
  // A refusal means that the file was closed meanwhile.
  const table = await core.traceTable(query, asked, 0, 1000).catch(() => null);
  if (table === null) return;
  const main = mainColumn(table.columns);
  const row = table.rows.find((one) => one.cells[main] === name && one.section !== '');
  if (row !== undefined) goInto('groups', row);
}

/** A name in as many lines as it needs: paths break behind their parts. */
function Whole({ name }: { name: string }): JSX.Element {
  const { dim, strong } = goName(name);
  return (
    <span class="trace-frame">
      <span class="dim">
        {dim.split(/(?<=\/)/).map((part, at) => (
          <span key={at}>
            {part}
            <wbr />
          </span>
        ))}
      </span>
      {strong}
    </span>
  );
}

/** Frames, innermost first; those of the program's own stand out. */
export function Stack({ title, frames }: { title: string; frames: readonly TraceFrame[] }): JSX.Element {
  return (
    <section aria-label={title} class="trace-stack">
      <h3>{title}</h3>
      <ol aria-label={`${title}, innermost first`}>
        {frames.map((frame, at) => (
          <li key={at} class={frame.own ? 'own' : undefined}>
            <Whole name={frame.name} />
            <span class="trace-source" title={frame.place}>
              {frame.place.replace(/.*\//, '')}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** A table of few rows. */
function Small({ title, table }: { title: string; table: TraceTable }): JSX.Element {
  const { columns, rows } = table;
  const bar = barColumn(columns, '');
  return (
    <section class="trace-small" aria-label={title}>
      <h3>{title}</h3>
      <div class="trace-small-scroll" tabIndex={0} role="group" aria-label={`${title}, table`}>
        <table aria-label={title}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.title} scope="col" class={column.kind === 'number' ? 'vt-num' : undefined}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                {columns.map(({ kind }, at) => (
                  <td key={at} class={`${kind === 'number' ? 'vt-num' : ''}${at === bar ? ' vt-bar' : ''}`}
                    style={at === bar ? { '--share': Math.max(row.share, 0).toFixed(4) } : undefined}>
                    <CellText kind={kind} text={row.cells[at] ?? ''} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
