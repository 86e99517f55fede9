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

/** The first of the places of groups, and their number: the heaviest of a colour, and after them the others. */
const FIRST_GROUP = FIRST_CLASS + CLASSES.length * HUES;
/** Groups that have a colour of their own. */
export const GROUPS = 12;

/** Number of colours in a palette. */
export const PALETTE_SIZE = FIRST_GROUP + GROUPS + 1;

interface Scheme {
  /** Lightness of all boxes with a package. */
  lightness: number;
  /** Of the colours for the colour-blind the darkest, and the step to the next. */
  safeLightness: readonly [number, number];
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
  safeLightness: [0.735, 0.1],
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
  safeLightness: [0.25, 0.09],
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
  /** Colour of the lines over places that are textured. */
  textures?: ReadonlyMap<number, string>;
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

/** Place of a group in the palette, by its place among the groups; any other number is that of the others. */
export function groupPlace(group: number): number {
  return FIRST_GROUP + Math.min(group, GROUPS);
}

/**
 * Hues of the groups, so that neighbours in weight are far apart: every fifth of twelve equal steps.
 */
function groupHue(group: number): number {
  return (25 + group * 5 * (360 / GROUPS)) % 360;
}

/**
 * For eyes that tell few hues apart: blue and yellow at three lightnesses, which every common kind of
 * colour blindness leaves different, and the same six with lines over them.
 */
function safeColour(scheme: Scheme, group: number): Rgb {
  const step = Math.floor((group % 6) / 2);
  const [from, by] = scheme.safeLightness;
  return oklch(from + by * step, 0.1, group % 2 === 0 ? 255 : 90);
}

function build(scheme: Scheme, safe: boolean): Palette {
  const rgb: Rgb[] = [scheme.root, scheme.dimmed, scheme.dimmed, scheme.match, scheme.match, scheme.negative];
  for (const name of CLASSES) {
    for (let i = 0; i < HUES; i++) {
      const hue = name === 'native' ? NATIVE_HUE : (i / HUES) * 360;
      rgb.push(oklch(scheme.lightness, scheme.chroma[name], hue));
    }
  }
  const textures = new Map<number, string>();
  for (let group = 0; group < GROUPS; group++) {
    if (safe && group >= GROUPS / 2) textures.set(rgb.length, css(blend(scheme.text, safeColour(scheme, group), 0.16)));
    rgb.push(safe ? safeColour(scheme, group) : oklch(scheme.lightness, 0.085, groupHue(group)));
  }
  rgb.push(oklch(scheme.lightness, 0, 0));
  const [r, g, b] = scheme.text.map((value) => Math.round(value * 255));
  return {
    fills: rgb.map(css),
    textures,
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

const built = { light: build(LIGHT, false), dark: build(DARK, false) };

/** The palette for light or dark. */
export function paletteFor(dark: boolean): Palette {
  return dark ? built.dark : built.light;
}

const builtSafe = { light: build(LIGHT, true), dark: build(DARK, true) };

/** The palette whose groups are told apart without telling red from green. */
export function safePaletteFor(dark: boolean): Palette {
  return dark ? builtSafe.dark : builtSafe.light;
}
