import { expect, test } from 'vitest';
import { lineStates, pieces } from './golex';
import type { LineState } from './golex';

function kinds(line: string, state: LineState = 'code'): string[] {
  return pieces(line, state).filter(({ kind }) => kind !== 'text').map(({ kind, text }) => `${kind}:${text}`);
}

test('words have the kinds of the language', () => {
  expect(kinds('func Len(s []string) int { return len(s) + 0x1F } // done')).toEqual([
    'keyword:func', 'func:Len', 'type:string', 'type:int', 'keyword:return', 'builtin:len', 'number:0x1F', 'comment:// done',
  ]);
});

test('what stands in texts is text', () => {
  expect(kinds(String.raw`a := "func // \" x" + 'func'`)).toEqual([String.raw`string:"func // \" x"`, `string:'func'`]);
});

test('pieces joined are the line, whatever is in it', () => {
  for (const line of ['', '\t𝒳 := “x”\u0000', 'a/*b*/c/*', '`raw', "'", '"open', '😀😀 /* */ `']) {
    for (const state of ['code', 'comment', 'raw'] as const) {
      expect(pieces(line, state).map(({ text }) => text).join(''), line).toBe(line);
    }
  }
});

test('comments and raw texts go over lines', () => {
  const lines = ['x := `a', '// still raw', 'b` /* now', 'a comment `', '*/ y := 1 // `', 'z'];
  expect(lineStates(lines)).toEqual(['code', 'raw', 'raw', 'comment', 'comment', 'code']);
  expect(kinds('b` /* now', 'raw')).toEqual(['string:b`', 'comment:/* now']);
  expect(kinds('*/ y := 1', 'comment')).toEqual(['comment:*/', 'number:1']);
  // The slash of the opening is not that of the end.
  expect(lineStates(['/*/', 'x'])).toEqual(['code', 'comment']);
});

test('twenty thousand lines have their states at once', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => (i % 50 === 0 ? '/* a' : i % 50 === 1 ? 'b */' : '\tx := f(1, "a") // c'));
  const start = performance.now();
  lineStates(lines);
  // A few milliseconds on a quiet machine; the limit leaves room for a busy one.
  expect(performance.now() - start).toBeLessThan(200);
});
