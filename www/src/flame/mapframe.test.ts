import { expect, test } from 'vitest';
import { dragged, gripAt, placed } from './mapframe';

const FRAME = { left: 0.25, right: 0.5, top: 0, bottom: 10 };

test('the frame in pixels', () => {
  // 200 wide: 50 to 100; rows of 2 pixels: 0 to 20.
  expect(placed(FRAME, 200, 2, 56)).toEqual({ left: 50, right: 100, top: 0, bottom: 20 });
});

test('a frame too small to be seen is drawn as large as can be taken', () => {
  const { left, right, top, bottom } = placed({ left: 0.9999, right: 1, top: 100, bottom: 101 }, 200, 0.5, 56);
  expect([left, right]).toEqual([194, 200]);
  expect(bottom - top).toBe(6);
});

test('edges, middle and outside', () => {
  const part = (at: number): string => gripAt(FRAME, at, 0.01).part;
  expect([0.1, 0.245, 0.3, 0.505, 0.7].map(part)).toEqual(['outside', 'left', 'middle', 'right', 'outside']);
  // Too narrow for three parts.
  expect(gripAt({ left: 0.5, right: 0.51 }, 0.5, 0.01).part).toBe('middle');
});

test('a click outside brings the frame there', () => {
  const next = dragged(FRAME, gripAt(FRAME, 0.75, 0.01), 0.75);
  // 0.25 wide around 0.75.
  expect(next).toEqual({ left: 0.625, right: 0.875 });
});

test('dragging moves, and stops at the edge', () => {
  const grip = gripAt(FRAME, 0.3, 0.01);
  const { left, right } = dragged(FRAME, grip, 0.4);
  expect(left).toBeCloseTo(0.35, 12);
  expect(right).toBeCloseTo(0.6, 12);
  expect(dragged(FRAME, grip, 5)).toEqual({ left: 0.75, right: 1 });
});

test('an edge resizes, and may cross the other one', () => {
  const grip = gripAt(FRAME, 0.5, 0.01);
  expect(dragged(FRAME, grip, 0.75)).toEqual({ left: 0.25, right: 0.75 });
  expect(dragged(FRAME, grip, 0.125)).toEqual({ left: 0.125, right: 0.25 });
});
