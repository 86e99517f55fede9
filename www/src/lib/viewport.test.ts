import { expect, test } from 'vitest';
import {
  between, boxAt, clampSpan, covers, panBy, rowStarts, spanOf, transform, WHOLE, zoomAt, zoomOf,
} from './viewport';

test('zooming keeps the place under the pointer', () => {
  const span = zoomAt({ left: 0.2, right: 0.6 }, 0.25, 0.5);
  // 0.2 + 0.25·0.4 = 0.3 is under the pointer; half the width is 0.2, of which a quarter is left of it.
  expect(span.left).toBeCloseTo(0.25, 12);
  expect(span.right).toBeCloseTo(0.45, 12);
});

test('zooming out ends at the whole tree, zooming in at the limit of doubles', () => {
  expect(zoomAt({ left: 0.2, right: 0.6 }, 0.5, 100)).toEqual(WHOLE);
  let span = WHOLE;
  for (let i = 0; i < 200; i++) span = zoomAt(span, 0.3, 0.5);
  expect(span.right - span.left).toBeCloseTo(2 ** -36, 14);
  expect(span.right).toBeGreaterThan(span.left);
});

test('panning stops at the edges and keeps the width', () => {
  expect(panBy({ left: 0.25, right: 0.5 }, 1)).toEqual({ left: 0.5, right: 0.75 });
  expect(panBy({ left: 0.25, right: 0.5 }, -5)).toEqual({ left: 0, right: 0.25 });
  expect(panBy({ left: 0.25, right: 0.5 }, 5)).toEqual({ left: 0.75, right: 1 });
});

test('clamping', () => {
  expect(clampSpan({ left: -0.5, right: 0.5 })).toEqual(WHOLE);
  expect(clampSpan({ left: 0.75, right: 1.25 })).toEqual({ left: 0.5, right: 1 });
});

test('an animation starts and ends where it should and stays inside', () => {
  const to = { left: 0.7, right: 0.8 };
  expect(between(WHOLE, to, 0)).toEqual(WHOLE);
  expect(between(WHOLE, to, 1)).toEqual(to);
  const middle = between(WHOLE, to, 0.5);
  // Geometric: half-way from 1 to 0.1 is √0.1 = 0.316…
  expect(middle.right - middle.left).toBeCloseTo(Math.sqrt(0.1), 12);
  expect(covers(WHOLE, middle) && covers(middle, to)).toBe(true);
});

test('old pixels on a new picture', () => {
  // 100 px show 0.2..0.6; then 0.3..0.5 fills them: twice as large, 0.3 (pixel 25) at pixel 0.
  const { scale, shift } = transform({ left: 0.2, right: 0.6 }, { left: 0.3, right: 0.5 }, 100);
  expect(scale).toBeCloseTo(2, 12);
  expect(25 * scale + shift).toBeCloseTo(0, 9);
});

test('spans and zooms of a box are inverse', () => {
  const bounds = { left: 0.25, right: 0.75 };
  expect(spanOf({ root: '7', left: 0.5, right: 1 }, bounds)).toEqual({ left: 0.5, right: 0.75 });
  expect(zoomOf({ left: 0.5, right: 0.75 }, '7', bounds)).toEqual({ root: '7', left: 0.5, right: 1 });
  expect(zoomOf({ left: 0.1, right: 0.75 }, '7', bounds)).toEqual({ root: '0', left: 0.1, right: 0.75 });
  expect(zoomOf(WHOLE, '7', bounds)).toEqual({ root: '0', left: 0, right: 1 });
});

test('rows and hits', () => {
  const row = Uint32Array.of(3, 4, 4, 6);
  expect([...rowStarts(row, 3, 4)]).toEqual([0, 1, 3, 3, 4]);
  expect([...rowStarts(row, 0, 3)]).toEqual([0, 0, 0, 0]);
  const x = Float32Array.of(0, 0, 50, 10);
  const w = Float32Array.of(100, 40, 50, 5);
  expect(boxAt(x, w, 1, 3, 0)).toBe(1);
  expect(boxAt(x, w, 1, 3, 39.9)).toBe(1);
  expect(boxAt(x, w, 1, 3, 45)).toBe(-1);
  expect(boxAt(x, w, 1, 3, 99)).toBe(2);
  expect(boxAt(x, w, 1, 3, 100)).toBe(-1);
  expect(boxAt(x, w, 3, 3, 10)).toBe(-1);
});
