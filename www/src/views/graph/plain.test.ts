import { expect, test } from 'vitest';
import { apart } from './place';
import { layersOf, layOutPlainly } from './plain';
import type { LayoutRequest, Tie } from './request';

function tie(from: number, to: number, minRanks = 1): Tie {
  return { from, to, weight: 1, minRanks, label: { w: 30, h: 12 } };
}

function request(boxes: number, ties: Tie[]): LayoutRequest {
  return { boxes: Array.from({ length: boxes }, (_, i) => ({ w: 60 + (i % 3) * 20, h: 30 })), ties, plain: true };
}

test('callees stand below all of their callers, by as many layers as a line asks for', () => {
  // 0 → 1 → 3, 0 → 2 → 3 with two layers between 2 and 3: 3 is in layer 1 + 2.
  expect([...layersOf(4, [tie(0, 1), tie(0, 2), tie(1, 3), tie(2, 3, 2)])]).toEqual([0, 1, 1, 3]);
});

test('a circle has one line that goes up, and what calls itself stays where it is', () => {
  expect([...layersOf(3, [tie(0, 1), tie(1, 2), tie(2, 0), tie(1, 1)])]).toEqual([0, 1, 2]);
});

test('what nobody calls stands right above what it calls', () => {
  expect([...layersOf(4, [tie(0, 1), tie(1, 2), tie(3, 2)])]).toEqual([0, 1, 2, 1]);
});

test('centres keep order and gaps, and are where they are wanted as far as that lets them', () => {
  const widths = [40, 40, 40];
  // 40 wide and 18 apart: 58 between centres. Far enough apart nothing moves.
  expect(apart([0, 1, 2], widths, [0, 100, 200])).toEqual([0, 100, 200]);
  // All want to stand at 10: they stand around it.
  expect(apart([0, 1, 2], widths, [10, 10, 10])).toEqual([-48, 10, 68]);
  // The last two want to change places: they share their middle, (100 + 0) / 2 = 50, 29 on either side.
  expect(apart([0, 1, 2], widths, [-200, 100, 0])).toEqual([-200, 21, 79]);
});

/** A graph of some thousand boxes: each calls the next few, and some far away. */
function large(boxes: number): LayoutRequest {
  const ties: Tie[] = [];
  for (let i = 1; i < boxes; i++) {
    ties.push(tie(Math.floor((i * 7) % i), i));
    if (i % 3 === 0) ties.push(tie(i, (i * 31) % boxes));
  }
  return request(boxes, ties);
}

test('no two boxes lie over each other, and every line runs from box to box', () => {
  const asked = large(400);
  const { centres, paths, width, height } = layOutPlainly(asked);
  const rect = (i: number): { x: number; y: number; w: number; h: number } => {
    const { w, h } = asked.boxes[i] ?? { w: 0, h: 0 };
    return { x: centres[i * 2] ?? NaN, y: centres[i * 2 + 1] ?? NaN, w, h };
  };
  for (let i = 0; i < 400; i++) {
    const one = rect(i);
    expect(one.x - one.w / 2).toBeGreaterThanOrEqual(-0.001);
    expect(one.x + one.w / 2).toBeLessThanOrEqual(width + 0.001);
    expect(one.y + one.h / 2).toBeLessThanOrEqual(height + 0.001);
    for (let j = i + 1; j < 400; j++) {
      const other = rect(j);
      const apartEnough = Math.abs(one.x - other.x) >= (one.w + other.w) / 2 - 0.001 || Math.abs(one.y - other.y) >= (one.h + other.h) / 2;
      expect(apartEnough, `${i} over ${j}`).toBe(true);
    }
  }
  asked.ties.forEach(({ from, to }, i) => {
    const path = paths[i] ?? [];
    const [start, end] = [rect(from), rect(to)];
    expect(path[0]).toBeCloseTo(start.x, 6);
    expect(path.at(-2)).toBeCloseTo(end.x, 6);
    expect(Math.abs((path[1] ?? NaN) - start.y)).toBeCloseTo(start.h / 2, 6);
    expect(Math.abs((path.at(-1) ?? NaN) - end.y)).toBeCloseTo(end.h / 2, 6);
  });
});

test('the same graph comes out the same, thousands of boxes in no more than seconds', () => {
  const asked = large(4000);
  const begun = performance.now();
  const first = layOutPlainly(asked);
  // A tenth of this where nothing else runs.
  expect(performance.now() - begun).toBeLessThan(20_000);
  expect(layOutPlainly(asked)).toEqual(first);
});

test('nothing to lay out is a picture without a size', () => {
  expect(layOutPlainly(request(0, []))).toMatchObject({ width: 0, height: 0, centres: [], paths: [] });
});
