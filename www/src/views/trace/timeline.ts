/** The place of the timeline in the view, and what leads there. It is fetched when it is first shown. */
import { signal } from '@preact/signals';
import type { TraceInfo, TraceSectionInfo } from '../../core';
import { lazyView } from '../../shell/lazy';

/** What the timeline is asked to show. */
export interface Spot {
  /** When it was, in nanoseconds from the beginning of the trace. */
  at: number;
  /** How long, in nanoseconds. */
  time: number;
  /** Number of the goroutine; -1 for none. */
  goroutine: number;
}

/** What it is told. */
export interface TimelineProps {
  /** What somebody wants to see; null for nothing in particular. */
  spot: Spot | null;
}

/** What draws it. */
export const Timeline = lazyView<TimelineProps>(() => import('./timeline/view').then(({ TimelineView }) => TimelineView), 'trace-section');

/** What was asked for last. */
export const spot = signal<Spot | null>(null);

/** Whether a moment can be shown. */
export function canShow({ at }: Pick<Spot, 'at'>): boolean {
  return at >= 0;
}

/** The section, in the list of all. */
export const SECTION: TraceSectionInfo = {
  id: 'timeline',
  title: 'Timeline',
  about: 'Every goroutine, proc, thread and task over time. The file is read a second time for it.',
  headline: 'every event, over time',
  hasRows: true,
};

/** A trace with the timeline as its first section. */
export function withTimeline(info: TraceInfo): TraceInfo {
  return { ...info, sections: [SECTION, ...info.sections] };
}
