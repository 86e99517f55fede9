// What the timeline asks of the core, as it is answered. Types; nothing here runs.

import type { Fact, OpenProgress, TraceFrame } from '../../../pkg/dropprof.js';

/** A timeline that can be drawn. */
export interface TimelineOpened {
  /** Records that are kept. */
  records: number;
  /** Bytes that it takes. */
  bytes: number;
  /** Its length, in nanoseconds. */
  length: number;
  /** Nanoseconds of a tick of the clock. */
  tick: number;
  /** The lanes that it begins with, in order. */
  lanes: TimelineLane[];
  /** What states are called, by their number. */
  states: string[];
}

/** A lane. */
export interface TimelineLane {
  id: number;
  name: string;
  /** `collector`, `heap`, `counts`, `procs`, `proc`, `thread`, `group`, `goroutine`, `regions`, `tasks`, `task`. */
  kind: string;
  /** Goroutines of a group, tasks of a type; else 1. */
  members: number;
  /** Of the runtime's own goroutines. */
  system: boolean;
  /** How long it was busy, as text. */
  total: string;
  /** Its row is pixels; else it is lines of numbers. */
  pixels: boolean;
}

/** Lanes that are parts of another. */
export interface TimelineLanes {
  lanes: TimelineLane[];
  total: number;
}

/** What is at a place of a timeline. */
export interface TimelineSpot {
  found: boolean;
  title: string;
  from: number;
  to: number;
  facts: Fact[];
  stack: TraceFrame[];
  waker?: TimelineLink;
  woken?: TimelineLink;
  goroutine?: TimelineLane;
}

/** A place to go to. */
export interface TimelineLink {
  lane: TimelineLane;
  at: number;
  text: string;
}

/** What a search has found. */
export interface TimelineHits {
  hits: TimelineLink[];
  total: number;
}

/** A picture of a window, copied out of wasm memory and transferred. */
export interface TimelineColumns {
  width: number;
  /** `width` colours for each row. */
  pixels: Uint32Array;
  /** Which of the asked lanes each row of pixels is. */
  pixelRows: Uint32Array;
  /** Least, most and mean for each pixel, for each series. */
  series: Float32Array;
  seriesRows: Uint32Array;
  spanRow: Uint32Array;
  spanState: Uint32Array | Uint8Array;
  spanLabel: Uint32Array;
  spanX0: Float32Array;
  spanX1: Float32Array;
  spanDepth: Uint32Array | Uint8Array;
  spanGoroutine: Uint32Array;
  labels: string[];
}

/** Questions about the timeline that was read last. */
export interface TimelineVerbs {
  timelinePaint(from: number, to: number, width: number, lanes: Float64Array, palette: Uint32Array): TimelineColumns;
  timelineMembers(lane: number, skip: number, most: number): TimelineLanes;
  /** No lane where the trace has no such goroutine. */
  timelineLane(goroutine: number): TimelineLanes;
  timelineAt(lane: number, at: number): TimelineSpot;
  timelineStep(lane: number, at: number, forward: boolean): number;
  timelineSearch(text: string, most: number): TimelineHits;
}

/** How a timeline is made: what the worker does with the core. */
export interface TimelineSession {
  timelineStart(file: number, name: string, size: number): void;
  timelinePush(chunk: Uint8Array): OpenProgress;
  timelineFinish(): TimelineOpened;
  timelineCancel(): void;
}
