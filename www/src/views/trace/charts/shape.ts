// The shapes of a picture, from its numbers. No DOM in here.

import type { TraceChart } from '../../../core';

/** What of a chart the arithmetic needs. */
export type Chart = Pick<TraceChart, 'kind' | 'x' | 'end' | 'top'> & { parts: readonly { values: readonly number[] }[] };

/** Where values lie between the two ends of the axis, 0 to 1: of a curve each of its points, else the edges of the places, one more than there are. */
export function places({ kind, x, end }: Pick<Chart, 'kind' | 'x' | 'end'>): number[] {
  const count = x.length;
  // Bars are of one width, whatever each of them covers.
  if (kind === 'bars') return Array.from({ length: count + 1 }, (_, i) => i / Math.max(count, 1));
  if (kind === 'curve') {
    const [first = 1] = x;
    const whole = Math.log(end / first);
    return x.map((at) => (whole > 0 ? Math.log(at / first) / whole : 0));
  }
  const last = end > 0 ? end : 1;
  return [...x.map((at) => Math.min(at / last, 1)), 1];
}

/** The place that a share of the width means; -1 where there is none. */
export function placeAt(chart: Chart, all: readonly number[], share: number): number {
  const count = chart.x.length;
  if (count === 0) return -1;
  let low = 0;
  for (let high = all.length; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if ((all[middle] ?? 1) <= share) low = middle;
    else high = middle;
  }
  const at = Math.min(low, count - 1);
  if (chart.kind !== 'curve') return at;
  // Of two points the nearer one.
  const next = Math.min(at + 1, count - 1);
  return Math.abs((all[next] ?? 1) - share) < Math.abs((all[at] ?? 0) - share) ? next : at;
}

/** Where a place begins and ends, 0 to 1; a point of a curve has no width. */
export function spanOf(chart: Chart, all: readonly number[], at: number): [from: number, to: number] {
  const from = all[at] ?? 0;
  return [from, chart.kind === 'curve' ? from : (all[at + 1] ?? 1)];
}

/** A part that lies on those before it: where it begins and ends at each place. */
export interface Layer {
  lower: readonly number[];
  upper: readonly number[];
}

/** Parts on top of each other. */
export function stacked(parts: readonly { values: readonly number[] }[]): Layer[] {
  let below: readonly number[] = [];
  return parts.map(({ values }) => {
    const lower = below;
    const upper = values.map((value, at) => value + (lower[at] ?? 0));
    below = upper;
    return { lower: lower.length === 0 ? values.map(() => 0) : lower, upper };
  });
}

/** Pixels with a tenth of one: more is not seen, and would be long. */
function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** How values become pixels. */
export interface Scale {
  width: number;
  height: number;
  top: number;
}

function y({ height, top }: Scale, value: number): string {
  const share = top > 0 ? Math.min(Math.max(value / top, 0), 1) : 0;
  return px(height - share * height);
}

/** Levels as a line of stairs, each as long as its place. */
export function stairs(all: readonly number[], values: readonly number[], scale: Scale): string {
  let path = '';
  let before = '';
  for (const [at, value] of values.entries()) {
    const level = y(scale, value);
    if (at === 0) path = `M${px((all[0] ?? 0) * scale.width)} ${level}`;
    else if (level !== before) path += `H${px((all[at] ?? 1) * scale.width)}V${level}`;
    before = level;
  }
  return path === '' ? '' : `${path}H${px((all[values.length] ?? 1) * scale.width)}`;
}

/** What lies between two lines of stairs. */
export function between(all: readonly number[], { lower, upper }: Layer, scale: Scale): string {
  const there = stairs(all, upper, scale);
  if (there === '') return '';
  const count = upper.length;
  let back = '';
  let before = '';
  for (let at = count - 1; at >= 0; at--) {
    const level = y(scale, lower[at] ?? 0);
    if (level !== before) back += `${at === count - 1 ? '' : `H${px((all[at + 1] ?? 1) * scale.width)}`}V${level}`;
    before = level;
  }
  return `${there}${back}H${px((all[0] ?? 0) * scale.width)}Z`;
}

/** Points joined by straight lines. */
export function joined(all: readonly number[], values: readonly number[], scale: Scale): string {
  return values.map((value, at) => `${at === 0 ? 'M' : 'L'}${px((all[at] ?? 0) * scale.width)} ${y(scale, value)}`).join('');
}

/** Bars with a pixel between them; what is there at all is at least a pixel high. */
export function bars(all: readonly number[], values: readonly number[], scale: Scale): string {
  return values
    .map((value, at) => {
      if (value <= 0 || scale.top <= 0) return '';
      const left = Math.round((all[at] ?? 0) * scale.width);
      const wide = Math.max(Math.round((all[at + 1] ?? 1) * scale.width) - left - 1, 1);
      const high = Math.max(Math.min(value / scale.top, 1) * scale.height, 1);
      return `M${left} ${scale.height}v${px(-high)}h${wide}V${scale.height}z`;
    })
    .join('');
}

/** Shades of a heat map. */
export const SHADES = 6;

/** The shade of a value: 0 is none, and what is there at all has one. */
export function shadeOf(value: number, top: number): number {
  return value <= 0 || top <= 0 ? 0 : Math.min(Math.ceil((value / top) * SHADES), SHADES);
}

/**
 * A heat map as one path for each shade but the first, of lines as thick as a row is high; its rows are one pixel
 * high, and what is alike beside each other is one line.
 */
export function heat(all: readonly number[], rows: readonly (readonly number[])[], top: number, width: number): string[] {
  const paths = Array.from({ length: SHADES }, () => '');
  for (const [row, values] of rows.entries()) {
    for (let at = 0; at < values.length; ) {
      const shade = shadeOf(values[at] ?? 0, top);
      let end = at + 1;
      while (end < values.length && shadeOf(values[end] ?? 0, top) === shade) end += 1;
      if (shade > 0) paths[shade - 1] += `M${px((all[at] ?? 0) * width)} ${row + 0.5}H${px((all[end] ?? 1) * width)}`;
      at = end;
    }
  }
  return paths;
}

/** The place with the largest sum of all parts, and of a heat map the row with the largest value there. */
export function peak({ parts }: Chart): { at: number; row: number } {
  const count = parts[0]?.values.length ?? 0;
  const sum = (at: number): number => parts.reduce((all, { values }) => all + (values[at] ?? 0), 0);
  let at = 0;
  for (let i = 1; i < count; i++) if (sum(i) > sum(at)) at = i;
  let row = 0;
  for (const [i, { values }] of parts.entries()) if ((values[at] ?? 0) > (parts[row]?.values[at] ?? 0)) row = i;
  return { at, row };
}

/** Ticks with room for their texts: every so many, from the first on. */
export function thinned<T>(ticks: readonly T[], width: number, room: number): T[] {
  const every = Math.max(1, Math.ceil((ticks.length * room) / Math.max(width, 1)));
  return ticks.filter((_, at) => at % every === 0);
}
