// Colours of the boxes: the hue tells the package, the strength whose code it is.

import { blend, css, oklch } from '../lib/colour';
import type { Rgb } from '../lib/colour';

/** Hues are rounded to this many: more could not be told apart. */
const HUES = 24;

/** Native code has no package to tell by its hue; a shade of its own keeps it apart from the runtime. */
const NATIVE_HUE = 95;

/** Whose code, from the strongest colour to none. The legend lists them in this order. */
export const CLASSES = ['main', 'thirdparty', 'std', 'runtime', 'native', 'unknown'] as const;
/** Whose code. */
export type CodeClass = (typeof CLASSES)[number];

/** Places in the palette that have no package. */
export const Special = { root: 0, merged: 1, dimmed: 2, match: 3, mergedMatch: 4, negative: 5 } as const;
const FIRST_CLASS = 6;

/** Number of colours in a palette. */
export const PALETTE_SIZE = FIRST_CLASS + CLASSES.length * HUES;

interface Scheme {
  /** Lightness of all boxes with a package. */
  lightness: number;
  chroma: Record<CodeClass, number>;
  root: Rgb;
  dimmed: Rgb;
  match: Rgb;
  negative: Rgb;
  hatch: Rgb;
  /** The lines on merged boxes with a match. */
  matchHatch: Rgb;
  background: Rgb;
  text: Rgb;
  /** Opacity of the package in a label. */
  dimText: number;
  accent: Rgb;
}

const CHROMA: Record<CodeClass, number> = {
  main: 0.092,
  thirdparty: 0.055,
  std: 0.026,
  runtime: 0.004,
  native: 0.035,
  unknown: 0,
};

const LIGHT: Scheme = {
  lightness: 0.845,
  chroma: CHROMA,
  root: oklch(0.925, 0.004, 250),
  dimmed: oklch(0.945, 0.004, 250),
  match: oklch(0.865, 0.135, 92),
  negative: oklch(0.815, 0.1, 262),
  matchHatch: oklch(0.74, 0.12, 85),
  hatch: oklch(0.78, 0.006, 250),
  background: oklch(0.995, 0.001, 240),
  text: oklch(0.21, 0.02, 255),
  dimText: 0.74,
  accent: oklch(0.45, 0.1, 225),
};

const DARK: Scheme = {
  lightness: 0.44,
  chroma: CHROMA,
  root: oklch(0.29, 0.012, 250),
  dimmed: oklch(0.255, 0.01, 250),
  match: oklch(0.455, 0.09, 80),
  negative: oklch(0.42, 0.115, 265),
  matchHatch: oklch(0.57, 0.11, 80),
  hatch: oklch(0.4, 0.012, 250),
  background: oklch(0.185, 0.009, 250),
  text: oklch(0.97, 0.004, 250),
  dimText: 0.78,
  accent: oklch(0.86, 0.11, 205),
};

/** Everything that drawing needs to know about colour. */
export interface Palette {
  /** Fill by palette place. */
  fills: readonly string[];
  /** The same as numbers, for tests and the legend. */
  rgb: readonly Rgb[];
  hatch: string;
  matchHatch: string;
  /** Lines over negative boxes: thin enough to read through. */
  minus: string;
  background: string;
  text: Rgb;
  textFill: string;
  dimText: number;
  dimTextFill: string;
  /** Text on boxes that do not match the search. */
  fadedFill: string;
  accent: string;
  hover: string;
  /** Dashes of inlined frames. */
  dash: string;
}

function isClass(name: string): name is CodeClass {
  return (CLASSES as readonly string[]).includes(name);
}

/** Place of a frame in the palette. */
export function placeOf(name: { class: string; hue: number }): number {
  const group = CLASSES.indexOf(isClass(name.class) ? name.class : 'unknown');
  const hue = Math.round((name.hue / 360) * HUES) % HUES;
  return FIRST_CLASS + group * HUES + (hue < 0 ? hue + HUES : hue);
}

function build(scheme: Scheme): Palette {
  const rgb: Rgb[] = [scheme.root, scheme.dimmed, scheme.dimmed, scheme.match, scheme.match, scheme.negative];
  for (const name of CLASSES) {
    for (let i = 0; i < HUES; i++) {
      const hue = name === 'native' ? NATIVE_HUE : (i / HUES) * 360;
      rgb.push(oklch(scheme.lightness, scheme.chroma[name], hue));
    }
  }
  const [r, g, b] = scheme.text.map((value) => Math.round(value * 255));
  return {
    fills: rgb.map(css),
    rgb,
    hatch: css(scheme.hatch),
    matchHatch: css(scheme.matchHatch),
    minus: `rgba(${r}, ${g}, ${b}, 0.17)`,
    background: css(scheme.background),
    text: scheme.text,
    textFill: css(scheme.text),
    dimText: scheme.dimText,
    dimTextFill: `rgba(${r}, ${g}, ${b}, ${scheme.dimText})`,
    fadedFill: css(blend(scheme.text, scheme.dimmed, 0.66)),
    accent: css(scheme.accent),
    hover: `rgba(${r}, ${g}, ${b}, 0.14)`,
    dash: `rgba(${r}, ${g}, ${b}, 0.5)`,
  };
}

const built = { light: build(LIGHT), dark: build(DARK) };

/** The palette for light or dark. */
export function paletteFor(dark: boolean): Palette {
  return dark ? built.dark : built.light;
}
