import { expect, test } from 'vitest';
import { exactly, exactText, expressionFor, FILTERS, isAbout, shortened, withChosen } from './filters';

test('every filter has a parameter of its own', () => {
  expect(new Set(FILTERS.map(({ param }) => param)).size).toBe(12);
});

test('a chosen function joins what is ignored or hidden, once, and replaces what is focused', () => {
  expect(withChosen('ignore', '^a$', '^b$')).toBe('^a$|^b$');
  expect(withChosen('hide', '^a$|^b$', '^b$')).toBe('^a$|^b$');
  expect(withChosen('hide', '', '^b$')).toBe('^b$');
  expect(withChosen('focus', '^a$', '^b$')).toBe('^b$');
  expect(withChosen('show_from', '^a$', '^b$')).toBe('^b$');
});

test('an exact expression and back', () => {
  for (const name of ['main.(*T[go.shape.int]).f·1', 'a+b|c{d}^e$', 'C:\\x', 'std::vec<int>::push_back']) {
    expect(new RegExp(exactly(name)).test(name)).toBe(true);
    expect(exactText(exactly(name))).toBe(name);
  }
  for (const loose of ['main', '^main', '^a.b$', '^a|b$', '^\\d$', '^$', '']) expect(exactText(loose)).toBeNull();
});

test('an expression for a row is about what filters see: function, file, binary, package', () => {
  const file = '/usr/src/a b/x.go';
  expect(expressionFor({ full: 'main.f', file }, 'functions')).toBe('^main\\.f$');
  expect(expressionFor({ full: `main.f ${file}`, file }, 'filefunctions')).toBe('^main\\.f$');
  expect(expressionFor({ full: `main.f ${file}:12:3`, file }, 'lines')).toBe('^main\\.f$');
  expect(expressionFor({ full: 'main.f other.go:12', file }, 'lines')).toBe('^main\\.f$');
  expect(expressionFor({ full: `00000000004a2b10 main.f ${file}:12`, file }, 'addresses')).toBe('^main\\.f$');
  expect(expressionFor({ full: file, file }, 'files')).toBe('^/usr/src/a b/x\\.go$');
  expect(expressionFor({ full: '[libc.so.6]', file: '' }, 'functions')).toBe('(^|/)libc\\.so\\.6$');
  expect(expressionFor({ full: 'net/http', file }, 'packages')).toBe('^net/http\\.');
  expect(expressionFor({ full: '<unknown>', file: '' }, 'functions')).toBe('');
});

test('a long expression keeps both ends', () => {
  expect(shortened('short', 8)).toBe('short');
  expect(shortened('abcdefghijklmnop', 8)).toBe('ab…lmnop');
  expect([...shortened('😀'.repeat(20), 8)]).toHaveLength(8);
});

test('a remark begins with the filter that it is about', () => {
  expect(isAbout('Show expression matched no samples', 'show')).toBe(true);
  expect(isAbout('ShowFrom expression matched no samples', 'show_from')).toBe(true);
  expect(isAbout('ShowFrom expression matched no samples', 'show')).toBe(false);
  expect(isAbout("tagfocus:Interpreted '4kb:8kb' as range, not regexp", 'tagfocus')).toBe(true);
  expect(isAbout("tagfocus:Interpreted '4kb:8kb' as range, not regexp", 'tagignore')).toBe(false);
});
