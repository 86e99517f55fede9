import { expect, test } from 'vitest';
import type { FindingDto } from '../../core';
import { countsText, outline } from './outline';

function finding(rule: string, severity: string, explains: number[] = [], explainedBy?: number): FindingDto {
  return { rule, severity, explains, ...(explainedBy === undefined ? {} : { explainedBy }) } as unknown as FindingDto;
}

const shape = (list: FindingDto[]): string[] => outline(list).map(({ finding: one, depth }) => `${depth} ${one.rule}`);

test('what follows from a cause stands below it, also where it is the graver one', () => {
  const list = [
    finding('A05', 'high', [], 2),
    finding('C01', 'high'),
    finding('S04', 'medium', [0, 3]),
    finding('A01', 'low', [], 2),
  ];
  expect(shape(list)).toEqual(['0 S04', '1 A05', '1 A01', '0 C01']);
});

test('information is listed apart, and what follows from it stands for itself', () => {
  const list = [finding('A05', 'high', [], 1), finding('M01', 'info', [0]), finding('M02', 'info', [], 0)];
  expect(shape(list)).toEqual(['0 A05']);
});

test('causes in a ring are listed once', () => {
  const list = [finding('A', 'high', [1], 1), finding('B', 'high', [0], 0), finding('C', 'low', [], 9)];
  expect(outline(list)).toHaveLength(3);
});

test('counts go from grave to slight', () => {
  const list = [finding('A', 'info'), finding('B', 'high'), finding('C', 'info'), finding('D', 'medium')];
  expect(countsText(list)).toBe('1 high, 1 medium, 2 info');
  expect(countsText([])).toBe('');
});
