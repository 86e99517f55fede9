import { expect, test } from 'vitest';
import { goName } from './goname';

test.each([
  ['main.main', 'main.', 'main'],
  ['example.com/tracing/pool.(*pool).work', 'example.com/tracing/pool.', '(*pool).work'],
  ['example.com/a.F[example.com/b.T,go.shape.int]', 'example.com/a.', 'F[example.com/b.T,go.shape.int]'],
  ['gopkg.in/yaml%2ev3.Marshal.func1', 'gopkg.in/yaml%2ev3.', 'Marshal.func1'],
  ['runtime/trace.(*traceMultiplexer).startLocked.func1', 'runtime/trace.', '(*traceMultiplexer).startLocked.func1'],
  // Words in place of a name.
  ["the runtime's own (3 functions)", '', "the runtime's own (3 functions)"],
  ['(not known)', '', '(not known)'],
  ['nothing', '', 'nothing'],
  ['', '', ''],
])('%s', (text, dim, strong) => {
  expect(goName(text)).toEqual({ dim, strong });
});
