import { expect, test } from 'vitest';
import { cells, fit, pieces, widthOf } from './text';

const dim = 'github.com/acme/store/internal/pack.';
const strong = '(*Writer).flush';

/** A name as it is written in so many characters. */
function written(room: number, before: string, name: string): string {
  const fitted = fit({ dim: before, strong: name }, room);
  return fitted.dim + fitted.strong;
}

test('a name that fits stays whole', () => {
  expect(fit({ dim, strong }, dim.length + strong.length)).toEqual({ dim, strong });
  expect(fit({ dim: '', strong: 'ab' }, 2)).toEqual({ dim: '', strong: 'ab' });
  expect(fit({ dim: '', strong: '' }, 0)).toEqual({ dim: '', strong: '' });
});

test('the path goes first, then the package', () => {
  expect(fit({ dim, strong }, dim.length + strong.length - 1)).toEqual({ dim: 'pack.', strong });
  expect(fit({ dim, strong }, 5 + 15)).toEqual({ dim: 'pack.', strong });
  expect(fit({ dim, strong }, 5 + 14)).toEqual({ dim: '', strong });
});

test('then the function loses its end', () => {
  expect(fit({ dim, strong }, 14)).toEqual({ dim: '', strong: '(*Writer).flu…' });
  expect(fit({ dim: 'runtime.', strong: 'makeslice' }, 7)).toEqual({ dim: '', strong: 'makesl…' });
});

test('nothing is better than less than two letters', () => {
  expect(fit({ dim: 'runtime.', strong: 'makeslice' }, 3)).toEqual({ dim: '', strong: 'ma…' });
  expect(fit({ dim: 'runtime.', strong: 'makeslice' }, 2)).toEqual({ dim: '', strong: '' });
  expect(fit({ dim, strong }, 4)).toEqual({ dim: '', strong: '' });
  expect(fit({ dim, strong }, 5)).toEqual({ dim: '', strong: '(*Wr…' });
  expect(fit({ dim, strong }, 0)).toEqual({ dim: '', strong: '' });
});

test('long type arguments go before anything else', () => {
  const map = 'Map[go.shape.string,example.com/dirsync.reused[[]int]].func1';
  expect(written(40, 'example.com/pool.', map)).toBe('example.com/pool.Map[…].func1');
  expect(written(20, 'example.com/pool.', map)).toBe('pool.Map[…].func1');
  expect(written(12, 'example.com/pool.', map)).toBe('Map[…].func1');
  expect(written(8, 'example.com/pool.', map)).toBe('Map[…].…');
  expect(written(30, 'cache.', '(*TTL[go.shape.struct { A int; b string }]).Get')).toBe('cache.(*TTL[…]).Get');
  expect(pieces('F[go.shape.int_0].func2[go.shape.string]')).toEqual(['F[', 'go.shape.int_0', '].func2[', 'go.shape.string', ']']);
});

test('short ones, arrays, libraries and brackets that are never closed stay', () => {
  for (const name of ['Max[int]', 'Sort[...]', '.eq.[1234567890]string', '[libc-2.31.so]', 'F[go.shape.struct {', 'operator[](unsigned long)']) {
    expect(pieces(name), name).toEqual([name]);
  }
});

test('names of any kind keep their beginning', () => {
  expect(written(8, 'main.', 'init.0')).toBe('init.0');
  expect(written(10, 'main.', '_Cfunc_malloc')).toBe('_Cfunc_ma…');
  expect(written(16, '(anonymous namespace)::', 'f(std::string)')).toBe('f(std::string)');
  expect(written(16, 'regex::c::Compiler::', 'c::{{closure}}')).toBe('c::{{closure}}');
  expect(written(12, '', '<[T] as core::Clone>::clone')).toBe('<[T] as cor…');
  expect(written(9, '', '[libc.so.6]')).toBe('[libc.so…');
  expect(written(14, 'gopkg.in/yaml%2ev3.', 'Unmarshal')).toBe('Unmarshal');
});

test('of a file behind the name the directories go', () => {
  expect(written(30, 'encoding/json.', 'Marshal /go/src/encoding/json/encode.go:7')).toBe('json.Marshal …encode.go:7');
  // Not one ellipsis after another.
  expect(written(10, 'main.', 'Marshal /go/src/encode.go:7')).toBe('Marshal…');
  expect(written(23, 'main.', String.raw`run C:\work\my\main.go:12`)).toBe('main.run …main.go:12');
});

test('wide characters take two places, and none is cut in two', () => {
  expect(cells('解析')).toBe(4);
  expect(written(6, 'main.', '解析する')).toBe('解析…');
  expect(written(8, 'main.', 'größeÄndern')).toBe('größeÄn…');
  expect(written(4, 'main.', 'ab😀cd')).toBe('ab…');
  expect(written(5, 'main.', 'שלוםעולם')).toBe('שלום…');
});

test('no result is longer than the room', () => {
  for (const name of [strong, 'Map[go.shape.string].func1', '解析する。解析する。', '😀😀😀😀']) {
    for (let room = 0; room < 60; room++) expect(widthOf(fit({ dim, strong: name }, room)), name).toBeLessThanOrEqual(room);
  }
});
