import { expect, test } from 'vitest';
import { keptWords, toggled } from './benchfilter';

test('a value is taken in, and out again', () => {
  expect(toggled('', '/size', '1k')).toBe('/size:1k');
  expect(toggled('/size:1k', '/size', '1k')).toBe('');
  expect(toggled('*', '/size', '1k')).toBe('/size:1k');
});

test('several values of a key are one term', () => {
  const two = toggled('/size:1k', '/size', '"4 k"');
  expect(two).toBe('/size:(1k OR "4 k")');
  expect(keptWords(two, '/size')).toEqual(['1k', '"4 k"']);
  expect(toggled(two, '/size', '1k')).toBe('/size:"4 k"');
});

test('terms of other keys stay where they are', () => {
  const filter = '/size:(1k OR 4k) -pkg:/x y/ AND goos:linux';
  expect(toggled(filter, 'goos', 'linux')).toBe('/size:(1k OR 4k) -pkg:/x y/');
  expect(toggled(filter, '/size', '1k')).toBe('/size:4k -pkg:/x y/ goos:linux');
  expect(toggled(filter, '.name', 'Encode')).toBe('/size:(1k OR 4k) -pkg:/x y/ goos:linux .name:Encode');
});

test('what is written another way is not changed, but held together', () => {
  expect(toggled('a:1 OR b:2', '/size', '1k')).toBe('(a:1 OR b:2) /size:1k');
  expect(toggled('-/size:1k', '/size', '4k')).toBe('-/size:1k /size:4k');
  expect(keptWords('/size:/1k|4k/', '/size')).toEqual([]);
  expect(toggled('/size:/1k|4k/', '/size', '1k')).toBe('/size:/1k|4k/ /size:1k');
  expect(keptWords('/size:(1k OR -x)', '/size')).toEqual([]);
});

test('a key that has to be quoted, and a value that is none', () => {
  expect(toggled('', '/a b', '""')).toBe('"/a b":""');
  expect(keptWords('"/a b":""', '/a b')).toEqual(['""']);
});
