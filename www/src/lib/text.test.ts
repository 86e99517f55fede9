import { expect, test } from 'vitest';
import { fit } from './text';

const dim = 'github.com/acme/store/internal/pack.';
const strong = '(*Writer).flush';

test('a name that fits stays whole', () => {
  expect(fit(dim, strong, dim.length + strong.length)).toEqual({ dim, strong });
});

test('the path goes first, element by element from the left', () => {
  // "…acme/store/internal/pack." has 26 characters, "…pack." 6, the method 15.
  expect(fit(dim, strong, 50)).toEqual({ dim: '…acme/store/internal/pack.', strong });
  expect(fit(dim, strong, 26 + 15)).toEqual({ dim: '…acme/store/internal/pack.', strong });
  expect(fit(dim, strong, 26 + 14)).toEqual({ dim: '…store/internal/pack.', strong });
  expect(fit(dim, strong, 6 + 15)).toEqual({ dim: '…pack.', strong });
  expect(fit(dim, strong, 5 + 15)).toEqual({ dim: '', strong });
});

test('then the function loses its beginning', () => {
  expect(fit(dim, strong, 14)).toEqual({ dim: '', strong: '…Writer).flush' });
  expect(fit(dim, strong, 7)).toEqual({ dim: '', strong: '….flush' });
});

test('nothing is better than two letters', () => {
  expect(fit(dim, strong, 2)).toEqual({ dim: '', strong: '' });
  expect(fit(dim, strong, 0)).toEqual({ dim: '', strong: '' });
  expect(fit('', 'ab', 2)).toEqual({ dim: '', strong: 'ab' });
});

test('no result is longer than the room', () => {
  for (let room = 0; room < 60; room++) {
    const { dim: d, strong: s } = fit(dim, strong, room);
    expect(d.length + s.length).toBeLessThanOrEqual(room);
  }
});
