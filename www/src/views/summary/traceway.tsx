/** The way from the summary of a trace into the Trace view: its sections with their figures. */
import type { JSX } from 'preact';
import { keyed, useAnswer } from '../../core';
import { TRACE_DEFAULTS, traceParams } from '../../lib/tracestate';
import { file, update } from '../../state';
import './traceway.css';

function go(section: string): void {
  update({ view: 'trace', trace: traceParams({ ...TRACE_DEFAULTS, section }) }, { push: true });
}

/** One line, whose place is there before it; what it has no room for scrolls. */
export function TraceWay(): JSX.Element {
  const id = file.value?.id ?? 0;
  const answer = useAnswer(() => keyed('trace.way').trace({ file: id, from: 0, to: 0, system: false }), [id]);
  const sections = answer.value?.sections.filter(({ hasRows }) => hasRows) ?? [];
  return (
    <nav class="trace-way" aria-label="Sections of the trace">
      <button type="button" class="button small primary" onClick={() => go('')}>
        Open Trace
      </button>
      {sections.map(({ id: section, title, about, headline }) => (
        <button key={section} type="button" class="trace-way-part" title={about} onClick={() => go(section)}>
          {title} {headline !== '' && <b>{headline}</b>}
        </button>
      ))}
    </nav>
  );
}
