import { expect, test } from 'vitest';
import type { FrameName } from '../core';
import { BoxFlag, NO_NODE } from '../protocol';
import type { FlameColumns } from '../protocol';
import { PACKAGES } from './look';
import { PALETTE_SIZE, Special } from './palette';
import { boxId, hit, missingNames, placeOn, prepare } from './picture';
import type { Frame } from './picture';

// 100 pixels wide, rows 0 to 2:
//   all (100)
//   f (60)      g (40)
//   f (30) ..   two thin boxes (5)
const COLUMNS: FlameColumns = {
  row: Uint32Array.of(0, 1, 1, 2, 2),
  x: Float32Array.of(0, 0, 60, 0, 60),
  w: Float32Array.of(100, 60, 40, 30, 5),
  node: Uint32Array.of(NO_NODE, 7, 8, 7, NO_NODE),
  stack: Uint32Array.of(0, 0, 2, 0, 3),
  flags: Uint8Array.of(0, BoxFlag.match, 0, BoxFlag.match, BoxFlag.merged),
  count: Uint32Array.of(1, 1, 1, 1, 2),
  value: Float64Array.of(100, 60, 40, 30, 5),
  change: new Float32Array(),
  endRow: 3,
};

function name(node: number, hue: number): FrameName {
  return {
    node, hue, full: `f${node}`, dim: '', strong: `f${node}`, file: '', line: 0, class: 'main', package: 'main',
  };
}

const NAMES = new Map([[7, name(7, 0)], [8, name(8, 180)]]);
const FRAME: Frame = { span: { left: 0, right: 1 }, firstRow: 0, rowCount: 3, width: 100, search: '' };

test('names are asked for once, and never for boxes without one', () => {
  expect([...missingNames(COLUMNS, new Map())]).toEqual([7, 8]);
  expect([...missingNames(COLUMNS, new Map([[7, name(7, 0)]]))]).toEqual([8]);
});

test('every box is in exactly one group of its colour', () => {
  const picture = prepare(COLUMNS, FRAME, NAMES, PACKAGES);
  expect([...picture.order].sort()).toEqual([0, 1, 2, 3, 4]);
  expect(picture.groups[PALETTE_SIZE]).toBe(5);
  for (let place = 0; place < PALETTE_SIZE; place++) {
    const group = picture.order.subarray(picture.groups[place], picture.groups[place + 1]);
    for (const i of group) expect(picture.place[i]).toBe(place);
  }
  expect(picture.place[0]).toBe(Special.root);
  expect(picture.place[4]).toBe(Special.merged);
  expect(picture.place[1]).toBe(picture.place[3]);
  expect(picture.place[1]).not.toBe(picture.place[2]);
});

test('a search marks what matches and dims the rest', () => {
  const picture = prepare(COLUMNS, { ...FRAME, search: 'f7' }, NAMES, PACKAGES);
  expect([...picture.place]).toEqual([Special.dimmed, Special.match, Special.dimmed, Special.match, Special.merged]);
});

test('a merged box that holds a match is marked, and keeps that it is merged', () => {
  const flags = COLUMNS.flags.slice();
  flags[4] = BoxFlag.merged | BoxFlag.match;
  const picture = prepare({ ...COLUMNS, flags }, { ...FRAME, search: 'f7' }, NAMES, PACKAGES);
  expect(picture.place[4]).toBe(Special.mergedMatch);
});

test('negative values have a colour of their own until something is searched', () => {
  const flags = COLUMNS.flags.slice();
  flags[2] = BoxFlag.negative;
  const columns = { ...COLUMNS, flags };
  expect(prepare(columns, FRAME, NAMES, PACKAGES).place[2]).toBe(Special.negative);
  expect(prepare(columns, { ...FRAME, search: 'f7' }, NAMES, PACKAGES).place[2]).toBe(Special.dimmed);
});

test('hits, also while an old picture is shown at another zoom', () => {
  const picture = prepare(COLUMNS, FRAME, NAMES, PACKAGES);
  const whole = FRAME.span;
  expect(hit(picture, whole, 1, 59)).toBe(1);
  expect(hit(picture, whole, 1, 60)).toBe(2);
  expect(hit(picture, whole, 2, 45)).toBe(-1);
  expect(hit(picture, whole, 3, 10)).toBe(-1);
  // Half the width fills the canvas: pixel 50 was pixel 75.
  const right = { left: 0.5, right: 1 };
  expect(placeOn(picture, right)).toEqual({ scale: 2, shift: -100 });
  expect(hit(picture, right, 1, 50)).toBe(2);
  expect(hit(picture, right, 1, 10)).toBe(1);
});

test('ids as the core writes them', () => {
  expect(boxId(COLUMNS, 0)).toBe('0');
  expect(boxId(COLUMNS, 1)).toBe('0+1');
  expect(boxId(COLUMNS, 4)).toBe('3+2');
});
