import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { BoxDetails, FrameName, Query } from '../core';
import { FULL_ZOOM } from '../lib/hash';
import { UNFILTERED } from '../lib/query';
import type { FlameColumns } from '../protocol';
import { FlameController } from './controller';
import { PACKAGES } from './look';

/** A question to the engine that the test answers when it likes. */
interface Asked {
  query: Query;
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

const { boxes, names, bounds } = vi.hoisted(() => ({ boxes: [] as Asked[], names: [] as Asked[], bounds: [] as Asked[] }));

vi.mock('../core', () => {
  const later = (list: Asked[]) => (query: Query) =>
    new Promise((resolve, reject) => list.push({ query, resolve, reject }));
  return { core: { flameBoxes: later(boxes), names: later(names), flameBox: later(bounds) } };
});
vi.mock('./draw', () => ({ draw: () => {}, measureType: () => ({}) }));

beforeEach(() => {
  boxes.length = 0;
  names.length = 0;
  bounds.length = 0;
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  vi.stubGlobal('requestAnimationFrame', (run: (now: number) => void) => setTimeout(() => run(0), 0));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const TOP_DOWN = { inverted: false };
const query = (file: number): Query => ({ ...UNFILTERED, file, sample: 0, granularity: 'functions', noinlines: false });
const named = (full: string): FrameName[] => [{ node: 7, full } as FrameName];

/** One box over the whole width in row 0, of node 7. */
function oneBox(): FlameColumns {
  return {
    row: Uint32Array.of(0), x: Float32Array.of(0), w: Float32Array.of(100), node: Uint32Array.of(7),
    stack: Uint32Array.of(0), flags: Uint8Array.of(0), count: Uint32Array.of(1),
    value: Float64Array.of(1), change: new Float32Array(), endRow: 1,
  };
}

function start(): { flame: FlameController; failures: string[]; drawn: Query[] } {
  const failures: string[] = [];
  const drawn: Query[] = [];
  const flame = new FlameController({
    zoomed: () => {}, ends: () => {}, drawn: (of) => drawn.push(of), failed: (text) => failures.push(text),
  }, PACKAGES);
  flame.attach({ width: 0, height: 0, getContext: () => ({}) } as unknown as HTMLCanvasElement, 'mono');
  flame.resize(100, 100, 1);
  return { flame, failures, drawn };
}

async function question(list: Asked[], nth: number): Promise<Asked> {
  await vi.waitFor(() => expect(list.length).toBe(nth + 1));
  return list[nth] as Asked;
}

test('names that arrive late stay with the tree they belong to', async () => {
  const { flame } = start();
  flame.setTree(query(1), TOP_DOWN, 'all', 1);
  const first = await question(boxes, 0);
  flame.setTree(query(2), TOP_DOWN, 'all', 1);
  first.resolve(oneBox() as never);
  // The tree is gone: its names are asked for no more, or go where nobody looks.
  const second = await question(boxes, 1);
  expect(second.query.file).toBe(2);
  second.resolve(oneBox() as never);
  const asked = await question(names, 0);
  expect(asked.query.file).toBe(2);
  asked.resolve(named('of the second') as never);
  await vi.waitFor(() => expect(flame.at(50, 5)?.name?.full).toBe('of the second'));
});

test('names under way when the tree changes do not reach the next one', async () => {
  const { flame } = start();
  flame.setTree(query(1), TOP_DOWN, 'all', 1);
  (await question(boxes, 0)).resolve(oneBox() as never);
  const late = await question(names, 0);
  flame.setTree(query(2), TOP_DOWN, 'all', 1);
  late.resolve(named('of the first') as never);
  (await question(boxes, 1)).resolve(oneBox() as never);
  (await question(names, 1)).resolve(named('of the second') as never);
  await vi.waitFor(() => expect(flame.at(50, 5)?.name?.full).toBe('of the second'));
});

test('names are asked for once for all queries that have the same nodes', async () => {
  const { flame } = start();
  flame.setTree(query(1), TOP_DOWN, 'all', 1);
  (await question(boxes, 0)).resolve(oneBox() as never);
  (await question(names, 0)).resolve(named('of the first') as never);
  await vi.waitFor(() => expect(flame.at(50, 5)?.name?.full).toBe('of the first'));
  flame.setTree(query(1), TOP_DOWN, 'all', 1);
  (await question(boxes, 1)).resolve(oneBox() as never);
  await vi.waitFor(() => expect(flame.at(50, 5)?.name?.full).toBe('of the first'));
  expect(names.length).toBe(1);
  flame.setTree(query(1), TOP_DOWN, 'all', 2);
  (await question(boxes, 2)).resolve(oneBox() as never);
  (await question(names, 1)).resolve(named('of the third') as never);
  await vi.waitFor(() => expect(flame.at(50, 5)?.name?.full).toBe('of the third'));
});

test('the question for another tree does not wait for a frame', async () => {
  const { flame } = start();
  vi.stubGlobal('requestAnimationFrame', () => 0);
  flame.setTree(query(1), TOP_DOWN, 'all', 1);
  expect((await question(boxes, 0)).query.file).toBe(1);
});

test('who comes back to the tree that is shown hears that it is drawn', async () => {
  const { flame, drawn } = start();
  const shown = query(1);
  flame.setTree(shown, TOP_DOWN, 'all', 1);
  (await question(boxes, 0)).resolve(oneBox() as never);
  (await question(names, 0)).resolve(named('of the first') as never);
  await vi.waitFor(() => expect(drawn).toContain(shown));
  await new Promise((resolve) => setTimeout(resolve, 20));
  drawn.length = 0;
  flame.setTree(shown, TOP_DOWN, 'all', 1);
  await vi.waitFor(() => expect(drawn).toEqual([shown]));
});

test('a canvas that is as large as before is not cleared, and nothing is asked', async () => {
  const { flame } = start();
  flame.setTree(query(1), TOP_DOWN, 'all', 1);
  (await question(boxes, 0)).resolve(oneBox() as never);
  (await question(names, 0)).resolve(named('of the first') as never);
  await vi.waitFor(() => expect(flame.at(50, 5)?.name?.full).toBe('of the first'));
  flame.resize(100, 100, 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(boxes.length).toBe(1);
  flame.resize(120, 100, 1);
  await question(boxes, 1);
});

test('a refusal about a tree that is gone is not reported, and the new tree is asked for', async () => {
  const { flame, failures } = start();
  flame.setTree(query(1), TOP_DOWN, 'all', 1);
  const first = await question(boxes, 0);
  flame.setTree(query(2), TOP_DOWN, 'all', 1);
  first.reject(new Error('unknown file'));
  const second = await question(boxes, 1);
  expect(second.query.file).toBe(2);
  expect(failures).toEqual([]);
  second.reject(new Error('no such box'));
  await vi.waitFor(() => expect(failures).toEqual(['no such box']));
});

test('a zoom whose bounds come late does not overtake a newer one', async () => {
  const { flame } = start();
  flame.setTree(query(1), TOP_DOWN, 'all', 1);
  // Two steps back: to a box whose bounds have to be asked for, and on to the whole tree.
  const box = { row: 3, left: 0.25, right: 0.5 } as BoxDetails;
  const first = flame.showZoom({ root: '7+3', left: 0, right: 1 });
  const asked = await question(bounds, 0);
  await flame.showZoom(FULL_ZOOM);
  asked.resolve(box as never);
  await first;
  // There is nothing to reset: the whole tree is what is shown.
  expect(flame.reset()).toBe(false);

  const second = flame.showZoom({ root: '7+3', left: 0, right: 1 });
  (await question(bounds, 1)).resolve(box as never);
  await second;
  expect(flame.reset()).toBe(true);
});

test('a refusal about a zoom that is wanted no more is not reported', async () => {
  const { flame } = start();
  flame.setTree(query(1), TOP_DOWN, 'all', 1);
  const first = flame.showZoom({ root: '7+3', left: 0, right: 1 });
  const asked = await question(bounds, 0);
  flame.setTree(query(2), TOP_DOWN, 'all', 1);
  asked.reject(new Error('no such box'));
  await expect(first).resolves.toBeUndefined();
});
