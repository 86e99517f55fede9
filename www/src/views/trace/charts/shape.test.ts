import { expect, test } from 'vitest';
import { bars, between, heat, joined, peak, placeAt, places, SHADES, shadeOf, spanOf, stacked, stairs, thinned } from './shape';
import type { Chart } from './shape';

/** Three places of a trace of 100 ns: 0 to 40, to 80, to 100. */
const time: Chart = { kind: 'areas', x: [0, 40, 80], end: 100, top: 4, parts: [{ values: [1, 1, 2] }, { values: [0, 2, 2] }] };
const scale = { width: 100, height: 40, top: 4 };

test('places of time are as long as what they cover, the last up to the end', () => {
  expect(places(time)).toEqual([0, 0.4, 0.8, 1]);
  expect([0, 0.39, 0.4, 0.79, 0.8, 1, 2].map((share) => placeAt(time, places(time), share))).toEqual([0, 0, 1, 1, 2, 2, 2]);
  expect(spanOf(time, places(time), 1)).toEqual([0.4, 0.8]);
});

test('bars are of one width', () => {
  const histogram: Chart = { kind: 'bars', x: [10, 100, 1000, 10_000], end: 100_000, top: 8, parts: [{ values: [8, 0, 1, 4] }] };
  expect(places(histogram)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(placeAt(histogram, places(histogram), 0.6)).toBe(2);
  // 1 of 8 is 5 of 40 pixels; nothing has no bar.
  expect(bars(places(histogram), [8, 0, 1, 4], { width: 80, height: 40, top: 8 })).toBe('M0 40v-40h19V40zM40 40v-5h19V40zM60 40v-20h19V40z');
});

test('points of a curve stand by the powers of their places, and the nearest is meant', () => {
  const curve: Chart = { kind: 'curve', x: [10, 100, 1000], end: 1000, top: 1, parts: [{ values: [0, 0.5, 1] }] };
  expect(places(curve).map((place) => place.toFixed(3))).toEqual(['0.000', '0.500', '1.000']);
  expect([0.2, 0.3, 0.7, 0.8, 1].map((share) => placeAt(curve, places(curve), share))).toEqual([0, 1, 1, 2, 2]);
  expect(spanOf(curve, places(curve), 1)).toEqual([0.5, 0.5]);
  expect(joined(places(curve), [0, 0.5, 1], { ...scale, top: 1 })).toBe('M0 40L50 20L100 0');
});

test('nothing has no places', () => {
  const nothing: Chart = { kind: 'areas', x: [], end: 0, top: 0, parts: [] };
  expect(placeAt(nothing, places(nothing), 0.5)).toBe(-1);
  expect(stairs([], [], scale)).toBe('');
  expect(between([], { lower: [], upper: [] }, scale)).toBe('');
  expect(peak(nothing)).toEqual({ at: 0, row: 0 });
});

test('parts lie on each other, and their shapes meet', () => {
  const layers = stacked(time.parts);
  expect(layers).toEqual([
    { lower: [0, 0, 0], upper: [1, 1, 2] },
    { lower: [1, 1, 2], upper: [1, 3, 4] },
  ]);
  // 1 of 4 is 10 of 40 pixels from below; levels that stay are one line.
  expect(stairs(places(time), [1, 1, 2], scale)).toBe('M0 30H80V20H100');
  expect(between(places(time), layers[0] ?? { lower: [], upper: [] }, scale)).toBe('M0 30H80V20H100V40H0Z');
  expect(between(places(time), layers[1] ?? { lower: [], upper: [] }, scale)).toBe('M0 30H40V10H80V0H100V20H80V30H0Z');
});

test('what is larger than the axis ends at it', () => {
  expect(stairs([0, 1], [9], scale)).toBe('M0 0H100');
});

test('shades of a heat map: none for nothing, one for anything', () => {
  expect([0, 0.001, 0.5, 1, 1.2].map((value) => shadeOf(value, 1))).toEqual([0, 1, SHADES / 2, SHADES, SHADES]);
  const paths = heat([0, 0.25, 0.5, 0.75, 1], [[1, 1, 0, 1], [0, 0.5, 0.5, 0]], 1, 100);
  expect(paths[SHADES - 1]).toBe('M0 0.5H50M75 0.5H100');
  expect(paths[SHADES / 2 - 1]).toBe('M25 1.5H75');
  expect(paths.filter((path) => path === '')).toHaveLength(SHADES - 2);
});

test('the peak is where all parts together are most', () => {
  expect(peak(time)).toEqual({ at: 2, row: 0 });
  expect(peak({ ...time, parts: [{ values: [0, 1, 0] }, { values: [0, 3, 2] }] })).toEqual({ at: 1, row: 1 });
});

test('ticks leave where there is no room for their texts', () => {
  const ticks = [0, 1, 2, 3, 4, 5];
  expect(thinned(ticks, 300, 50)).toEqual(ticks);
  expect(thinned(ticks, 299, 50)).toEqual([0, 2, 4]);
  expect(thinned(ticks, 0, 50)).toEqual([0]);
});
