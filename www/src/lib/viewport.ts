// Which part of a tree is on screen, in shares of the whole tree's width, and how pixels relate.

import { FULL_ZOOM } from './hash';
import type { Zoom } from './hash';

/** From left to right edge, as shares of the whole tree's width; `left < right`. */
export interface Span {
  readonly left: number;
  readonly right: number;
}

/** The whole tree. */
export const WHOLE: Span = { left: 0, right: 1 };

/**
 * The narrowest span. Shares are doubles with 52 bits behind the point; at 2^-36 of the width a
 * picture of 4096 pixels still has 2^4 steps per pixel.
 */
const NARROWEST = 2 ** -36;

/** Moves and, if need be, widens a span so that it lies inside the whole. */
export function clampSpan(span: Span): Span {
  const width = Math.min(1, Math.max(NARROWEST, span.right - span.left));
  const left = Math.min(1 - width, Math.max(0, span.left));
  return { left, right: left + width };
}

/** Zooms by `factor` (< 1 comes closer); the place at share `at` of the window stays where it is. */
export function zoomAt(span: Span, at: number, factor: number): Span {
  const width = span.right - span.left;
  const next = Math.min(1, Math.max(NARROWEST, width * factor));
  const fixed = span.left + at * width;
  const left = fixed - at * next;
  return clampSpan({ left, right: left + next });
}

/** Moves the span by a share of its own width. */
export function panBy(span: Span, share: number): Span {
  const by = share * (span.right - span.left);
  const left = Math.min(1 - (span.right - span.left), Math.max(0, span.left + by));
  return { left, right: left + (span.right - span.left) };
}

/** Between two spans: `t` = 0 is the first. Widths change geometrically, so zooming feels even. */
export function between(from: Span, to: Span, t: number): Span {
  if (t >= 1) return to;
  const fromWidth = from.right - from.left;
  const toWidth = to.right - to.left;
  const width = fromWidth * (toWidth / fromWidth) ** t;
  // The same share of the way as the width has gone, so that the edges arrive together with it.
  const gone = Math.abs(toWidth - fromWidth) < 1e-12 ? t : (width - fromWidth) / (toWidth - fromWidth);
  const left = from.left + (to.left - from.left) * gone;
  return { left, right: left + width };
}

/** Whether `outer` shows all of `inner`, but for rounding. */
export function covers(outer: Span, inner: Span): boolean {
  const slack = (inner.right - inner.left) * 1e-6;
  return outer.left <= inner.left + slack && outer.right >= inner.right - slack;
}

/** How pixels of a picture of `from` become pixels of a picture of `to`: x·scale + shift. */
export interface Transform {
  readonly scale: number;
  readonly shift: number;
}

/** See `Transform`; both pictures are `width` pixels wide. */
export function transform(from: Span, to: Span, width: number): Transform {
  const toWidth = to.right - to.left;
  return {
    scale: (from.right - from.left) / toWidth,
    shift: ((from.left - to.left) / toWidth) * width,
  };
}

/** A zoom as a span of the whole tree; `bounds` are those of its root box. */
export function spanOf(zoom: Zoom, bounds: Span): Span {
  const width = bounds.right - bounds.left;
  return { left: bounds.left + zoom.left * width, right: bounds.left + zoom.right * width };
}

/**
 * A span as a zoom: relative to the box that was zoomed to while the span stays inside it (that is
 * exact for however small a box), relative to the whole tree otherwise.
 */
export function zoomOf(span: Span, root: string, bounds: Span): Zoom {
  if (!covers(bounds, span)) return zoomOf(span, FULL_ZOOM.root, WHOLE);
  const width = bounds.right - bounds.left;
  const left = tidy(Math.max(0, (span.left - bounds.left) / width));
  const right = tidy(Math.min(1, (span.right - bounds.left) / width));
  return left < right ? { root, left, right } : { root, left: 0, right: 1 };
}

/** Without the last digit of a double, which is noise and makes URLs long. */
function tidy(share: number): number {
  return Number(share.toPrecision(15));
}

/** Whether two zooms show the same. */
export function sameZoom(one: Zoom, other: Zoom): boolean {
  return one.root === other.root && one.left === other.left && one.right === other.right;
}

/** Where rows of columns begin: entry `r - first` is the first index of row `r`; one more at the end. */
export function rowStarts(row: Uint32Array, first: number, count: number): Uint32Array {
  const starts = new Uint32Array(count + 1);
  let at = 0;
  for (let r = 0; r <= count; r++) {
    while (at < row.length && (row[at] as number) < first + r) at += 1;
    starts[r] = at;
  }
  return starts;
}

/** Index of the box at pixel `px` among the boxes `from..to`, which are in order; -1 for none. */
export function boxAt(x: Float32Array, w: Float32Array, from: number, to: number, px: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] as number) <= px) low = middle + 1;
    else high = middle;
  }
  const at = low - 1;
  return at >= from && px < (x[at] as number) + (w[at] as number) ? at : -1;
}
