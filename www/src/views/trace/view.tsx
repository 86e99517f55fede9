/** Trace: what goroutines, procs, the scheduler and the collector did in an execution trace. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { keyed, useAnswer } from '../../core';
import type { TraceInfo, TraceQuery } from '../../core';
import { traceParams } from '../../lib/tracestate';
import { registerKeys } from '../../shell/keys';
import { cameByHistory, file, state, update } from '../../state';
import { Drawn } from '../../table/view';
import { close, Detail } from './detail';
import { Head } from './head';
import { asked, cursor, goToSection, isUnknown, placeOf, ranged, step, trace } from './question';
import { RangeChip, RangeLoading } from './ranged';
import { Section } from './section';
import { neighbour, Sections } from './sections';
import { share, Splitter } from './splitter';
import { Teaching } from './teaching';
import { SECTION, spot, Timeline, withTimeline } from './timeline';
import './trace.css';
import './detail.css';

/** The Trace view. */
export function TraceView(): JSX.Element {
  const query = asked.value;
  useOwnRows();
  return (
    <section class="pane trace" aria-label="Trace">
      {query === null ? <Teaching /> : <Shown query={query} />}
    </section>
  );
}

/** The file that the state's rows are of, and with its range. */
let known = '';
let knownFile = '';

/** Rows are numbers of one file: in another one they would be others. */
function useOwnRows(): void {
  // What a link names may be on its way, while another file is shown.
  const ofFile = state.value.file || (file.value?.key ?? '');
  const key = `${ofFile} ${trace.value.range}`;
  useEffect(() => {
    const now = trace.peek();
    const isOther = known !== '' && known !== key;
    const isOtherFile = knownFile !== '' && knownFile !== ofFile;
    [known, knownFile] = [key, ofFile];
    if (!isOther) return;
    cursor.value = { section: '', row: -1 };
    if (isOtherFile) spot.value = null;
    if (cameByHistory()) return;
    // So are goroutines, and times.
    const next = { ...now, of: '', row: -1, ...(isOtherFile ? { pins: '', window: '', range: '' } : {}) };
    if (JSON.stringify(next) !== JSON.stringify(now)) update({ trace: traceParams(next) });
  }, [key]);
}

function Shown({ query }: { query: TraceQuery }): JSX.Element {
  const answer = useAnswer(() => keyed('trace.info').trace(query), [query]);
  const info = useMemo(() => (answer.value === undefined ? undefined : withTimeline(answer.value)), [answer.value]);
  return (
    <div class="trace-all" aria-busy={answer.loading}>
      {answer.error !== '' && (
        <p class="view-error" role="alert">
          {answer.error}
          <Drawn view="trace" of={answer.error} />
        </p>
      )}
      {info !== undefined && (info.available ? <All info={info} query={query} /> : <Teaching />)}
    </div>
  );
}

function All({ info, query }: { info: TraceInfo; query: TraceQuery }): JSX.Element {
  const place = placeOf(info, trace.value);
  const { section } = trace.value;
  const shown = place.outer?.id ?? place.id;
  const latest = useRef(shown);
  latest.current = shown;
  useEffect(() => {
    const go = (by: 1 | -1): void => goToSection(neighbour(info, latest.current, by));
    const group = 'Trace';
    return registerKeys([
      // The open row goes first, before what else Escape clears.
      { keys: ['Escape'], label: 'Close the open row', group, run: () => trace.peek().row >= 0 && close() },
      { keys: ['['], label: 'Section before', group, run: () => go(-1) },
      { keys: [']'], label: 'Next section', group, run: () => go(1) },
      ...info.sections.map(({ id, title }) => ({ keys: [], label: '', group, command: `Trace: ${title}`, run: () => goToSection(id) })),
    ]);
  }, [info]);
  useEffect(() => () => void (spot.value = null), []);
  // What a row was about is shown where it can be seen.
  useEffect(() => {
    if (spot.value !== null && place.id !== SECTION.id) step({ section: SECTION.id, row: -1 });
  }, [spot.value]);
  return (
    <>
      <Head info={info} unknown={isUnknown(info, section) ? section : ''} />
      <RangeChip tick={info.tick} />
      <div class="trace-in">
        <Sections info={info} shown={shown} />
        <div class="trace-body" style={{ '--detail': `${share.value}%` }}>
          {place.id === SECTION.id ? (
            <Timeline spot={spot.value} />
          ) : ranged.value === 'missing' ? (
            <RangeLoading />
          ) : (
            <>
              <Section query={query} place={place} />
              {trace.value.row >= 0 && <Splitter />}
              <Detail query={query} place={place} />
            </>
          )}
        </div>
      </div>
    </>
  );
}
