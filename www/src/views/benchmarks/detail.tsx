/** Everything about the selected row: its samples, the order of its runs, what differs, and what is odd. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { keyed, useAnswer } from '../../core';
import type { BenchDetail, BenchDetailColumn } from '../../core';
import { Icon } from '../../shell/icons';
import { Value } from '../../table/value';
import { Causes } from './causes';
import { changeNotes, changeText } from './cells';
import { verdictClass } from './picture';
import { Lane, LaneAxis, Runs, sampleText, TrendPlot } from './plots';
import type { Pointed } from './plots';
import { bench, placeOfChosen, step, wantedRow } from './question';
import type { Wanted } from './question';
import type { Found } from './rows';
import { Reading } from './teaching';

async function load(found: Found, text: string, { table, label }: Wanted): Promise<BenchDetail | null> {
  if (table < 0) return null;
  const known = placeOfChosen(found.asked, text);
  const at = known < 0 ? await keyed('bench.row').benchRow(found.asked.query, table, label) : known;
  return at < 0 ? null : keyed('bench.detail').benchDetail(found.asked.query, table, at);
}

/** The pane. */
export function Detail({ found }: { found: Found }): JSX.Element {
  const text = bench.value.sel;
  const wanted = wantedRow(text, found.info.tables);
  const answer = useAnswer(
    () => (wanted === null ? null : load(found, text, wanted)),
    [found, text],
  );
  const detail = answer.value;
  // Where tables scroll with the page, keys lead out of sight; and on a narrow screen the pane covers a part.
  useEffect(() => {
    if (detail != null) document.querySelector('.bench tr[aria-current=true]')?.scrollIntoView({ block: 'nearest' });
  }, [detail]);
  return (
    <aside class={wanted === null ? 'bench-detail none' : 'bench-detail'} aria-label="Selected benchmark" aria-busy={answer.loading}>
      {wanted === null && <Reading info={found.info} />}
      {wanted !== null && answer.error !== '' && (
        <p class="view-error" role="alert">
          {answer.error}
        </p>
      )}
      {wanted !== null && detail === null && !answer.loading && (
        <>
          <Title label={wanted.label} />
          <p class="dim">It is not among the rows any more: they are grouped or filtered otherwise, or its file is not open.</p>
        </>
      )}
      {wanted !== null && detail != null && <Body detail={detail} />}
    </aside>
  );
}

function Title({ label }: { label: string }): JSX.Element {
  return (
    <header class="bench-detail-head">
      <h2>
        <bdi>{label === '' ? '(no name)' : label}</bdi>
      </h2>
      <button type="button" class="icon-button" aria-label="Select nothing" title="Select nothing (Escape)" onClick={() => step({ sel: '' })}>
        <Icon name="close" />
      </button>
    </header>
  );
}

function Body({ detail }: { detail: BenchDetail }): JSX.Element {
  const [pointed, point] = useState<Pointed | null>(null);
  useEffect(() => point(null), [detail]);
  const { columns } = detail;
  const shown = pointed === null ? undefined : columns[pointed.column];
  return (
    <>
      <Title label={detail.label} />
      <section aria-label="Samples">
        <h3>
          Samples <span class="dim">{detail.unit}</span>
        </h3>
        {columns.map((column, at) => (
          <div key={at} class="bench-detail-column">
            <p class="bench-detail-line">
              <bdi class="bench-detail-label">{column.label}</bdi>
              <span class="bench-detail-value">
                <Value text={column.cell.value} />
                {column.cell.range !== '' && <span class="bench-range"> ± {column.cell.range}</span>}
              </span>
            </p>
            <Lane column={column} at={at} ticks={detail.ticks} pointed={pointed} point={point} />
          </div>
        ))}
        <LaneAxis detail={detail} />
        {/* Its place is kept: what stands below does not move. */}
        <p class="bench-pointed-text dim">{shown === undefined || pointed === null ? 'Point at a sample to see its run.' : sampleText(shown, pointed.run)}</p>
      </section>
      <Differences columns={columns} />
      {detail.causes.map((causes) => (
        <Causes key={`${causes.column} ${causes.sample}`} causes={causes} several={detail.causes.length > 1} />
      ))}
      {columns.length > 2 && (
        <section aria-label="Trend">
          <h3>Trend</h3>
          <TrendPlot detail={detail} />
        </section>
      )}
      <section aria-label="Order of runs">
        <h3>In the order of runs</h3>
        <Runs detail={detail} pointed={pointed} point={point} />
        <Oddities columns={columns} />
      </section>
      <Facts detail={detail} />
    </>
  );
}

function Differences({ columns }: { columns: readonly BenchDetailColumn[] }): JSX.Element | null {
  const later = columns.filter(({ cell }) => cell.change !== undefined);
  const noted = columns.some(({ cell }) => cell.notes.length > 0);
  if (later.length === 0 && !noted) return null;
  return (
    <section aria-label="Difference">
      {later.length > 0 && <h3>Difference</h3>}
      {later.map(({ label, cell }) =>
        cell.change === undefined ? null : (
          <div key={label} class="bench-difference">
            {later.length > 1 && <p class="dim">{label}</p>}
            <p>
              <strong class={verdictClass(cell).trim()}>{changeText(cell.change)}</strong> <span class="dim">{cell.change.evidence}</span>
            </p>
            {cell.change.ratio !== '' && <p>Ratio of the samples: {cell.change.ratio}</p>}
            {changeNotes(cell.change).map((note) => (
              <p key={note} class="dim">
                {note}
              </p>
            ))}
          </div>
        ),
      )}
      {columns.map(({ label, cell }) =>
        cell.notes.map((note) => (
          <p key={label + note} class="dim">
            {columns.length > 1 && `${label}: `}
            {note}
          </p>
        )),
      )}
    </section>
  );
}

function Oddities({ columns }: { columns: readonly BenchDetailColumn[] }): JSX.Element | null {
  const odd = columns.flatMap(({ label, oddities }) => oddities.map((text) => ({ label, text })));
  if (odd.length === 0) return null;
  return (
    <ul class="bench-oddities">
      {odd.map(({ label, text }) => (
        <li key={label + text}>
          <Icon name="warning" />
          <span>
            {columns.length > 1 && <bdi>{`${label}: `}</bdi>}
            {text}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Keys of the row, and numbers about each column. */
function Facts({ detail }: { detail: BenchDetail }): JSX.Element {
  const { columns, keys } = detail;
  const names = [...new Set(columns.flatMap(({ facts }) => facts.map(({ name }) => name)))];
  return (
    <section aria-label="Figures">
      <h3>Figures</h3>
      <div class="doc-table" tabIndex={0}>
        <table class="bench-facts" aria-label="Figures">
          <thead>
            <tr>
              <td />
              {columns.map(({ label }, at) => (
                <th key={at} scope="col">
                  <bdi>{label}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {columns.map(({ facts }, at) => (
                  <td key={at}>{facts.find((fact) => fact.name === name)?.value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {keys.length > 1 && (
        <dl class="bench-row-keys">
          {keys.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
