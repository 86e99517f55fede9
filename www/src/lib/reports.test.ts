import { expect, test } from 'vitest';
import { reportFileName, REPORTS } from './reports';

test('files are called after the profile and the report', () => {
  const names = REPORTS.map((kind) => reportFileName('drop.zip/cpu.pb.gz', kind));
  expect(new Set(names).size).toBe(REPORTS.length);
  expect(names).toContain('cpu-top.txt');
  expect(names).toContain('cpu-graph.dot');
  expect(names).toContain('cpu-proto.pb.gz');
  expect(reportFileName('', REPORTS[0] as never)).toBe('top.txt');
});

test('only what is about some functions asks for them', () => {
  expect(REPORTS.filter((kind) => kind.needsSymbol).map((kind) => kind.report)).toEqual(['peek']);
});

test('tables for programs are the rows of Top', () => {
  const tables = REPORTS.filter((kind) => kind.format !== undefined);
  expect(tables.map(({ report, format }) => [report, format])).toEqual([['top', 'csv'], ['top', 'json']]);
});
