import { expect, test } from 'vitest';
import { splitSymbol } from './gosymbol';

test.each([
  ['encoding/json.(*Decoder).Decode', 'encoding/json.'],
  ['gopkg.in/yaml%2ev3.Unmarshal', 'gopkg.in/yaml%2ev3.'],
  ['pool.Map[example.com/a/b.T].func1', 'pool.'],
  ['main.main', 'main.'],
  ['memeqbody', ''],
  ['std::vector<a.b>::push_back', ''],
  ['[libc.so]', ''],
  ['', ''],
])('the package of %s', (full, dim) => {
  expect(splitSymbol(full)).toEqual({ dim, strong: full.slice(dim.length) });
});
