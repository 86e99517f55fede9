// A graph with its layout, ready to be drawn, pointed at and walked. Points; pure.

import type { Loaded } from './load';
import type { Laid, LayoutRequest, Points } from './request';

/** A rectangle. */
export interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What there is to draw. Ties are the calls and, after them, what holds the boxes of labels. */
export interface Scene {
  graph: Loaded;
  laid: Laid;
  /** Where the boxes are: nodes, then labels. */
  boxes: Rect[];
  /** What the lines take up, without their width. */
  lines: Rect[];
  /** Calls out of and into each node, heaviest first. */
  outs: number[][];
  ins: number[][];
}

/** Puts a graph and its layout together. */
export function sceneOf(graph: Loaded, request: LayoutRequest, laid: Laid): Scene {
  const boxes = request.boxes.map(({ w, h }, i): Rect => {
    const [x, y] = [laid.centres[i * 2] ?? 0, laid.centres[i * 2 + 1] ?? 0];
    return { left: x - w / 2, top: y - h / 2, right: x + w / 2, bottom: y + h / 2 };
  });
  const outs: number[][] = graph.nodes.map(() => []);
  const ins: number[][] = graph.nodes.map(() => []);
  graph.edges.forEach(({ from, to }, i) => {
    outs[from]?.push(i);
    ins[to]?.push(i);
  });
  return { graph, laid, boxes, lines: laid.paths.map(around), outs, ins };
}

function around(path: Points): Rect {
  const rect = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let i = 0; i + 1 < path.length; i += 2) {
    const [x, y] = [path[i] as number, path[i + 1] as number];
    rect.left = Math.min(rect.left, x);
    rect.right = Math.max(rect.right, x);
    rect.top = Math.min(rect.top, y);
    rect.bottom = Math.max(rect.bottom, y);
  }
  return rect;
}

/** Whether two rectangles have something in common; `slack` widens the first. */
export function meet(one: Rect, other: Rect, slack = 0): boolean {
  return one.left - slack <= other.right && one.right + slack >= other.left && one.top - slack <= other.bottom && one.bottom + slack >= other.top;
}

/** What the pointer is on, by its place among its kind. */
export type Pointed = { kind: 'node' | 'call' | 'label'; at: number };

/** Points of a curve that are looked at. */
const STEPS = 16;

function nearPath(path: Points, x: number, y: number, reach: number): boolean {
  for (let i = 0; i + 7 < path.length; i += 6) {
    const [ax, ay, bx, by, cx, cy, dx, dy] = [...path.slice(i, i + 8)] as [number, number, number, number, number, number, number, number];
    let [lastX, lastY] = [ax, ay];
    for (let step = 1; step <= STEPS; step++) {
      const t = step / STEPS;
      const u = 1 - t;
      const [p, q, r, s] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
      const nextX = p * ax + q * bx + r * cx + s * dx;
      const nextY = p * ay + q * by + r * cy + s * dy;
      if (fromSegment(x, y, lastX, lastY, nextX, nextY) <= reach) return true;
      [lastX, lastY] = [nextX, nextY];
    }
  }
  return false;
}

/** Distance of a point from a piece of a line. */
function fromSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** What lies at a point; boxes before lines. Lines are met within `reach`. */
export function hit(scene: Scene, x: number, y: number, reach: number): Pointed | null {
  const { graph, boxes, lines, laid } = scene;
  const isIn = (rect: Rect): boolean => x >= rect.left && x <= rect.right && y >= rect.top && y <= rect.bottom;
  const box = boxes.findIndex(isIn);
  if (box >= 0) return box < graph.nodes.length ? { kind: 'node', at: box } : { kind: 'label', at: box - graph.nodes.length };
  const point = { left: x, right: x, top: y, bottom: y };
  const call = graph.edges.findIndex((_, i) => {
    const [labelX, labelY] = laid.labels[i] ?? [Infinity, Infinity];
    if (Math.abs(x - labelX) < 16 && Math.abs(y - labelY) < 7) return true;
    return meet(lines[i] as Rect, point, reach) && nearPath(laid.paths[i] ?? [], x, y, reach);
  });
  return call < 0 ? null : { kind: 'call', at: call };
}

/** A way that the keyboard goes. */
export type Way = 'up' | 'down' | 'left' | 'right';

/** The next node on a way: the heaviest caller, the heaviest callee, the nearest one beside it; -1 for none. */
export function next(scene: Scene, from: number, way: Way): number {
  const { graph, outs, ins } = scene;
  if (way === 'up' || way === 'down') {
    const calls = (way === 'up' ? ins : outs)[from] ?? [];
    const other = (call: number): number => graph.edges[call]?.[way === 'up' ? 'from' : 'to'] ?? -1;
    return other(calls.find((call) => other(call) !== from) ?? -1);
  }
  const here = scene.boxes[from];
  if (here === undefined) return -1;
  const middle = (rect: Rect): number => (rect.left + rect.right) / 2;
  let nearest = { at: -1, distance: Infinity };
  for (let at = 0; at < graph.nodes.length; at++) {
    const rect = scene.boxes[at] as Rect;
    // Beside it is what shares some of its height.
    if (at === from || rect.bottom < here.top || rect.top > here.bottom) continue;
    const distance = (middle(rect) - middle(here)) * (way === 'left' ? -1 : 1);
    if (distance > 0 && distance < nearest.distance) nearest = { at, distance };
  }
  return nearest.at;
}
