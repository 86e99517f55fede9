import { describe, expect, it } from 'vitest';
import { isListable, joined, keysOf, moved, parted, partsOf } from './tags';

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
