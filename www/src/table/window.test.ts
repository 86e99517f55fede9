import { describe, expect, test } from 'vitest';
import {
  MAX_HEIGHT,
  clampTop,
  fitColumns,
  isScaled,
  moveBy,
  physicalHeight,
  reveal,
  revealMiddle,
  toPhysical,
  toVirtual,
  visibleRows,
} from './window';

const small = { rows: 100, rowHeight: 24, viewHeight: 240 };
const million = { rows: 1_000_000, rowHeight: 24, viewHeight: 600 };

describe('a table that fits the browser', () => {
  test('scrolls one to one', () => {
    expect(isScaled(small)).toBe(false);
    expect(physicalHeight(small)).toBe(2400);
    expect(toVirtual(small, 137)).toBe(137);
    expect(toPhysical(small, 137)).toBe(137);
  });

  test('draws the rows on screen and the overscan, and no row that does not exist', () => {
    // 240 px hold ten rows; from 36 px on, rows 1 (half) to 11 (half) are seen.
    expect(visibleRows(small, 36, 0)).toEqual({ first: 1, count: 11 });
    expect(visibleRows(small, 36, 4)).toEqual({ first: 0, count: 16 });
    expect(visibleRows(small, 2160, 4)).toEqual({ first: 86, count: 14 });
    expect(visibleRows({ ...small, rows: 0 }, 0, 4)).toEqual({ first: 0, count: 0 });
  });
});

describe('a table of a million rows', () => {
  test('is never taller than the browser can lay out', () => {
    expect(isScaled(million)).toBe(true);
    expect(physicalHeight(million)).toBe(MAX_HEIGHT);
  });

  test('reaches its first and its last row at the ends of the bar', () => {
    expect(toVirtual(million, 0)).toBe(0);
    const last = toVirtual(million, MAX_HEIGHT - 600);
    const seen = visibleRows(million, last, 0);
    expect(seen.first + seen.count).toBe(1_000_000);
  });

  test('maps to the bar and back', () => {
    for (const top of [0, 24, 1_000_003, 23_999_400]) {
      expect(toVirtual(million, toPhysical(million, top))).toBeCloseTo(top, 3);
    }
  });
});

describe('keys', () => {
  test('move the selection and stop at the ends', () => {
    expect(moveBy(small, 'ArrowDown', -1)).toBe(0);
    expect(moveBy(small, 'ArrowDown', 99)).toBe(99);
    expect(moveBy(small, 'ArrowUp', 0)).toBe(0);
    expect(moveBy(small, 'ArrowUp', -1)).toBe(99);
    expect(moveBy(small, 'Home', 50)).toBe(0);
    expect(moveBy(small, 'End', 50)).toBe(99);
    // Ten rows are on screen; a page leaves one of them in sight.
    expect(moveBy(small, 'PageDown', 10)).toBe(19);
    expect(moveBy(small, 'PageUp', 10)).toBe(1);
    expect(moveBy(small, 'x', 10)).toBeNull();
    expect(moveBy({ ...small, rows: 0 }, 'End', -1)).toBeNull();
  });

  test('reveal scrolls as little as needed', () => {
    expect(reveal(small, 240, 12)).toBe(240);
    expect(reveal(small, 240, 3)).toBe(72);
    expect(reveal(small, 0, 10)).toBe(24);
    expect(clampTop(small, 1e9)).toBe(2160);
  });
});

test('a row out of sight comes into the middle, one in sight stays where it is', () => {
  expect(revealMiddle(small, 240, 12)).toBe(240);
  // Row 50 starts at 1200; (240 - 24) / 2 = 108 pixels stay above it.
  expect(revealMiddle(small, 240, 50)).toBe(1092);
  expect(revealMiddle(small, 240, 0)).toBe(0);
  expect(revealMiddle(small, 0, 99)).toBe(2160);
});

test('columns leave by rank, the last of a rank first, and the others stay', () => {
  const columns = [
    { key: 'flat', width: 80 },
    { key: 'flat%', width: 60, optional: 1 },
    { key: 'sum%', width: 60, optional: 2 },
    { key: 'cum%', width: 60, optional: 1 },
    { key: 'name', width: 200 },
  ];
  const keys = (width: number): string[] => fitColumns(columns, width).map((column) => column.key);
  expect(keys(460)).toEqual(['flat', 'flat%', 'sum%', 'cum%', 'name']);
  expect(keys(459)).toEqual(['flat', 'flat%', 'cum%', 'name']);
  expect(keys(399)).toEqual(['flat', 'flat%', 'name']);
  expect(keys(10)).toEqual(['flat', 'name']);
  // With room for a wider name.
  const roomy = columns.map((column) => (column.key === 'name' ? { ...column, roomy: column.width + 1 } : column));
  expect(fitColumns(roomy, 460).map((column) => column.key)).toEqual(keys(460));
  expect(fitColumns(roomy, 460, true).map((column) => column.key)).toEqual(keys(459));
});
