import { expect, test } from 'vitest';
import type { BenchTableInfo } from '../../core';
import { rowText, wantedRow } from './question';

function table(unit: string, keys: Record<string, string> = {}): BenchTableInfo {
  const facts = Object.entries(keys).map(([name, value]) => ({ name, value }));
  return { keys: facts, unit, better: 'lower', exact: false, columns: [], rows: 1, allRows: 1, scale: '', meanNotes: [] };
}

test('a row is named by what tells its table from others, and found by it', () => {
  const all = [table('sec/op', { pkg: 'a' }), table('B/op', { pkg: 'a' }), table('sec/op', { pkg: 'b: c' })];
  const [first, second, third] = all as [BenchTableInfo, BenchTableInfo, BenchTableInfo];
  expect(rowText('X/n=1-8', second, all)).toBe('X/n=1-8\nB/op');
  for (const [at, one] of [first, second, third].entries()) {
    expect(wantedRow(rowText('X', one, all), all)).toEqual({ label: 'X', table: at });
  }
  expect(wantedRow('X\nMB/s', all)).toEqual({ label: 'X', table: -1 });
  expect(wantedRow('X', all)).toEqual({ label: 'X', table: 0 });
  expect(wantedRow('', all)).toBeNull();
});
