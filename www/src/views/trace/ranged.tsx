/** The part of a trace that all sections are about: what says so, and what is there before it can be counted. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { partOf } from '../../lib/tracestate';
import { Icon } from '../../shell/icons';
import { file } from '../../state';
import { step, trace } from './question';
import { Loading } from './timeline/loading';
import { lengthText, timeText } from './timeline/scale';
import { load } from './timeline/store';
import './ranged.css';

/** Says which part it is, and leads back to the whole. */
export function RangeChip({ tick }: { tick: number }): JSX.Element | null {
  const part = partOf(trace.value.range);
  if (part === null) return null;
  const [from, to] = [timeText(part.from, Math.max(1, tick)), timeText(part.to, Math.max(1, tick))];
  return (
    <div class="trace-range" role="group" aria-label="Range">
      <span>
        Only {from} to {to} of the trace, <b>{lengthText(part.to - part.from)}</b>
      </span>
      <button type="button" class="button small" onClick={() => step({ range: '', row: -1 })}>
        <Icon name="close" />
        Whole trace
      </button>
    </div>
  );
}

/** A range is counted from the events of the timeline: they are read first. */
export function RangeLoading(): JSX.Element {
  useEffect(() => load(), [file.value]);
  return (
    <section class="trace-section" aria-label="Range" aria-busy="true">
      <Loading why="A part of a trace is counted from its events: the file is read a second time for it, and they are kept in memory until it is closed or another timeline is read." />
    </section>
  );
}
