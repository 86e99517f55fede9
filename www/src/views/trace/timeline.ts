/** The place of the timeline, at the top of the view, and what leads there. */
import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import type { TraceInfo, TraceQuery } from '../../core';

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
  asked: TraceQuery;
  info: TraceInfo;
  /** What somebody wants to see; null for nothing in particular. */
  spot: Spot | null;
}

/** What draws it; null while nothing does: then there is no place for it, and nothing leads there. */
export const Timeline: FunctionComponent<TimelineProps> | null = null;

/** What was asked for last. */
export const spot = signal<Spot | null>(null);

/** Whether a moment can be shown. */
export function canShow({ at }: Pick<Spot, 'at'>): boolean {
  return Timeline !== null && at >= 0;
}
