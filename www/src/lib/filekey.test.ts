import { expect, test } from 'vitest';
import { fileKeys } from './filekey';

test('equal names are told apart in the order of opening', () => {
  const names = ['cpu.prof', 'mem.prof', 'cpu.prof', 'cpu.prof'];
  expect(fileKeys(names, [])).toEqual(['cpu.prof', 'mem.prof', 'cpu.prof (2)', 'cpu.prof (3)']);
});

test('what is there keeps its name, and one that is free again is given again', () => {
  expect(fileKeys(['cpu.prof', 'cpu.prof'], ['cpu.prof (2)'])).toEqual(['cpu.prof', 'cpu.prof (3)']);
});

test('a file that is really called so does not get the name of another', () => {
  expect(fileKeys(['a', 'a (2)', 'a'], [])).toEqual(['a', 'a (2)', 'a (3)']);
});
