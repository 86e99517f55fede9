import { expect, test } from 'vitest';
import { blend, contrast } from '../../lib/colour';
import { differencePalette, placeOfChange } from './look';

test('text on every shade is legible in both themes', () => {
  for (const dark of [false, true]) {
    const palette = differencePalette(dark);
    expect(palette.rgb.length).toBe(palette.fills.length);
    for (const rgb of palette.rgb) {
      expect(contrast(palette.text, rgb)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(blend(palette.text, rgb, palette.dimText), rgb)).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test('more and less are told apart, and so is how much', () => {
  const last = differencePalette(false).fills.length - 1;
  expect(placeOfChange(1)).toBe(last);
  const middle = placeOfChange(0);
  expect(placeOfChange(-1)).toBe(2 * middle - last);
  expect(placeOfChange(0.019)).toBe(middle);
  expect(placeOfChange(0.1)).toBeGreaterThan(placeOfChange(0.03));
  expect(placeOfChange(-0.1)).toBe(2 * middle - placeOfChange(0.1));
});
