import { describe, expect, it } from 'vitest';
import { barsPath, between, slotAt, stepped } from './select';

const even = [0, 1, 2, 3].map((at) => ({ left: at / 4, width: 1 / 4, height: 1 }));

describe('a place', () => {
  it('is in the slot that covers it', () => {
    expect([0, 0.3, 0.6, 1].map((place) => slotAt(even, place))).toEqual([0, 1, 2, 3]);
    expect(slotAt([], 0.5)).toBe(-1);
  });

  it('is of the nearest where none covers it, and of the narrowest of several', () => {
    const files = [
      { left: 0, width: 0.1, height: 1 },
      { left: 0.5, width: 0.4, height: 1 },
      { left: 0.6, width: 0, height: 1 },
    ];
    expect(slotAt(files, 0.2)).toBe(0);
    expect(slotAt(files, 0.45)).toBe(1);
    expect(slotAt(files, 0.6)).toBe(2);
    expect(slotAt(files, 0.7)).toBe(1);
  });
});

it('a range is in order, whichever way it was drawn', () => {
  expect(between(3, 1)).toEqual([1, 3]);
});

it('keys stay inside', () => {
  expect(stepped('ArrowLeft', 0, 4)).toBe(0);
  expect(stepped('ArrowRight', 1, 4)).toBe(2);
  expect(stepped('PageUp', 5, 40)).toBe(9);
  expect(stepped('End', 0, 40)).toBe(39);
  expect(stepped('a', 0, 40)).toBeUndefined();
});

it('what is there can be seen, and what is nothing has no bar', () => {
  const slots = [{ left: 0, width: 0.5, height: 0.001 }, { left: 0.5, width: 0.5, height: 0 }];
  expect(barsPath(slots, 100, 20, 2)).toBe('M0.00 20v-1.00h49.00v1.00z');
  // At the right end a bar of no width lies inside.
  expect(barsPath([{ left: 1, width: 0, height: 1 }], 100, 20, 2)).toBe('M98.00 20v-20.00h2.00v20.00z');
});
