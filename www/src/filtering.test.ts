import { beforeEach, expect, test, vi } from 'vitest';
import type { FilterInfo, Query } from './core';
import { check, isUnchecked, leftOf, usable, verdictOn } from './filtering';
import { UNFILTERED } from './lib/query';
import type { StepName } from './lib/steps';

/** Questions to the core, and how to answer them. */
const asked: { query: Query; answer: (info: Partial<FilterInfo>) => void; refuse: (reason: string) => void }[] = [];

vi.mock('./core', () => ({
  keyed: () => ({
    filters: (query: Query) =>
      new Promise<FilterInfo>((resolve, reject) => {
        const answer = (info: Partial<FilterInfo>): void =>
          resolve({ problems: [], remarks: [], labels: [], samples: '1', allSamples: '2', value: '1s', pct: '50%', ...info });
        asked.push({ query, answer, refuse: (reason) => reject(new Error(reason)) });
      }),
  }),
}));

const stepsOf = (texts: Partial<Record<StepName, string>>): Query['steps'] => Object.entries(texts).map(([kind, text]) => ({ kind, text }));
const query = (texts: Partial<Record<StepName, string>>, file = 1): Query => ({
  ...UNFILTERED,
  file,
  sample: 0,
  granularity: 'functions',
  noinlines: false,
  steps: stepsOf(texts),
});
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const problem = { step: 0, reason: 'missing closing )', at: 1 };

beforeEach(() => {
  check(null, null);
  asked.length = 0;
});

test('without filters nothing is asked', () => {
  const plain = query({});
  check(plain, null);
  expect(asked).toHaveLength(0);
  expect(isUnchecked(plain)).toBe(false);
  expect(usable(plain, null)).toBe(plain);
});

test('what is shown stays until the core has looked at new filters', async () => {
  const shown = query({});
  const wanted = query({ focus: 'a' });
  check(wanted, shown);
  expect(isUnchecked(wanted)).toBe(true);
  expect(usable(wanted, shown)).toBe(shown);
  asked[0]?.answer({});
  await settled();
  expect(usable(wanted, shown)).toEqual(wanted);
  expect(leftOf(usable(wanted, shown))?.pct).toBe('50%');
  // The same object as long as it is the same.
  const now = usable(wanted, shown);
  expect(usable(wanted, now)).toBe(now);
  // Other options of the same filters need no question.
  expect(isUnchecked({ ...wanted, granularity: 'lines' })).toBe(false);
  expect(isUnchecked({ ...wanted, sample: 1 })).toBe(true);
});

test('in place of a bad filter stands the last good one, or none', async () => {
  const shown = query({ focus: 'good' });
  const wanted = query({ focus: 'a(b', hide: 'x' });
  check(wanted, shown);
  asked[0]?.answer({ problems: [problem] });
  await settled();
  // What the usable ones leave is a question of its own.
  expect(asked[1]?.query.steps).toEqual(stepsOf({ focus: 'good', hide: 'x' }));
  asked[1]?.answer({ pct: '7%' });
  await settled();
  const now = usable(wanted, shown);
  expect(now).toEqual(query({ focus: 'good', hide: 'x' }));
  expect(leftOf(now)?.pct).toBe('7%');
  expect(verdictOn(wanted)?.problems).toEqual([problem]);

  const other = query({ focus: 'a(b' }, 2);
  check(other, shown);
  asked[2]?.answer({ problems: [problem] });
  await settled();
  expect(usable(other, shown)).toEqual(query({}, 2));
  expect(asked).toHaveLength(3);
});

test('a refusal keeps what was used; one from before a restart is not listened to', async () => {
  const shown = query({ focus: 'good' });
  const wanted = query({ tagroot: 'a' });
  check(wanted, shown);
  asked[0]?.refuse('too many locations');
  await settled();
  expect(usable(wanted, shown)).toBe(shown);
  expect(verdictOn(wanted)?.problems[0]?.reason).toBe('too many locations');

  check(null, null);
  check(wanted, null);
  check(null, null);
  asked[1]?.refuse('the reader was started again');
  await settled();
  expect(verdictOn(wanted)).toBeNull();
});

test('a named module hides nothing: it is shown at once, and what is to be said of it comes later', async () => {
  const wanted: Query = { ...query({}), main: 'example.com/absent' };
  check(wanted, null);
  expect(usable(wanted, null)).toBe(wanted);
  expect(isUnchecked(wanted)).toBe(true);
  asked[0]?.answer({ remarks: ['No function of this file is below example.com/absent'] });
  await settled();
  expect(isUnchecked(wanted)).toBe(false);
  expect(leftOf(wanted)?.remarks).toHaveLength(1);
  // Only own code does take frames away.
  expect(usable({ ...wanted, mine: true }, wanted)).toBe(wanted);
});
