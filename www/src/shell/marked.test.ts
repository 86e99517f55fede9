import { expect, test } from 'vitest';
import { placeText } from './marked';

test('the place of a mistake in words', () => {
  expect(placeText('a(', -1)).toBe('');
  expect(placeText('a(b', 1)).toBe(' (character 2)');
  expect(placeText('a(b', 3)).toBe(' at the end');
});
