import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GraphController } from './controller';
import type { Scene } from './scene';

vi.mock('./draw', () => ({ draw: () => {} }));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  vi.stubGlobal('requestAnimationFrame', () => 0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A picture of this size with one node in it. */
function picture(width: number, height: number, left = 0): Scene {
  const box = { left, top: 0, right: left + 10, bottom: 10 };
  return { graph: { nodes: [{ score: 1 }], edges: [], labels: [] }, laid: { width, height, labels: [] }, boxes: [box], lines: [] } as unknown as Scene;
}

interface Started {
  graph: GraphController;
  said: [string, boolean][];
  settled: () => [string, boolean] | undefined;
  /** Whether the URL takes what is said. */
  url: { takes: boolean };
}

function start(): Started {
  const said: [string, boolean][] = [];
  const url = { takes: true };
  const zoomed = (zoom: string, step: boolean): boolean => {
    if (url.takes) said.push([zoom, step]);
    return url.takes;
  };
  const graph = new GraphController({ scaled: () => {}, drawn: () => {}, zoomed });
  graph.attach({ width: 0, height: 0, getContext: () => null } as unknown as HTMLCanvasElement, 'mono');
  graph.resize(800, 600, 1);
  const settled = (): [string, boolean] | undefined => {
    vi.runAllTimers();
    return said.pop();
  };
  return { graph, said, settled, url };
}

/** Where the picture stands: the node in its corner is met there and nowhere else. */
function isAt(graph: GraphController, x: number, y: number): boolean {
  return graph.at(x, y)?.kind === 'node' && graph.at(x - 8, y - 8) === null;
}

test('where it comes to rest is said once, as a step where it had not been moved before', () => {
  const { graph, said, settled } = start();
  graph.show(picture(4000, 3000), '');
  // It begins at 0.8, with the node in the middle, 28 below the upper edge: 400 - 5 · 0.8 = 396.
  expect(isAt(graph, 397, 29)).toBe(true);
  graph.pan(-100, -50);
  graph.pan(-96, 22);
  expect(said).toEqual([]);
  // The corner is at 200 and 0 then: the middle is 200 / 0.8 = 250 and 300 / 0.8 = 375 from it.
  expect(settled()).toEqual(['0.8_250_375', true]);
  graph.zoomBy(2, 400, 300, false);
  expect(settled()).toEqual(['1.6_250_375', false]);
  expect(said).toEqual([]);
});

test('the URL leads to the place, in a canvas of whatever size, and back', () => {
  const { graph, said, settled } = start();
  const scene = picture(4000, 3000);
  graph.show(scene, '1.6_250_375');
  // 400 - 250 · 1.6 = 0; 300 - 375 · 1.6 = -300: above the canvas, until that grows by 2 · 400.
  graph.resize(800, 1400, 1);
  expect(isAt(graph, 1, 101)).toBe(true);
  graph.show(scene, '');
  expect(isAt(graph, 397, 29)).toBe(true);
  graph.show(scene, null);
  expect(isAt(graph, 397, 29)).toBe(true);
  expect(settled()).toBeUndefined();
  expect(said).toEqual([]);
});

test('another picture begins at its beginning unless the URL says something of it', () => {
  const { graph, settled } = start();
  graph.show(picture(4000, 3000), '');
  graph.pan(-100, -50);
  graph.show(picture(5000, 3000, 1000), null);
  // What was left is not told of what is shown now.
  expect(settled()).toBeUndefined();
  expect(isAt(graph, 397, 29)).toBe(true);
  // Nothing of it lies so far to the right.
  graph.show(picture(4000, 3000), '1_9000_0');
  expect(isAt(graph, 397, 29)).toBe(true);
  graph.show(picture(4000, 3000), '<script>');
  expect(isAt(graph, 397, 29)).toBe(true);
});

test('all of it has a word of its own where it begins with a part', () => {
  const { graph, said } = start();
  graph.show(picture(4000, 3000), '');
  graph.fit(false);
  expect(said.pop()).toEqual(['all', true]);
  graph.show(picture(400, 300), 'all');
  graph.fit(false);
  expect(said.pop()).toEqual(['', true]);
});

test('a canvas of another size says where the middle is now, as no step', () => {
  const { graph, settled } = start();
  graph.show(picture(4000, 3000), '1_400_300');
  graph.pan(-100, 0);
  expect(settled()).toEqual(['1_500_300', false]);
  graph.resize(600, 600, 1);
  expect(settled()).toEqual(['1_400_300', false]);
  graph.detach();
});

test('what the URL does not take is said once it speaks of this picture again, still as a step', () => {
  const { graph, said, settled, url } = start();
  const scene = picture(4000, 3000);
  graph.show(scene, '');
  graph.show(scene, null);
  url.takes = false;
  graph.pan(-196, -28);
  expect(settled()).toBeUndefined();
  graph.pan(0, -80);
  expect(settled()).toBeUndefined();
  url.takes = true;
  graph.show(scene, '');
  // The corner is at 200 and -80: the middle is 200 / 0.8 = 250 and 380 / 0.8 = 475 from it.
  expect(said).toEqual([['0.8_250_475', true]]);
  expect(isAt(graph, 201, -79)).toBe(true);
  graph.show(scene, '0.8_250_475');
  expect(settled()).toEqual(['0.8_250_475', true]);
  expect(said).toEqual([]);
});

test('who leaves at once after a movement comes back to where it led; that is no step', () => {
  const { graph, said } = start();
  graph.show(picture(4000, 3000), '');
  graph.pan(-196, -28);
  graph.detach();
  expect(said).toEqual([['0.8_250_375', false]]);
  vi.runAllTimers();
  expect(said).toHaveLength(1);
});

test('Back takes back a movement that the URL does not say yet, and nothing is said of it later', () => {
  const { graph, said, settled } = start();
  const scene = picture(4000, 3000);
  graph.show(scene, '');
  graph.pan(-196, -28);
  graph.recall();
  expect(isAt(graph, 397, 29)).toBe(true);
  expect(settled()).toBeUndefined();
  graph.detach();
  expect(said).toEqual([]);
  graph.show(scene, '1_400_300');
  graph.recall();
  expect(isAt(graph, 1, 1)).toBe(true);
});
