// Time and pixels: which part of a trace is on screen, where its ruler has lines, how times are written. Pure.

import type { Part } from '../../../lib/tracestate';

/** Units of time, the largest first, with their nanoseconds. */
const UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
] as const;

/** A part moved and, if need be, widened so that it lies inside a trace, in whole nanoseconds, and is no finer than its clock. */
export function clampPart(part: Part, length: number, tick: number): Part {
  const span = Math.min(length, Math.max(Math.min(tick, length), Math.round(part.to - part.from)));
  const from = Math.min(length - span, Math.max(0, Math.round(part.from)));
  return { from, to: from + span };
}

/** Comes closer by a factor below 1; the time at a share of the width stays where it is. */
export function zoomPart({ from, to }: Part, at: number, factor: number): Part {
  const span = (to - from) * factor;
  const fixed = from + at * (to - from);
  return { from: fixed - at * span, to: fixed + (1 - at) * span };
}

/** Between two parts: widths change geometrically, so that zooming feels even. */
export function betweenParts(one: Part, other: Part, t: number): Part {
  if (t >= 1) return other;
  const [a, b] = [one.to - one.from, other.to - other.from];
  const span = a * (b / a) ** t;
  const gone = Math.abs(b - a) < a * 1e-9 ? t : (span - a) / (b - a);
  const from = one.from + (other.from - one.from) * gone;
  return { from, to: from + span };
}

/** Whether one part shows all of another, but for rounding. */
export function coversPart(outer: Part, inner: Part): boolean {
  const slack = (inner.to - inner.from) * 1e-6;
  return outer.from <= inner.from + slack && outer.to >= inner.to - slack;
}

/** Nanoseconds between two ticks of the clock of all systems but Windows, which is slower. */
const TICK = 64;

/** A time or a length, no finer than `step`: `12.5ms`. */
export function timeText(nanos: number, step: number): string {
  const rounded = Math.round(nanos / step) * step;
  const size = Math.abs(rounded);
  if (size < 0.5) return '0';
  const [unit, one] = UNITS.find(([, least]) => size >= least) ?? UNITS[3];
  const most = Math.min(9, Math.max(0, Math.ceil(Math.log10(one / step) - 1e-9)));
  // Ticks of 64 ns do not tell tens of nanoseconds.
  const digits = step >= TICK && one / 10 ** most < TICK && most > 0 ? most - 1 : most;
  const text = (rounded / one).toFixed(Math.min(digits, Math.round(Math.log10(one))));
  return `${text.includes('.') ? text.replace(/\.?0+$/, '') : text}${unit}`;
}

/** A length with three or four digits that matter, as the core writes lengths; none is finer than the clock. */
export function lengthText(nanos: number): string {
  if (nanos > 0 && nanos < TICK / 2) return `<${TICK}ns`;
  if (nanos < 1e6) return timeText(nanos, nanos < 1000 ? TICK : 100);
  const [unit, one] = UNITS.find(([, least]) => Math.abs(nanos) >= least) ?? UNITS[3];
  return `${(nanos / one).toFixed(one === 1 ? 0 : 2).replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : zeros))}${unit}`;
}

/** The smallest of 1, 2, 5, 10, 20 … that is not below something. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const nice = [1, 2, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10;
  return nice * power;
}

/** The lines of a ruler. */
export interface Ruler {
  /** Nanoseconds between two lines with a text. */
  step: number;
  lines: { at: number; text: string }[];
  /** The time that texts with a plus count from; 0 when they are times themselves. */
  base: number;
}

/** How much larger than the distance of its lines a time may be before lines count from a base. */
const FAR = 10_000;

/** A ruler over a part, with lines at least `least` pixels apart; never finer than a tick. */
export function rulerOf({ from, to }: Part, width: number, least: number, tick: number): Ruler {
  const step = Math.max(niceStep(((to - from) / Math.max(1, width)) * least), tick >= 1 ? niceStep(tick) : 1);
  const isFar = to > step * FAR;
  const base = isFar ? Math.floor(from / (step * 10)) * step * 10 : 0;
  const lines: Ruler['lines'] = [];
  for (let i = Math.ceil((from - base) / step - 1e-9); base + i * step <= to && lines.length < 1000; i++) {
    const at = i * step;
    lines.push({ at: base + at, text: isFar ? `+${at === 0 ? '0' : timeText(at, step)}` : timeText(at, step) });
  }
  return { step, lines, base };
}
