import { expect, test } from 'vitest';
import { formatSort, nextSort, parseSort } from './sort';

test('the URL form is read and written alike', () => {
  for (const text of ['flat', '+flat', 'name', '+name']) {
    expect(formatSort(parseSort(text))).toBe(text);
  }
  expect(parseSort('')).toEqual({ column: '', ascending: false });
});

test('a second click turns the order round', () => {
  const flat = { column: 'flat', ascending: false };
  expect(nextSort(flat, 'flat')).toEqual({ column: 'flat', ascending: true });
  expect(nextSort(flat, 'cum')).toEqual({ column: 'cum', ascending: false });
  expect(nextSort(flat, 'name')).toEqual({ column: 'name', ascending: true });
});
