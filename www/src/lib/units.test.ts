import { expect, test } from 'vitest';
import { unitIn, unitsFor } from './units';

test('units of a family', () => {
  expect(unitsFor('nanoseconds')).toEqual(['ns', 'us', 'ms', 's', 'hrs']);
  expect(unitsFor('bytes')).toEqual(['B', 'kB', 'MB', 'GB', 'TB', 'PB']);
  expect(unitsFor('count')).toEqual([]);
  expect(unitsFor('')).toEqual([]);
});

test('a unit by any of pprof’s names, within the family', () => {
  expect(unitIn('milliseconds', 'nanoseconds')).toBe('ms');
  expect(unitIn('MB', 'bytes')).toBe('MB');
  expect(unitIn('kilobytes', 'bytes')).toBe('kB');
  expect(unitIn('hours', 'nanoseconds')).toBe('hrs');
  expect(unitIn('minimum', 'bytes')).toBe('');
  expect(unitIn('', 'count')).toBe('');
  expect(unitIn('ms', 'bytes')).toBeNull();
  expect(unitIn('ms', 'count')).toBeNull();
  // pprof has neither minutes nor binary prefixes.
  expect(unitIn('minutes', 'nanoseconds')).toBeNull();
  expect(unitIn('KiB', 'bytes')).toBeNull();
});
