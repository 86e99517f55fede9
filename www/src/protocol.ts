// What the page and its worker say to each other. Types, and the numbers in them; nothing here runs.

import type { FileInfo, Session, TimelineOpened } from './pkg/dropprof.js';

/** Questions about an opened file. They keep the names that the core gives them. */
export type Verb =
  | 'top'
  | 'topRows'
  | 'topPlace'
  | 'search'
  | 'filters'
  | 'pprof'
  | 'flame'
  | 'flameBoxes'
  | 'flameBox'
  | 'flameFind'
  | 'flamePlace'
  | 'flameGroups'
  | 'flameGroupsOf'
  | 'names'
  | 'format'
  | 'details'
  | 'neighbours'
  | 'findNode'
  | 'hotPaths'
  | 'summary'
  | 'allocations'
  | 'allocationRows'
  | 'goroutines'
  | 'goroutineStacks'
  | 'compare'
  | 'compareRows'
  | 'comparePlace'
  | 'compareTexts'
  | 'growth'
  | 'findings'
  | 'ownCode'
  | 'tags'
  | 'tagValues'
  | 'tagRange'
  | 'timeStrip'
  | 'timeRange'
  | 'mergeFiles'
  | 'reportHtml'
  | 'reportMarkdown'
  | 'reportJson'
  | 'tableCsv'
  | 'trimInfo'
  | 'trimmed'
  | 'source'
  | 'sourceFiles'
  | 'callGraph'
  | 'callGraphPart'
  | 'callGraphDot'
  | 'nodeMatches'
  | 'benchTables'
  | 'benchRow'
  | 'benchRows'
  | 'benchDetail'
  | 'benchExport'
  | 'trace'
  | 'traceTable'
  | 'traceDetail'
  | 'traceCsv'
  | 'timelinePaint'
  | 'timelineMembers'
  | 'timelineLane'
  | 'timelineAt'
  | 'timelineStep'
  | 'timelineSearch';

/** The columns of `FlameBoxes`, copied out of wasm memory and transferred. */
export interface FlameColumns {
  /** Absolute row; ascending, left to right inside a row. */
  row: Uint32Array;
  /** Left edge in device pixels of the requested window. */
  x: Float32Array;
  /** Width in device pixels, clipped to the window. */
  w: Float32Array;
  /** Node of the name; `NO_NODE` for the root and for merged boxes. */
  node: Uint32Array;
  /** Lowest stack that comes through; with the row it makes the id, see `boxId`. */
  stack: Uint32Array;
  /** Bits of `BoxFlag`. */
  flags: Uint8Array;
  /** Boxes merged into this one; 1 for an ordinary box. */
  count: Uint32Array;
  /** cum value in the sample's unit; for merged boxes their sum. */
  value: Float64Array;
  /** Where values can be negative, the net value as a share of all magnitudes in the box, -1 to 1; else empty. */
  change: Float32Array;
  /** The row after the last that has boxes at this zoom, in the window or below it. */
  endRow: number;
}

/** Node id of the root ("all") and of merged boxes. */
export const NO_NODE = 0xffffffff;

/** Bits of `FlameColumns.flags`. */
export const BoxFlag = { inlined: 1, match: 2, merged: 4, negative: 8 } as const;

/** The columns of `TimelinePicture`, copied out of wasm memory and transferred. */
export interface TimelineColumns {
  /** Pixels of a row. */
  width: number;
  /** Rows of colours, red in the lowest byte, one after the other. */
  pixels: Uint32Array;
  /** Which of the lanes that were asked for each row is. */
  pixelRows: Uint32Array;
  /** Of each quantity, for each pixel, the least, then likewise the most, then what a line goes through; NaN for nothing. */
  series: Float32Array;
  /** Which of the lanes each quantity is of. */
  seriesRows: Uint32Array;
  /** Spans that are some pixels wide: which of the lanes they are on; those of a lane stand together. */
  spanRow: Uint32Array;
  /** Number of the state. */
  spanState: Uint32Array;
  /** Which of `labels`. */
  spanLabel: Uint32Array;
  /** Edges in pixels. */
  spanX0: Float32Array;
  spanX1: Float32Array;
  /** How many others it is inside of. */
  spanDepth: Uint32Array;
  /** Number of the goroutine, as the timeline counts them. */
  spanGoroutine: Uint32Array;
  labels: string[];
}

/** What verbs answer that are copied out of wasm memory. */
interface Copied {
  flameBoxes: FlameColumns;
  timelinePaint: TimelineColumns;
}

type Returned<V extends Verb> = V extends keyof Copied ? Copied[V] : ReturnType<Session[V]>;

/** The verbs as the page sees them: same arguments, the answer later. */
export type Verbs = {
  [V in Verb]: (...args: Parameters<Session[V]>) => Promise<Returned<V>>;
};

/** How far one file has come. */
export interface Progress {
  /** Bytes of the file taken in. */
  bytesIn: number;
  /** Bytes after decompression. */
  bytesOut: number;
  /** Samples decoded so far. */
  samples: number;
}

/** Page → worker. */
export type Request =
  | { type: 'call'; id: number; verb: Verb; args: unknown[] }
  | { type: 'open'; ticket: number; file: File }
  | { type: 'cancel'; ticket: number }
  | { type: 'close'; file: number }
  | { type: 'timeline'; ticket: number; file: number };

/**
 * Worker → page. `dead` comes once; its ticket is that of the file whose reading was the end. Tickets of
 * timelines, for which a trace is read anew, are below zero; `untimed` has no message where one was cancelled.
 */
export type Reply =
  | { type: 'ready' }
  | { type: 'answer'; id: number; value: unknown }
  | { type: 'refused'; id: number; message: string }
  | { type: 'progress'; ticket: number; progress: Progress }
  | { type: 'opened'; ticket: number; files: FileInfo[] }
  | { type: 'timed'; ticket: number; opened: TimelineOpened }
  | { type: 'untimed'; ticket: number; message: string }
  | { type: 'cancelled'; ticket: number }
  | { type: 'unreadable'; ticket: number; message: string }
  | { type: 'dead'; message: string; ticket?: number };
