import { expect, test } from 'vitest';
import { bytesText, countText } from './bytes';

test('sizes', () => {
  expect(bytesText(0)).toBe('0B');
  expect(bytesText(1023)).toBe('1023B');
  expect(bytesText(1024)).toBe('1kB');
  // 12.5 · 1024 = 12800
  expect(bytesText(12_800)).toBe('12.50kB');
  expect(bytesText(3 * 1024 ** 3)).toBe('3GB');
  expect(bytesText(5 * 1024 ** 5)).toBe('5120TB');
});

test('counts', () => {
  expect(countText(999)).toBe('999');
  expect(countText(1_234_567)).toBe('1\u202f234\u202f567');
});
