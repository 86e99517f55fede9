import { expect, test } from 'vitest';
import { alignedText, csvText } from './rowtext';

const table = {
  headings: ['flat', 'flat%', 'Name'],
  numeric: [true, true, false],
  rows: [
    ['1.20s', '12.00%', 'main.a'],
    ['30ms', '0.30%', 'main.(*T).b'],
  ],
};

test('cells have tabs between them, and stand under each other', () => {
  // The widest cells are 1.20s (5), 12.00% (6) and main.(*T).b (11); the last column keeps no blanks at its end.
  expect(alignedText(table)).toBe(' flat\t flat%\tName\n1.20s\t12.00%\tmain.a\n 30ms\t 0.30%\tmain.(*T).b\n');
});

test('a tab or an end of line inside a name does not break the table', () => {
  const rows = [['1', '2', 'a\tb\nc']];
  expect(alignedText({ ...table, rows }).split('\n')[1]).toBe('   1\t    2\ta b c');
});

test('in CSV only what needs it is quoted', () => {
  const rows = [['1', '2', 'main.f[go.shape.int,"x"]']];
  expect(csvText({ ...table, rows })).toBe('flat,flat%,Name\r\n1,2,"main.f[go.shape.int,""x""]"\r\n');
});

test('a name is not taken for a formula, and a negative figure stays one', () => {
  const rows = [['-1.5s', '=1+1', '@f']];
  expect(csvText({ ...table, rows }).split('\r\n')[1]).toBe("-1.5s,'=1+1,'@f");
});
