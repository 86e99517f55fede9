import { expect, test, vi } from 'vitest';
import type { TimelineLane, TimelineOpened } from '../../../core';

/** Goroutines that are in what has been read. */
const there = new Set([1]);
const lane = (number: number): TimelineLane => ({ id: 7 * 2 ** 32 + number, name: `G${number} main.main`, kind: 'goroutine', members: 0, system: false, total: '', pixels: true });

vi.mock('../../../core', () => {
  const core = {
    timelineLane: async (number: number) => ({ lanes: there.has(number) ? [lane(number)] : [], total: 0 }),
    timelineAt: async (_lane: number, at: number) => ({ found: there.has(2), title: `at ${at}`, from: 0, to: 10, facts: [], stack: [] }),
    timelineSearch: async (text: string) => ({ hits: [], total: there.size * text.length }),
    timelineMembers: async (_lane: number, _skip: number, count: number) => ({ lanes: [...there].map(lane), total: count }),
  };
  return { core, keyed: () => core };
});
vi.mock('../../../state', async () => {
  const { signal } = await import('@preact/signals');
  return { update: () => {}, file: signal(null), files: signal([]), state: signal({}), cameByHistory: () => false };
});
vi.mock('../question', async () => {
  const { signal } = await import('@preact/signals');
  return { step: () => {}, trace: signal({ window: '', pins: '1,2', range: '', system: false }) };
});
vi.stubGlobal('requestAnimationFrame', () => 0);

const opened = (whole: boolean): TimelineOpened => ({
  records: 10,
  bytes: 100,
  length: 1000,
  until: whole ? 1000 : 100,
  whole,
  full: false,
  tick: 64,
  lanes: [{ ...lane(0), id: 6 * 2 ** 32, kind: 'group', name: 'main.main', members: 2 }],
  states: ['running'],
});

test('what was not in the beginning is there once the rest has been read', async () => {
  const { TimelineModel } = await import('./model');
  const model = new TimelineModel(opened(false));
  await vi.waitFor(() => expect(model.pins.value.map(({ name }) => name)).toEqual(['G1 main.main']));
  const group = model.rows.value.find(({ lane: one }) => one?.kind === 'group');
  if (group === undefined) throw new Error('no group');
  model.toggle(group);
  await vi.waitFor(() => expect(model.members.value.get(6 * 2 ** 32)?.lanes).toHaveLength(1));
  // 512 are eight ticks of 64.
  await model.select(group, 512);
  expect(model.selected.value?.spot?.found).toBe(false);
  expect(model.said.value).toBe('main.main: not read yet at 512ns');
  await model.search('abc');
  expect(model.hits.value?.total).toBe(3);
  there.add(2);
  await model.replace(opened(true));
  expect(model.pins.value.map(({ name }) => name)).toEqual(['G1 main.main', 'G2 main.main']);
  expect(model.members.value.get(6 * 2 ** 32)?.lanes).toHaveLength(2);
  expect(model.selected.value?.spot?.found).toBe(true);
  expect(model.hits.value?.total).toBe(6);
  expect(model.turned.value.size).toBe(1);
  // A second time there is nothing to do.
  there.add(3);
  await model.replace(model.opened);
  expect(model.members.value.get(6 * 2 ** 32)?.lanes).toHaveLength(2);
});
