import { expect, test } from 'vitest';
import { cut, keyWord, wordOf } from './keywords';
import { keysIn, USUAL, used } from './projections';

test('a text is cut at blanks outside of brackets, quotation marks and expressions', () => {
  expect(cut('a  b@(1 "2 3") "c d"')).toEqual(['a', 'b@(1 "2 3")', '"c d"']);
  expect(cut('a,b c', true)).toEqual(['a', 'b', 'c']);
  expect(cut('a,b c')).toEqual(['a,b', 'c']);
  expect(cut('k:/x y/ -l:("\\" " OR b)')).toEqual(['k:/x y/', '-l:("\\" " OR b)']);
  expect(cut('')).toEqual([]);
  expect(cut(' \t')).toEqual([]);
  // Not finished: the rest is one part.
  expect(cut('a "b c')).toEqual(['a', '"b c']);
});

test('words are quoted where they would be something else', () => {
  expect(['1k', 'a-b', '', 'OR', '-x', '/x', 'a b', 'a:b', 'q"', 'C:\\d\\'].map(wordOf)).toEqual([
    '1k', 'a-b', '""', '"OR"', '"-x"', '"/x"', '"a b"', '"a:b"', '"q\\x22"', '"C:\\x5cd\\x5c"',
  ]);
  expect(['/size', '.file', 'goos', '/a b', '/x(y)'].map(keyWord)).toEqual(['/size', '.file', 'goos', '"/a b"', '"/x(y)"']);
});

test('the keys of a projection, without their orders', () => {
  expect(keysIn('.config goos@alpha,/size@(1k 4k) "/a b"@num')).toEqual(['.config', 'goos', '/size', '/a b']);
  expect(keysIn('')).toEqual([]);
});

test('a key in columns takes the place of the files, which make tables then', () => {
  expect(used(USUAL, '/size', 'col')).toEqual({ table: '.config .file', row: '.fullname', col: '/size', ignore: '' });
  // And back: both are where they were.
  const back = used(used(USUAL, '/size', 'col'), '.file', '');
  expect(back).toEqual({ ...USUAL, col: '.file' });
});

test('columns that lost their key are files again', () => {
  const sizes = used(USUAL, '/size', 'col');
  expect(used(sizes, '/size', 'row')).toEqual({ ...USUAL, row: '.fullname /size' });
  expect(used({ ...USUAL, col: '/size', ignore: '.file' }, '/size', '')).toEqual({ ...USUAL, col: '', ignore: '.file' });
});

test('keys are added to tables, rows and what is ignored, and leave where they were', () => {
  expect(used(USUAL, 'goos', 'row').row).toBe('.fullname goos');
  expect(used(USUAL, 'goos', 'table').table).toBe('.config goos');
  const ignored = used({ ...USUAL, ignore: 'cpu' }, 'pkg', 'ignore');
  expect(ignored.ignore).toBe('cpu pkg');
  expect(used(ignored, 'cpu', '').ignore).toBe('pkg');
  expect(used(ignored, 'cpu', 'table')).toEqual({ table: '.config cpu', row: '.fullname', col: '.file', ignore: 'pkg' });
});

test('orders and quotation marks of other keys stay as they are', () => {
  const before = { ...USUAL, row: '.name /size@(1k "4 k"),"/a b"@num' };
  expect(used(before, '/a b', 'ignore')).toEqual({ ...before, row: '.name /size@(1k "4 k")', ignore: '"/a b"' });
});

test('files are never thrown together unasked', () => {
  for (const use of ['table', 'row', 'ignore'] as const) expect(used(USUAL, '.file', use).col).toBe('');
  expect(used(USUAL, '.file', 'ignore').ignore).toBe('.file');
  expect(used({ ...USUAL, table: '', col: '.file' }, 'note', 'col').table).toBe('.file');
});

test('what a person emptied stays empty', () => {
  expect(used({ ...USUAL, table: '' }, '/size', 'row').table).toBe('');
});
