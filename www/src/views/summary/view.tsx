/** Summary: the first look at a file: what it is, where it goes, who costs most, how far to trust it. */
import type { JSX } from 'preact';
import { keyed, useQueryAnswer } from '../../core';
import type { DiagnosticDto, FileInfo, Summary, TopRow } from '../../core';
import { showFile } from '../../session';
import { lazyView } from '../../shell/lazy';
import { file, files, hasNoSamples, query } from '../../state';
import { CUM, CUM_PCT, FLAT, FLAT_PCT, topName } from '../../table/columns';
import { SmallTable } from '../../table/small';
import { Answered, Drawn } from '../../table/view';
import { MechanismBar } from './bar';
import './summary.css';

/** What is worth changing. The rules are asked once the rest is drawn, and so is their part of the page. */
const Findings = lazyView(async () => (await import('./findings')).Findings);

/** From a trace to its own view: what stands below is about stacks alone. */
const TraceWay = lazyView(async () => (await import('./findings')).TraceWay, 'trace-way');

/** Of a file without sample types. It is no profile: what it takes is fetched when one is there. */
const Bare = lazyView<{ info: FileInfo }>(async () => (await import('../../shell/nosamples')).Bare);

/** The Summary view. */
export function SummaryView(): JSX.Element {
  const asked = query.value;
  const answer = useQueryAnswer(asked, (now) => keyed('view').summary(now), []);
  return (
    <section class="page summary" aria-label="Summary">
      <div class="page-in">
        {file.value !== null && hasNoSamples(file.value) ? (
          <Bare info={file.value} />
        ) : (
          <Answered answer={answer}>{(summary) => <SummaryBody summary={summary} />}</Answered>
        )}
        <OtherFiles />
      </div>
    </section>
  );
}

/** Keeps the room of the first findings, so that what stands below stays where it is. */
export function FindingsPlace(): JSX.Element {
  return (
    <div class="findings-place">
      <Findings />
    </div>
  );
}

function SummaryBody(props: { summary: Summary }): JSX.Element {
  const { summary } = props;
  return (
    <>
      <p class="headline">{summary.headline}</p>
      {summary.verdict.length > 0 && (
        <ul class="verdict">
          {summary.verdict.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {file.value?.kind === 'trace' && <TraceWay />}
      <FindingsPlace />
      {summary.bar.length > 0 && <MechanismBar parts={summary.bar} title={barTitle(file.value, query.value?.sample ?? 0)} />}
      <div class="tops">
        <TopFive title="Most by itself" columns={FLAT_COLUMNS} rows={summary.topFlat} />
        <TopFive title="Most with what it calls" columns={CUM_COLUMNS} rows={summary.topCum} />
      </div>
      <Notes notes={summary.notes} />
      <Facts />
      <Drawn view="summary" of={summary} />
    </>
  );
}

const FLAT_COLUMNS = [FLAT, FLAT_PCT, topName(true)];
const CUM_COLUMNS = [CUM, CUM_PCT, topName(true)];

const UNITS_OF_TIME = /^(ns|us|µs|μs|ms|s|(nano|micro|milli)?seconds?|min(ute)?s?|hours?|h)$/;
const UNITS_OF_MEMORY = /^(b|[kmgt]i?b|(kilo|mega|giga|tera)?bytes?)$/;

/** The question that the bar answers, in the words of what is counted. */
export function barTitle(info: FileInfo | null, sample: number): string {
  const { name = '', unit = '' } = info?.sampleTypes[sample] ?? {};
  if (name.includes('objects')) return 'Where do the objects come from?';
  if (UNITS_OF_MEMORY.test(unit.toLowerCase())) return 'Where does the memory go?';
  if (UNITS_OF_TIME.test(unit.toLowerCase())) return 'Where does the time go?';
  if (name === 'goroutine') return 'Where do goroutines stand?';
  // Its samples are taken at even steps of time.
  if (info?.kind === 'cpu') return 'Where does the time go?';
  if (name === 'contentions') return 'Where do goroutines wait for each other?';
  return 'Where do they come from?';
}

function TopFive(props: { title: string; columns: typeof FLAT_COLUMNS; rows: readonly TopRow[] }): JSX.Element {
  return (
    <section aria-label={props.title}>
      <h2>{props.title}</h2>
      {props.rows.length === 0 ? (
        <p class="empty">No samples of this type.</p>
      ) : (
        <SmallTable label={props.title} columns={props.columns} rows={props.rows} nameOf={(row) => row.name} />
      )}
    </section>
  );
}

/** What has to be known before it is believed. */
export function Notes(props: { notes: readonly DiagnosticDto[] }): JSX.Element | null {
  if (props.notes.length === 0) return null;
  return (
    <section aria-label="How far to trust it">
      <h2>How far to trust it</h2>
      <ul class="notes">
        {props.notes.map((note) => (
          <li key={note.message} class={`note note-${note.severity}`}>
            <strong>{note.severity === 'warning' ? 'Warning' : 'Note'}</strong> {note.message}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the file says of itself. */
export function Facts(): JSX.Element | null {
  const facts = file.value?.facts ?? [];
  if (facts.length === 0) return null;
  return (
    <details class="facts">
      <summary>About this file</summary>
      <dl>
        {facts.map((fact) => (
          <div key={fact.name}>
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function OtherFiles(): JSX.Element | null {
  const others = files.value.filter((info) => info.error == null && info.id !== file.value?.id);
  if (others.length === 0) return null;
  return (
    <section aria-label="Other files of this session">
      <h2>Other files of this session</h2>
      <ul class="others">
        {others.map((info) => (
          <li key={info.id}>
            <button type="button" class="link" onClick={() => showFile(info)}>
              {info.name}
            </button>
            <span class="dim">
              {[info.kindLabel, info.duration, info.sampleTypes[info.defaultSample]?.total]
                .filter((part) => part !== undefined && part !== '')
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
