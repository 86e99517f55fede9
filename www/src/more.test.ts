import { expect, test } from 'vitest';
import type { Query } from './core';
import { UNFILTERED } from './lib/query';
import { needsMore } from './more';

test('the first picture of a profile does without the second half, what goes beyond it does not', () => {
  const query: Query = { ...UNFILTERED, file: 1, sample: 0, granularity: 'functions', noinlines: false };
  expect(needsMore('summary', [query])).toBe(false);
  expect(needsMore('topRows', [query, { column: 'flat', ascending: false, search: '' }, 0, 128])).toBe(false);
  expect(needsMore('topRows', [query, { column: 'flat', ascending: false, search: 'json' }, 0, 128])).toBe(true);
  expect(needsMore('summary', [{ ...query, steps: [{ kind: 'focus', text: 'x' }] }])).toBe(true);
  expect(needsMore('flame', [query, { inverted: false, byName: true }])).toBe(true);
  expect(needsMore('findings', [[1]])).toBe(true);
  expect(needsMore('benchTables', [{ files: [] }])).toBe(true);
});
