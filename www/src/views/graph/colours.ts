// Colours of the picture, by pprof's scale: red for more, green for less, grey for nothing. On a light page and
// in what is saved they are pprof's own; a dark page has the same scale on its own ground.

import { css, oklch } from '../../lib/colour';

const MORE = 28;
const LESS = 148;

/** How strong a share is shown: as pprof does it, small ones are shifted away from grey. */
export function strength(score: number): number {
  const size = Math.min(1, Math.abs(score));
  return Math.min(1, size / 0.2) * size ** 0.3;
}

/** A colour on a dark page. */
function onDark(score: number, isArea: boolean): string {
  const hue = score < 0 ? LESS : MORE;
  const much = strength(score);
  return css(isArea ? oklch(0.275 + 0.045 * much, 0.075 * much, hue) : oklch(0.52 + 0.1 * much, 0.17 * much, hue));
}

/** What everything else is drawn with. */
export interface Ink {
  background: string;
  text: string;
  /** Text on lines. */
  quiet: string;
  accent: string;
  /** What matches a search. */
  match: string;
  /** Boxes of labels. */
  label: string;
  labelLine: string;
  /** What does not match. */
  faded: string;
  fadedLine: string;
  fadedText: string;
}

const LIGHT: Ink = {
  background: css(oklch(0.995, 0.001, 240)),
  text: css(oklch(0.21, 0.02, 255)),
  quiet: css(oklch(0.38, 0.016, 255)),
  accent: css(oklch(0.45, 0.13, 235)),
  match: css(oklch(0.87, 0.135, 92)),
  label: '#f8f8f8',
  labelLine: css(oklch(0.55, 0.01, 250)),
  faded: css(oklch(0.97, 0.002, 250)),
  fadedLine: css(oklch(0.86, 0.004, 250)),
  fadedText: css(oklch(0.5, 0.012, 255)),
};

const DARK: Ink = {
  background: css(oklch(0.185, 0.009, 250)),
  text: css(oklch(0.95, 0.004, 250)),
  quiet: css(oklch(0.78, 0.01, 250)),
  accent: css(oklch(0.84, 0.11, 210)),
  match: css(oklch(0.46, 0.09, 80)),
  label: css(oklch(0.25, 0.008, 250)),
  labelLine: css(oklch(0.58, 0.012, 250)),
  faded: css(oklch(0.225, 0.008, 250)),
  fadedLine: css(oklch(0.33, 0.01, 250)),
  fadedText: css(oklch(0.66, 0.01, 250)),
};

/** For light or dark. */
export function inkFor(dark: boolean): Ink {
  return dark ? DARK : LIGHT;
}

/** The line and the area of something that pprof coloured. */
export function paint(one: { score: number; line: string; fill?: string }, dark: boolean): { line: string; fill: string } {
  if (!dark) return { line: one.line, fill: one.fill ?? '' };
  return { line: onDark(one.score, false), fill: onDark(one.score, true) };
}
