import { expect, test } from 'vitest';
import { BENCH_DEFAULTS, benchParams, readBench } from './benchstate';
import type { BenchState } from './benchstate';
import { decodeHash, DEFAULT_STATE, encodeHash } from './hash';

const FULL: BenchState = {
  files: ['new (2).txt', 'a&b.file=b,c.txt'],
  table: '',
  row: '.name /size@(1k "4 k")',
  col: 'note,.file',
  ignore: 'cpu',
  filter: '/size:(1k OR 4k) -pkg:/x&y/',
  alpha: 0.01,
  confidence: 0.999,
  margin: 0.05,
  told: true,
  sort: 'change',
  unit: 'sec/op',
  sel: 'Encode/a=<b>-8\nsec/op\npkg: x: y',
};

test('a fresh page needs no parameters', () => {
  expect(benchParams(BENCH_DEFAULTS)).toEqual([]);
  expect(readBench([])).toEqual({ state: BENCH_DEFAULTS, problems: [] });
});

test('what was said is read again, through the link, all of it and each for itself', () => {
  const through = (bench: BenchState): BenchState => {
    const { state, problems } = readBench(decodeHash(encodeHash({ ...DEFAULT_STATE, bench: benchParams(bench) })).bench);
    expect(problems).toEqual([]);
    return state;
  };
  expect(through(FULL)).toEqual(FULL);
  for (const key of Object.keys(FULL) as (keyof BenchState)[]) {
    const one = { ...BENCH_DEFAULTS, [key]: FULL[key] };
    expect(through(one)).toEqual(one);
  }
});

test('nonsense is told and ignored', () => {
  const { state, problems } = readBench([['b.alpha', '2'], ['b.margin', 'x'], ['b.sort', 'up'], ['b.told', 'maybe'], ['b.nope', '1']]);
  expect(state).toEqual(BENCH_DEFAULTS);
  expect(problems).toEqual([
    'b.alpha=2 in the link is no number from 0 to 1, and is ignored.',
    'b.margin=x in the link is no number from 0 to 1, and is ignored.',
    'b.sort=up in the link is none of name, change, gain, and is ignored.',
    'b.nope=1 in the link has no meaning here, and is ignored.',
  ]);
});
