import { describe, expect, it } from 'vitest';
import type { Step } from './steps';
import { isListable, joined, keysOf, moved, parted, partsOf, withoutRange, withRange } from './tags';

describe('keys of frames', () => {
  it('are a list', () => {
    expect(keysOf('tenant,,route')).toEqual(['tenant', 'route']);
    expect(keysOf('')).toEqual([]);
    expect(isListable('a,b') || isListable('')).toBe(false);
  });

  it('move by places, and stay at the ends', () => {
    const keys = ['a', 'b', 'c'];
    expect(moved(keys, 'a', 1)).toEqual(['b', 'a', 'c']);
    expect(moved(keys, 'a', 2)).toEqual(['b', 'c', 'a']);
    expect(moved(keys, 'c', -1)).toEqual(['a', 'c', 'b']);
    expect(moved(keys, 'c', 1)).toEqual(keys);
    expect(moved(keys, 'x', 1)).toEqual(keys);
  });
});

describe('filters of labels', () => {
  it('of several texts of one key are one', () => {
    expect(joined('', 'k=^a$')).toBe('k=^a$');
    expect(joined('k=^a$', 'k=^b$')).toBe('k=^a$,^b$');
    expect(joined('k=^a$,^b$', 'k=^b$')).toBe('k=^a$,^b$');
    expect(partsOf('k=^a$,^b$')).toEqual(['k=^a$', 'k=^b$']);
    expect(parted('k=^a$,^b$', 'k=^a$')).toBe('k=^b$');
    expect(parted('k=^a$', 'k=^a$')).toBe('');
  });

  it('of another key, of numbers and of no key replace each other', () => {
    expect(joined('k=^a$', 'l=^b$')).toBe('l=^b$');
    expect(joined('k=1:5', 'k=^b$')).toBe('k=^b$');
    expect(joined('k=^a$', 'k=16B:31B')).toBe('k=16B:31B');
    expect(joined('^a:b$', '^c:d$')).toBe('^c:d$');
    expect(joined('k=^a$', 'k=')).toBe('k=');
    expect(partsOf('k=')).toEqual(['k=']);
    expect(partsOf('')).toEqual([]);
  });
});

describe('ranges of numbers', () => {
  const focus: Step = { kind: 'focus', text: 'main' };
  const route: Step = { kind: 'tagfocus', text: 'route=^/api$' };
  const shown: Step = { kind: 'tagshow', text: 'route' };
  const range = (text: string): Step => ({ kind: 'tagfocus', text });

  it('stand where pprof has them, alone', () => {
    expect(withRange([focus, shown], 'ts=5:9')).toEqual([focus, range('ts=5:9'), shown]);
  });

  it('leave filters of other labels', () => {
    expect(withRange([focus, route, shown], 'ts=5:9')).toEqual([focus, route, range('ts=5:9'), shown]);
    const others = [range('ts=^5$'), range('ts2=1:2'), range('ts'), { kind: 'tagignore', text: 'ts=1:2' } as const];
    expect(withoutRange(others, 'ts=5:9')).toEqual(others);
  });

  it('replace each other where they stand, switched off or not', () => {
    expect(withRange([range('ts=1ns:2ns'), focus, route], 'ts=5:9')).toEqual([range('ts=5:9'), focus, route]);
    expect(withRange([route, { ...range('ts=7'), off: true }, focus, range('ts=:4')], 'ts=5:9')).toEqual([route, range('ts=5:9'), focus]);
  });

  it('are taken away alone', () => {
    expect(withoutRange([route, range('ts=1:2'), focus, range('ts=3:')], 'ts=5:9')).toEqual([route, focus]);
  });
});
