import { expect, test } from 'vitest';
import { pieces } from './golex';
import { cutAt, matchingLines, searchPattern } from './marks';

function marked(line: string, expression: string): string[] {
  const pattern = searchPattern(expression);
  return pattern === null ? [] : cutAt(pieces(line, 'code'), pattern).filter((one) => one.marked).map(({ text }) => text);
}

test('marks are where the search matches, over pieces as well', () => {
  expect(marked('return strings.Cut(s, "x")', 'cut')).toEqual(['Cut']);
  // Small letters find both; a capital means it.
  expect(marked('return CUT', 'Cut')).toEqual([]);
  // One match in three pieces.
  expect(marked('a := len(b)', ':= len\\(').join('')).toBe(':= len(');
});

test('cutting loses nothing', () => {
  const line = 'x := "a" + f(1) // aa';
  const pattern = searchPattern('a') as RegExp;
  expect(cutAt(pieces(line, 'code'), pattern).map(({ text }) => text).join('')).toBe(line);
});

test('what cannot be used, and what matches nothing, marks nothing', () => {
  for (const expression of ['', '(', 'a*', '(?P<x>a)']) expect(searchPattern(expression)).toBeNull();
});

test('lines are counted up to a limit', () => {
  const pattern = searchPattern('x') as RegExp;
  expect(matchingLines(['x', 'y', 'xx', 'x'], pattern, 2)).toEqual([1, 3]);
});
