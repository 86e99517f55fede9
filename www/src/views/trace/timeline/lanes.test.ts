import type { TimelineLane } from '../../../core';
import { expect, test } from 'vitest';
import { goroutineOf, groupOf, heightOf, nextLane, rowAt, rowsOf } from './lanes';
import type { Listing } from './lanes';

const KINDS = ['collector', 'heap', 'counts', 'procs', 'proc', 'thread', 'group', 'goroutine', 'regions', 'tasks', 'task'];

function lane(kind: string, row: number, more: Partial<TimelineLane> = {}): TimelineLane {
  return { id: KINDS.indexOf(kind) * 2 ** 32 + row, name: `${kind} ${row}`, kind, members: 1, system: false, total: '0', pixels: true, ...more };
}

const LANES = [lane('collector', 0), lane('proc', 0), lane('proc', 1), lane('group', 0, { members: 60 }), lane('group', 1, { system: true }), lane('thread', 0), lane('tasks', 0, { members: 2 })];

function list(patch: Partial<Listing> = {}): string[] {
  return rowsOf({ lanes: LANES, pins: [], turned: new Set(), members: new Map(), system: false, ...patch }).map(({ key, depth }) => `${'  '.repeat(depth)}${key}`);
}

const GROUP = String(6 * 2 ** 32);

test('lanes stand under headings; threads and what is the runtime’s own are folded at first', () => {
  expect(list()).toEqual(['#whole', '0', '#procs', String(4 * 2 ** 32), String(4 * 2 ** 32 + 1), '#own', GROUP, '#system', '#threads', '#tasks', String(9 * 2 ** 32)]);
  expect(list({ system: true })).toContain(String(6 * 2 ** 32 + 1));
  expect(list({ turned: new Set(['#threads', '#procs']) })).toEqual(expect.arrayContaining([String(5 * 2 ** 32)]));
  expect(list({ turned: new Set(['#procs']) })).not.toContain(String(4 * 2 ** 32));
});

test('members of a group stand below it, with the way to more of them', () => {
  const turned = new Set([GROUP]);
  expect(list({ turned })).toContain(`  ${GROUP}…`);
  const members = new Map([[6 * 2 ** 32, { lanes: [lane('goroutine', 7), lane('goroutine', 8)], total: 60 }]]);
  const rows = rowsOf({ lanes: LANES, pins: [], turned, members, system: false });
  const more = rows.find(({ kind }) => kind === 'more');
  expect(more?.title).toBe('50 more of 58');
  expect(rows.filter(({ depth }) => depth === 1)).toHaveLength(3);
});

test('a pinned lane stands at the top, and where it was', () => {
  expect(list({ pins: [LANES[1] as TimelineLane] }).slice(0, 2)).toEqual(['#pins', `pin ${4 * 2 ** 32}`]);
});

test('rows are found by their height, and lanes one after the other', () => {
  const rows = rowsOf({ lanes: LANES, pins: [], turned: new Set(), members: new Map(), system: false });
  rows.forEach((row, at) => {
    expect(rowAt(rows, row.top)).toBe(at);
    expect(rowAt(rows, row.top + row.height - 1)).toBe(at);
  });
  expect(rowAt(rows, heightOf(rows))).toBe(-1);
  expect(nextLane(rows, -1, 1)).toBe(1);
  expect(nextLane(rows, 1, 1)).toBe(3);
  expect(nextLane(rows, 1, -1)).toBe(1);
});

test('a lane knows its goroutine and its group', () => {
  expect(goroutineOf(lane('goroutine', 3, { name: 'G18 main.work' }))).toBe(18);
  expect(goroutineOf(lane('proc', 3, { name: 'P 3' }))).toBe(-1);
  expect(groupOf(6 * 2 ** 32 + 5)).toBe(5);
  expect(groupOf(7 * 2 ** 32 + 5)).toBe(-1);
});
