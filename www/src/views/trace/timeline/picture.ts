// A picture as the core answers it, made ready to be drawn often: its rows stand in one canvas, its spans by lane.

import type { TimelineColumns } from '../../../protocol';
import type { Part } from '../../../lib/tracestate';
import type { Colours } from './palette';
import { pixelOf } from './palette';

/** What was asked for. */
export interface Asked {
  part: Part;
  width: number;
  /** Ids of lanes, and device pixels of height of those of numbers. */
  lanes: readonly number[];
  heights: readonly number[];
}

/** Where a lane stands in the canvas. */
export interface Strip {
  y: number;
  height: number;
}

/** A picture. */
export interface Picture extends Asked {
  columns: TimelineColumns;
  rows: HTMLCanvasElement;
  strips: ReadonlyMap<number, Strip>;
  /** First and last but one span of a lane. */
  spans: ReadonlyMap<number, readonly [number, number]>;
  /** The largest value of lanes of numbers, in this picture. */
  most: ReadonlyMap<number, readonly number[]>;
  colours: Colours;
}

/** Opacity of what is short beside a pixel's time, at least: it is to be found. */
const LEAST_OPACITY = 104;

/** Device pixels that a span has at least to be marked off from its neighbours. */
const EDGE = 8;

/** Values of one series: `which` is 0 for least, 1 for most, 2 for the mean. */
function valueAt({ series, width }: TimelineColumns, number: number, x: number, which: 0 | 1 | 2): number {
  const value = series[(number * 3 + which) * width + x] as number;
  return value >= 0 ? value : -1;
}

function seriesByLane({ lanes }: Asked, { seriesRows }: TimelineColumns): Map<number, number[]> {
  const found = new Map<number, number[]>();
  seriesRows.forEach((row, number) => {
    const lane = lanes[row];
    if (lane !== undefined) found.set(lane, [...(found.get(lane) ?? []), number]);
  });
  return found;
}

/** The largest values: of each series, and then of all of them together. */
function mostOf(columns: TimelineColumns, numbers: readonly number[]): number[] {
  const most = numbers.map(() => 0);
  let together = 0;
  for (let x = 0; x < columns.width; x++) {
    let sum = 0;
    numbers.forEach((number, at) => {
      most[at] = Math.max(most[at] as number, valueAt(columns, number, x, 1));
      sum += Math.max(0, valueAt(columns, number, x, 2));
    });
    together = Math.max(together, sum);
  }
  return [...most, Math.max(together, ...most)];
}

/** Fills a column of pixels between two heights above the lower edge. */
function fill(image: Uint32Array, at: number, width: number, height: number, from: number, to: number, pixel: number): void {
  const low = Math.min(height, Math.max(0, Math.round(from)));
  const high = Math.min(height, Math.max(0, Math.round(to)));
  for (let y = low; y < high; y++) image[at + (height - 1 - y) * width] = pixel;
}

function mix(pixel: number, other: number, share: number): number {
  let out = 0xff000000;
  for (const shift of [0, 8, 16]) {
    const value = ((pixel >>> shift) & 255) * (1 - share) + ((other >>> shift) & 255) * share;
    out |= Math.round(value) << shift;
  }
  return out >>> 0;
}

/** How the numbers of a lane are drawn. */
export interface Look {
  /** What the upper edge stands for. */
  top: number;
  /** As areas one on the other; else as one area and lines over it. */
  stacked: boolean;
  /** Colour of the first, by its place in the table; -1 for the usual one. */
  first: number;
}

/** Draws the lines of numbers of a lane: as areas one on the other, or one area and lines over it. */
function drawSeries(image: Uint32Array, start: number, height: number, columns: TimelineColumns, numbers: readonly number[], look: Look, colours: Colours): void {
  const { width } = columns;
  const { stacked } = look;
  const back = pixelOf(colours.edge);
  const pixels = colours.series.map(pixelOf);
  if (look.first >= 0) pixels[0] = colours.table[look.first] as number;
  const scale = (height - 1) / Math.max(look.top, 1e-9);
  for (let x = 0; x < width; x++) {
    let low = 0;
    numbers.forEach((number, at) => {
      const pixel = pixels[at % pixels.length] as number;
      const [mean, most, least] = [valueAt(columns, number, x, 2), valueAt(columns, number, x, 1), valueAt(columns, number, x, 0)];
      if (mean < 0) return;
      const place = start + x;
      if (stacked) {
        // Something is there: it is not to vanish.
        const high = mean > 0 ? Math.max(low + 1, low + mean * scale) : low;
        fill(image, place, width, height, low, high, pixel);
        low = high;
      } else if (at === 0) {
        fill(image, place, width, height, 0, Math.max(1, mean * scale), pixel);
        fill(image, place, width, height, Math.max(1, mean * scale), most * scale, mix(pixel, back, 0.45));
      } else fill(image, place, width, height, Math.min(least, mean) * scale, Math.max(most, mean) * scale + 1, pixelOf(colours.goal));
    });
  }
}

/** Lines where spans begin that are wide enough, so that neighbours of one colour are told apart. */
function drawEdges(image: Uint32Array, { width, spanRow, spanX0, spanX1, spanDepth }: TimelineColumns, placeOf: ReadonlyMap<number, number>, back: number): void {
  for (let i = 0; i < spanRow.length; i++) {
    const [x0, x1] = [spanX0[i] as number, spanX1[i] as number];
    const place = placeOf.get(spanRow[i] as number);
    if (place === undefined || x1 - x0 < EDGE || x0 < 1 || spanDepth[i] !== 0) continue;
    const at = place * width + Math.min(width - 1, Math.round(x0));
    image[at] = mix(image[at] as number, back, 0.7);
  }
}

function spansByLane({ lanes }: Asked, { spanRow }: TimelineColumns): Map<number, readonly [number, number]> {
  const found = new Map<number, readonly [number, number]>();
  for (let from = 0; from < spanRow.length; ) {
    let to = from + 1;
    while (to < spanRow.length && spanRow[to] === spanRow[from]) to++;
    const lane = lanes[spanRow[from] as number];
    if (lane !== undefined) found.set(lane, [from, to]);
    from = to;
  }
  return found;
}

/** Puts an answer into a canvas. `look` says how a lane of numbers is drawn, after it is told the largest values. */
export function pictureOf(asked: Asked, columns: TimelineColumns, colours: Colours, look: (lane: number, most: readonly number[]) => Look): Picture {
  const { width, pixels, pixelRows } = columns;
  const strips = new Map<number, Strip>();
  const placeOf = new Map<number, number>();
  pixelRows.forEach((row, place) => {
    placeOf.set(row, place);
    strips.set(asked.lanes[row] as number, { y: place, height: 1 });
  });
  const series = seriesByLane(asked, columns);
  let height = pixelRows.length;
  for (const lane of series.keys()) {
    const own = asked.heights[asked.lanes.indexOf(lane)] ?? 1;
    strips.set(lane, { y: height, height: own });
    height += own;
  }
  const image = new Uint32Array(Math.max(1, width * height));
  image.set(pixels.subarray(0, width * pixelRows.length));
  for (let at = 0; at < width * pixelRows.length; at++) {
    const opacity = (image[at] as number) >>> 24;
    if (opacity > 0 && opacity < LEAST_OPACITY) image[at] = ((image[at] as number) & 0xffffff) | (LEAST_OPACITY << 24);
  }
  drawEdges(image, columns, placeOf, pixelOf(colours.edge));
  const most = new Map<number, readonly number[]>();
  for (const [lane, numbers] of series) {
    const strip = strips.get(lane) as Strip;
    const found = mostOf(columns, numbers);
    most.set(lane, found);
    drawSeries(image, strip.y * width, strip.height, columns, numbers, look(lane, found), colours);
  }
  const rows = document.createElement('canvas');
  rows.width = Math.max(1, width);
  rows.height = Math.max(1, height);
  const bytes = new Uint8ClampedArray(image.buffer, 0, rows.width * rows.height * 4);
  rows.getContext('2d')?.putImageData(new ImageData(bytes, rows.width, rows.height), 0, 0);
  return { ...asked, columns, rows, strips, spans: spansByLane(asked, columns), most, colours };
}

/** The span of a lane at a pixel of its picture; -1 for none. */
export function spanAt({ columns, spans }: Pick<Picture, 'columns' | 'spans'>, lane: number, px: number): number {
  const [from, to] = spans.get(lane) ?? [0, 0];
  let found = -1;
  for (let i = from; i < to; i++) {
    const isIn = (columns.spanX0[i] as number) <= px && px < (columns.spanX1[i] as number);
    if (isIn && (found < 0 || (columns.spanDepth[i] as number) >= (columns.spanDepth[found] as number))) found = i;
  }
  return found;
}

/** Which of the states of a table of colours were painted. */
export function statesIn({ pixels }: Pick<TimelineColumns, 'pixels'>, table: Uint32Array, states: number): number[] {
  const painted = new Set<number>();
  let last = 0;
  for (const pixel of pixels) {
    if (pixel === last) continue;
    last = pixel;
    painted.add(pixel);
  }
  return Array.from({ length: states }, (_, state) => state).filter((state) => painted.has(table[state] as number));
}
