import type { TimelineColumns } from '../../../protocol';
import { expect, test } from 'vitest';
import { movementOf } from './paint';
import { coloursFor, pixelOf, roleOf } from './palette';
import { spanAt, statesIn } from './picture';

const STATES = ['', 'unknown', 'running', 'idle', 'runnable: created', 'waiting: channel', 'stop the world', 'GC assist'];

const COLUMNS: TimelineColumns = {
  width: 100, pixels: new Uint32Array(), pixelRows: new Uint32Array(), series: new Float32Array(), seriesRows: new Uint32Array(),
  spanRow: Uint32Array.of(0, 0, 1), spanState: Uint32Array.of(2, 3, 2), spanLabel: Uint32Array.of(0, 0, 0),
  spanX0: Float32Array.of(0, 30, 10), spanX1: Float32Array.of(30, 60, 90), spanDepth: Uint32Array.of(0, 0, 0), spanGoroutine: Uint32Array.of(0, 0, 0), labels: [''],
};

test('the span at a pixel of a lane', () => {
  const picture = { columns: COLUMNS, spans: new Map([[7, [0, 2]], [9, [2, 3]]] as [number, [number, number]][]) };
  expect([0, 29.9, 30, 59, 60].map((px) => spanAt(picture, 7, px))).toEqual([0, 0, 1, 1, -1]);
  expect(spanAt(picture, 9, 50)).toBe(2);
  expect(spanAt(picture, 8, 50)).toBe(-1);
});

test('a picture of the same scale is moved by whole pixels, another is stretched', () => {
  const picture = { part: { from: 0, to: 1000 }, width: 100 };
  expect(movementOf(picture, { from: 103, to: 603 }, 50)).toEqual({ scale: 1, shift: -10 });
  const { scale, shift } = movementOf(picture, { from: 0, to: 250 }, 50);
  expect([scale, shift]).toEqual([2, 0]);
});

test('every state has a colour of its own role, opaque, in light and dark', () => {
  expect(STATES.map(roleOf)).toEqual(['blank', 'unknown', 'user', 'idle', 'runnable', 'channel', 'stop', 'assist']);
  for (const dark of [false, true]) {
    const { table, states, inks } = coloursFor(STATES, dark);
    expect(states).toHaveLength(STATES.length);
    expect(inks).toHaveLength(STATES.length);
    for (const pixel of table) expect(pixel >>> 24).toBe(255);
    expect(coloursFor(STATES, dark).table).toBe(table);
  }
  expect(pixelOf([1, 0, 0])).toBe(0xff0000ff);
});

test('what was painted is told by its colour', () => {
  const { table } = coloursFor(STATES, false);
  const pixels = Uint32Array.of(0, table[2] as number, table[2] as number, table[6] as number);
  expect(statesIn({ pixels }, table, STATES.length)).toEqual([2, 6]);
});
