import { instance } from '@viz-js/viz';
import { expect, test } from 'vitest';
import { fromJson, toDot } from './dot';
import { pack, unpack } from './pack';
import type { LayoutRequest, Tie } from './request';

function tie(from: number, to: number, more: Partial<Tie> = {}): Tie {
  return { from, to, weight: 1, minRanks: 1, label: { w: 30, h: 12 }, ...more };
}

const request: LayoutRequest = {
  boxes: [{ w: 100, h: 40 }, { w: 72, h: 36 }, { w: 90, h: 20 }],
  ties: [tie(0, 1), tie(0, 2, { minRanks: 2 }), tie(1, 2), tie(2, 0), tie(1, 1)],
  plain: false,
};

test('sizes reach Graphviz in inches, and texts as words that are as wide', () => {
  const dot = toDot(request);
  // 72 points are an inch; a letter of Courier is 6 points wide at size 10.
  expect(dot).toContain('1[width=1.0000 height=0.5000]');
  expect(dot).toContain('0->2[id=1 weight=1 minlen=2 label="mmmmm"]');
});

test('what Graphviz answers is turned around: y goes down, boxes keep their size, lines end at boxes', async () => {
  const graphviz = await instance();
  const laid = fromJson(graphviz.renderString(toDot(request), { engine: 'dot', format: 'json0' }), request);
  const centre = (box: number): [number, number] => [laid.centres[box * 2] ?? NaN, laid.centres[box * 2 + 1] ?? NaN];
  const [[, first], [, second], [, third]] = [centre(0), centre(1), centre(2)];
  expect(first).toBeLessThan(second);
  expect(second).toBeLessThan(third);
  expect(laid.paths).toHaveLength(5);
  request.ties.forEach(({ from, to }, i) => {
    const path = laid.paths[i] ?? [];
    expect(path.length % 6).toBe(2);
    expect(laid.labels[i]).not.toBeNull();
    const touches = (box: number, [x = NaN, y = NaN]: number[]): boolean => {
      const [cx, cy] = centre(box);
      const { w, h } = request.boxes[box] ?? { w: 0, h: 0 };
      return Math.abs(x - cx) <= w / 2 + 1 && Math.abs(y - cy) <= h / 2 + 1;
    };
    expect(touches(from, [...path.slice(0, 2)]), `start of line ${i}`).toBe(true);
    expect(touches(to, [...path.slice(-2)]), `end of line ${i}`).toBe(true);
  });
  for (const [x, y] of [centre(0), centre(1), centre(2)]) {
    expect(x > 0 && x < laid.width && y > 0 && y < laid.height).toBe(true);
  }
});

test('boxes and lines that the answer does not have are left without a place', () => {
  const laid = fromJson('{"bb":"0,0,10,20","objects":[{"name":"7","pos":"1,2"}],"edges":[{"id":"9","pos":"1,2"}]}', request);
  expect(laid.centres).toEqual([0, 0, 0, 0, 0, 0]);
  expect(laid.paths.every((path) => path.length === 0)).toBe(true);
  expect([laid.width, laid.height]).toEqual([10, 20]);
});

test('a layout arrives as it was sent', () => {
  const laid = {
    width: 3,
    height: 4,
    centres: [1, 2, 3, 4],
    paths: [[0, 0, 1, 1, 2, 2, 3, 3], [], [5, 6]],
    labels: [[1.5, 2] as [number, number], null, null],
  };
  const [packed, buffers] = pack(laid);
  expect(buffers).toHaveLength(4);
  const { centres, paths, ...rest } = unpack(packed);
  expect(rest).toEqual({ width: 3, height: 4, labels: laid.labels });
  expect([...centres]).toEqual(laid.centres);
  expect(paths.map((path) => [...path])).toEqual(laid.paths);
});
