import { expect, test } from 'vitest';
import { fileKey } from './filekey';

test('equal names are told apart in the order of opening', () => {
  const files = [
    { id: 1, name: 'cpu.prof' },
    { id: 4, name: 'mem.prof' },
    { id: 5, name: 'cpu.prof' },
    { id: 9, name: 'cpu.prof' },
  ];
  expect(files.map((file) => fileKey(files, file.id))).toEqual(['cpu.prof', 'mem.prof', 'cpu.prof (2)', 'cpu.prof (3)']);
});

test('a file that is not there has no name', () => {
  expect(fileKey([], 3)).toBe('');
});
