import { expect, test } from 'vitest';
import { decodeHash, DEFAULT_STATE, encodeHash, GRANULARITIES, VIEW_NAMES } from './hash';
import type { ViewState } from './hash';

const FULL: ViewState = {
  view: 'flame',
  sources: ['demo/cpu.pb.gz', 'a b&c=d#e'],
  file: 'über/pröf (2).pb',
  sample: 'alloc_space',
  granularity: 'lines',
  noinlines: true,
  inverted: true,
  zoom: { root: '12+3', left: 0.125, right: 1 / 3 },
  sel: 'main.(*T[go.shape.int]).f·1 +%&#=?',
  search: '^a+b|c\\.d$',
  sort: '+name',
  allocSort: 'inuse_bytes',
};

test('the default state needs no hash', () => {
  expect(encodeHash(DEFAULT_STATE)).toBe('');
  expect(decodeHash('')).toEqual(DEFAULT_STATE);
  expect(decodeHash('#')).toEqual(DEFAULT_STATE);
});

test('decode ∘ encode = identity with every field set', () => {
  expect(decodeHash(encodeHash(FULL))).toEqual(FULL);
  expect(decodeHash(`#${encodeHash(FULL)}`)).toEqual(FULL);
});

test('decode ∘ encode = identity for each field alone', () => {
  for (const key of Object.keys(FULL) as (keyof ViewState)[]) {
    const one = { ...DEFAULT_STATE, [key]: FULL[key] };
    expect(decodeHash(encodeHash(one))).toEqual(one);
  }
  for (const view of VIEW_NAMES) expect(decodeHash(encodeHash({ ...FULL, view })).view).toBe(view);
  for (const granularity of GRANULARITIES) {
    expect(decodeHash(encodeHash({ ...FULL, granularity })).granularity).toBe(granularity);
  }
});

test('nonsense is ignored', () => {
  const hashes = [
    '#view=nope&granularity=&zoom=0,5,1&noinlines=2&inverted=yes',
    '#zoom=0,NaN,1',
    '#zoom=0,0.5,0.25',
    '#zoom=-1',
    '#zoom=1+2+3',
    '#zoom=0,0,2',
    '#%E0%A4%A=%',
    '#&&&===',
  ];
  for (const hash of hashes) expect(decodeHash(hash)).toEqual(DEFAULT_STATE);
});
