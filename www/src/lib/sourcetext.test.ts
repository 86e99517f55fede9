import { expect, test } from 'vitest';
import { linesOf, versionDoubt } from './sourcetext';

test('lines end in every way', () => {
  expect(linesOf('a\r\nb\n\nc')).toEqual(['a', 'b', '', 'c']);
  expect(linesOf('a\n')).toEqual(['a']);
  expect(linesOf('')).toEqual([]);
});

const file = ['package main', '', '// Run runs.', 'func Run() {', '}', '', 'func (s *Set) Add() {', '}'];

test('a text that fits raises no doubt', () => {
  const known = [
    { base: 'Run', startLine: 4, closure: false },
    { base: 'Add', startLine: 7, closure: false },
    { base: 'Elsewhere', startLine: 4, closure: true },
    { base: 'NoLine', startLine: 0, closure: false },
  ];
  expect(versionDoubt(file, 8, known)).toBe('');
});

test('a line beyond the end, or a function that is not there, is another version', () => {
  expect(versionDoubt(file, 30, [])).toContain('line 30, and this file has 8');
  // Three lines away is still near.
  expect(versionDoubt(file, 8, [{ base: 'Add', startLine: 4, closure: false }])).toBe('');
  expect(versionDoubt(file, 8, [{ base: 'Add', startLine: 1, closure: false }])).toContain('Add is not near line 1');
});
