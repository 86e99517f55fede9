import { expect, test } from 'vitest';
import { blend, contrast, css, oklch } from './colour';

test('OKLCH of the sRGB corners, as CSS Color 4 lists them', () => {
  expect(css(oklch(1, 0, 0))).toBe('#ffffff');
  expect(css(oklch(0, 0, 0))).toBe('#000000');
  // oklch(62.796% 0.25768 29.234) is red, oklch(86.644% 0.29483 142.495) lime,
  // oklch(45.201% 0.31321 264.052) blue.
  expect(css(oklch(0.62796, 0.25768, 29.234))).toBe('#ff0000');
  expect(css(oklch(0.86644, 0.29483, 142.495))).toBe('#00ff00');
  expect(css(oklch(0.45201, 0.31321, 264.052))).toBe('#0000ff');
});

test('chroma outside sRGB is reduced, not clipped', () => {
  const far = oklch(0.845, 0.3, 264);
  for (const value of far) {
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(1);
  }
  // Lightness stays: grey of the same lightness has nearly the same luminance as perceived; WCAG's
  // luminance of blues differs a little, so the bound is loose.
  expect(contrast(far, oklch(0.845, 0, 0))).toBeLessThan(1.15);
});

test('contrast by the examples of WCAG 2', () => {
  expect(contrast([0, 0, 0], [1, 1, 1])).toBeCloseTo(21, 5);
  // #777 on white is the classic that just fails: 4.48.
  expect(contrast([0x77 / 255, 0x77 / 255, 0x77 / 255], [1, 1, 1])).toBeCloseTo(4.48, 2);
});

test('blending', () => {
  expect(blend([1, 1, 1], [0, 0, 0], 0.25)).toEqual([0.25, 0.25, 0.25]);
});
