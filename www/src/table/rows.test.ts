import { expect, test } from 'vitest';
import { BLOCK, RowCache, arraySource } from './rows';

test('rows that are here need no waiting', () => {
  const all = Array.from({ length: 300 }, (_, i) => i * 2);
  const cache = new RowCache(arraySource('k', all));
  expect(cache.row(0)).toBeUndefined();
  expect(cache.load({ first: 0, count: 300 })).toBeUndefined();
  expect(cache.row(299)).toBe(598);
  expect(cache.find((row) => row === 400)).toBe(200);
  expect(cache.find((row) => row === 401)).toBe(-1);
});

test('a block is asked for once, and the last one only as far as it goes', async () => {
  const asked: [number, number][] = [];
  const cache = new RowCache<number>({
    key: 'k',
    rows: BLOCK + 5,
    fetch: (start, count) => {
      asked.push([start, count]);
      return Promise.resolve(Array.from({ length: count }, (_, i) => start + i));
    },
  });
  const range = { first: BLOCK - 1, count: 4 };
  await Promise.all([cache.load(range), cache.load(range)]);
  expect(asked).toEqual([
    [0, BLOCK],
    [BLOCK, 5],
  ]);
  expect(cache.has(range)).toBe(true);
  expect(cache.row(BLOCK)).toBe(BLOCK);
});

test('a failed block is asked for again', async () => {
  let tries = 0;
  const cache = new RowCache<number>({
    key: 'k',
    rows: 1,
    fetch: () => (tries++ === 0 ? Promise.reject(new Error('gone')) : Promise.resolve([7])),
  });
  await expect(cache.load({ first: 0, count: 1 })).rejects.toThrow('gone');
  await cache.load({ first: 0, count: 1 });
  expect(cache.row(0)).toBe(7);
});

test('old blocks go, so that a walk through a million rows keeps a bounded number', () => {
  const cache = new RowCache<number>({
    key: 'k',
    rows: 1_000_000,
    fetch: (start, count) => Array.from({ length: count }, (_, i) => start + i),
  });
  for (let first = 0; first < 1_000_000; first += BLOCK) cache.load({ first, count: 1 });
  expect(cache.row(0)).toBeUndefined();
  expect(cache.row(999_999)).toBe(999_999);
});
