import { expect, test } from 'vitest';
import { sourceRows } from './sourcerows';
import type { Layout } from './sourcerows';

function rows(layout: Partial<Layout>): string[] {
  const all = sourceRows({ count: 40, hot: [20], all: false, opened: new Set(), inlined: () => 0, ...layout });
  return all.map((row) => (row.kind === 'fold' ? `${row.from}-${row.to}` : row.kind === 'line' ? `${row.line}` : `${row.line}+${row.at}`));
}

const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

test('what is far from a value is folded', () => {
  expect(rows({})).toEqual(['1-14', ...numbers(15, 25), '26-40']);
});

test('a fold opens, and all of them do', () => {
  expect(rows({ opened: new Set([26]) })).toEqual(['1-14', ...numbers(15, 40)]);
  expect(rows({ all: true })).toEqual(numbers(1, 40));
});

test('few lines are not worth a fold', () => {
  // Around 9 stand 4 to 14: of 1 to 3 nothing is hidden. Between 14 and 18, around 23, three lines stay.
  expect(rows({ hot: [9, 23] })).toEqual([...numbers(1, 28), '29-40']);
});

test('what was inlined stands below its line', () => {
  expect(rows({ count: 12, hot: [6], inlined: (line) => (line === 6 ? 2 : 0) })).toEqual([...numbers(1, 6), '6+0', '6+1', ...numbers(7, 12)]);
});

test('lines beyond the end of the file are none', () => {
  expect(rows({ count: 8, hot: [0, 2, 500] })).toEqual(numbers(1, 8));
  expect(rows({ count: 0, hot: [3] })).toEqual([]);
});
