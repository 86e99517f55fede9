import { expect, test } from 'vitest';
import { blend, contrast } from '../lib/colour';
import type { Rgb } from '../lib/colour';
import { CLASSES, groupPlace, GROUPS, PALETTE_SIZE, paletteFor, placeOf, safePaletteFor, Special } from './palette';

test('text on every box is legible in both themes', () => {
  for (const of of [paletteFor, safePaletteFor]) {
    for (const dark of [false, true]) {
      const palette = of(dark);
      expect(palette.rgb.length).toBe(PALETTE_SIZE);
      for (const rgb of palette.rgb) {
        expect(contrast(palette.text, rgb)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(blend(palette.text, rgb, palette.dimText), rgb)).toBeGreaterThanOrEqual(4.5);
      }
    }
  }
});

test('places stay inside the palette', () => {
  for (const name of [...CLASSES, 'something new']) {
    for (const hue of [0, 1, 180, 352.4, 352.6, 359, 360, 720, -1]) {
      const place = placeOf({ class: name, hue });
      expect(place).toBeGreaterThan(Special.negative);
      expect(place).toBeLessThan(groupPlace(0));
    }
  }
  expect(placeOf({ class: 'main', hue: 359 })).toBe(placeOf({ class: 'main', hue: 0 }));
  expect(groupPlace(255)).toBe(PALETTE_SIZE - 1);
  expect(groupPlace(GROUPS)).toBe(PALETTE_SIZE - 1);
});

type Matrix = readonly (readonly [number, number, number])[];

/** What is left to those who lack a cone, in linear sRGB: Machado, Oliveira and Fernandes 2009, severity 1. */
const BLINDNESS: Record<string, Matrix> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

function times(matrix: Matrix, v: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, x, i) => sum + x * (v[i] ?? 0), 0));
}

function linear(rgb: Rgb): number[] {
  return rgb.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
}

/** OKLab of linear sRGB, with Ottosson's matrices. */
function oklab(rgb: readonly number[]): number[] {
  const lms = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map(Math.cbrt);
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    lms,
  );
}

function distance(one: readonly number[], other: readonly number[]): number {
  return Math.hypot(...one.map((value, i) => value - (other[i] ?? 0)));
}

test('the safe colours stay apart for those who do not tell red from green', () => {
  for (const [kind, matrix] of Object.entries(BLINDNESS)) {
    for (const dark of [false, true]) {
      const { rgb, textures } = safePaletteFor(dark);
      // The last one is that of the others, grey.
      const places = Array.from({ length: GROUPS + 1 }, (_, group) => groupPlace(group));
      const seen = places.map((place) => oklab(times(matrix, linear(rgb[place] as Rgb))));
      for (let a = 0; a < places.length; a++) {
        for (let b = a + 1; b < places.length; b++) {
          // One has lines and the other has none: that is difference enough.
          if (textures?.has(places[a] as number) !== textures?.has(places[b] as number)) continue;
          const apart = distance(seen[a] as number[], seen[b] as number[]);
          // Twice and more what two colours side by side need to be told apart (about 0.02).
          expect(apart, `${kind}, ${dark ? 'dark' : 'light'}, groups ${a} and ${b}`).toBeGreaterThan(0.055);
        }
      }
    }
  }
});
