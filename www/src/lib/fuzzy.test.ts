import { expect, test } from 'vitest';
import { fuzzy, pieces } from './fuzzy';

function order(texts: readonly string[], typed: string): string[] {
  return texts
    .map((text) => ({ text, fit: fuzzy(text, typed) }))
    .filter(({ fit }) => fit !== null)
    .sort((one, other) => (other.fit?.score ?? 0) - (one.fit?.score ?? 0))
    .map(({ text }) => text);
}

test('the beginning of a word is better than its middle, and both better than scattered letters', () => {
  expect(order(['Go to Flame graph', 'Group by: Lines', 'Inflame', 'Filter: a man'], 'flame')).toEqual(['Go to Flame graph', 'Inflame']);
  expect(order(['Stop', 'Go to Top', 'To optimise'], 'top')[0]).toBe('Go to Top');
});

test('first letters of words find them', () => {
  expect(fuzzy('Go to Callers & callees', 'gcc')?.at).toEqual([0, 6, 16]);
});

test('words may come in any order, and each has to be there', () => {
  expect(fuzzy('Show files in Top', 'top show')).not.toBeNull();
  expect(fuzzy('Show files in Top', 'top hide')).toBeNull();
});

test('letters that only happen to be there in their order find nothing', () => {
  expect(fuzzy('Values per event', 'lpt')).toBeNull();
});

test('nothing typed fits everything', () => {
  expect(fuzzy('anything', '  ')).toEqual({ score: 0, at: [] });
});

test('a text is cut into what was typed and what was not', () => {
  expect(pieces('Go to Top', [6, 7, 8])).toEqual([
    { text: 'Go to ', hit: false },
    { text: 'Top', hit: true },
  ]);
});
