/** Trace: what goroutines, procs, the scheduler and the collector did in an execution trace. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keyed, useAnswer } from '../../core';
import type { TraceInfo, TraceQuery } from '../../core';
import { traceParams } from '../../lib/tracestate';
import { registerKeys } from '../../shell/keys';
import { cameByHistory, file, update } from '../../state';
import { Drawn } from '../../table/view';
import { close, Detail } from './detail';
import { Head } from './head';
import { asked, goToSection, isUnknown, placeOf, trace } from './question';
import { Section } from './section';
import { neighbour, Sections } from './sections';
import { Teaching } from './teaching';
import { spot, Timeline } from './timeline';
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

/** The file that the state's rows are of. */
let known = '';

/** Rows are numbers of one file: in another one they would be others. */
function useOwnRows(): void {
  const key = file.value?.key ?? '';
  useEffect(() => {
    const { of, row } = trace.peek();
    const isOther = known !== '' && known !== key;
    known = key;
    if (isOther && !cameByHistory() && (of !== '' || row >= 0)) update({ trace: traceParams({ ...trace.peek(), of: '', row: -1 }) });
  }, [key]);
}

function Shown({ query }: { query: TraceQuery }): JSX.Element {
  const answer = useAnswer(() => keyed('trace.info').trace(query), [query]);
  const info = answer.value;
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
  return (
    <>
      <Head info={info} unknown={isUnknown(info, section) ? section : ''} />
      {Timeline !== null && <Timeline asked={query} info={info} spot={spot.value} />}
      <div class="trace-in">
        <Sections info={info} shown={shown} />
        <div class="trace-body">
          <Section query={query} place={place} />
          <Detail query={query} place={place} />
        </div>
      </div>
    </>
  );
}
