import { expect, test } from 'vitest';
import { blend, contrast } from '../lib/colour';
import { CLASSES, PALETTE_SIZE, paletteFor, placeOf, Special } from './palette';

test('text on every box is legible in both themes', () => {
  for (const dark of [false, true]) {
    const palette = paletteFor(dark);
    expect(palette.rgb.length).toBe(PALETTE_SIZE);
    for (const rgb of palette.rgb) {
      expect(contrast(palette.text, rgb)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(blend(palette.text, rgb, palette.dimText), rgb)).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test('places stay inside the palette', () => {
  for (const name of [...CLASSES, 'something new']) {
    for (const hue of [0, 1, 180, 352.4, 352.6, 359, 360, 720, -1]) {
      const place = placeOf({ class: name, hue });
      expect(place).toBeGreaterThan(Special.negative);
      expect(place).toBeLessThan(PALETTE_SIZE);
    }
  }
  expect(placeOf({ class: 'main', hue: 359 })).toBe(placeOf({ class: 'main', hue: 0 }));
});
