import { expect, test } from 'vitest';
import { exportName } from './document';

test('an export is named after the one file it is about', () => {
  expect(exportName(['cpu.pb.gz'], 'html')).toBe('cpu-report.html');
  expect(exportName(['suite.zip/mem.prof'], 'md')).toBe('mem-report.md');
  expect(exportName(['a.prof', 'b.prof'], 'json')).toBe('report.json');
  expect(exportName([], 'json')).toBe('report.json');
});

test('a hostile name becomes a harmless one', () => {
  expect(exportName(['../../etc/passwd'], 'md')).toBe('passwd-report.md');
  expect(exportName(['..'], 'md')).toBe('report.md');
  expect(exportName(['<img src=x>.pb'], 'md')).toBe('img-src-x-report.md');
  expect(exportName(['\u202egpj.exe'], 'md')).toBe('gpj.exe-report.md');
});
