// The plainer layout, for graphs that would keep Graphviz busy for long: layers from callers to callees,
// ordered so that few lines cross, each box near what it is tied to. Linear in the lines but for the sorting
// of layers; no recursion; the same graph comes out the same everywhere.

import { placeX } from './place';
import type { Laid, LayoutRequest, Points, Tie } from './request';

/** Passes over all layers that order them. */
const ORDER_PASSES = 6;
/** Points between layers. */
const RANK_GAP = 48;
/** Bends of lines over several layers; lines beyond that go straight. */
const MOST_BENDS = 60_000;

/** Ties as lists per box: `rows[starts[box] … starts[box + 1]]`. */
interface Lists {
  starts: Int32Array;
  rows: Int32Array;
}

function listsOf(count: number, ends: Int32Array): Lists {
  const starts = new Int32Array(count + 1);
  for (const end of ends) starts[end + 1] = (starts[end + 1] as number) + 1;
  for (let i = 0; i < count; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  const next = starts.slice();
  const rows = new Int32Array(ends.length);
  ends.forEach((end, row) => {
    rows[next[end] as number] = row;
    next[end] = (next[end] as number) + 1;
  });
  return { starts, rows };
}

function each(lists: Lists, at: number, visit: (row: number) => void): void {
  for (let i = lists.starts[at] as number; i < (lists.starts[at + 1] as number); i++) visit(lists.rows[i] as number);
}

/** Boxes in an order in which callers stand before callees, as far as there are no circles. */
function callersFirst(count: number, from: Int32Array, to: Int32Array): Int32Array {
  const outs = listsOf(count, from);
  const called = new Uint8Array(count);
  to.forEach((box, row) => {
    if (from[row] !== box) called[box] = 1;
  });
  const seen = new Uint8Array(count);
  const order = new Int32Array(count);
  let left = count;
  const walk = (root: number): void => {
    if (seen[root] === 1) return;
    seen[root] = 1;
    const path = [root];
    const next = [outs.starts[root] as number];
    while (path.length > 0) {
      const box = path.at(-1) as number;
      const at = next.at(-1) as number;
      if (at < (outs.starts[box + 1] as number)) {
        next[next.length - 1] = at + 1;
        const child = to[outs.rows[at] as number] as number;
        if (seen[child] === 1) continue;
        seen[child] = 1;
        path.push(child);
        next.push(outs.starts[child] as number);
      } else {
        order[--left] = box;
        path.pop();
        next.pop();
      }
    }
  };
  // The first root is walked last, so that it stands first.
  for (let box = count - 1; box >= 0; box--) if (called[box] === 0) walk(box);
  // What is left stands in circles that nobody calls: what they call is placed by now.
  for (let box = 0; box < count; box++) walk(box);
  return order;
}

/** The layer of each box: below all of its callers, and right above its callees where nobody calls it. */
export function layersOf(count: number, ties: readonly Tie[]): Int32Array {
  const from = Int32Array.from(ties, (tie) => tie.from);
  const to = Int32Array.from(ties, (tie) => tie.to);
  const order = callersFirst(count, from, to);
  const place = new Int32Array(count);
  order.forEach((box, at) => {
    place[box] = at;
  });
  const isDown = (row: number): boolean => (place[from[row] as number] as number) < (place[to[row] as number] as number);
  const outs = listsOf(count, from);
  const layers = new Int32Array(count);
  const called = new Uint8Array(count);
  for (const box of order) {
    each(outs, box, (row) => {
      if (!isDown(row)) return;
      const child = to[row] as number;
      called[child] = 1;
      layers[child] = Math.max(layers[child] as number, (layers[box] as number) + (ties[row] as Tie).minRanks);
    });
  }
  for (const box of order) {
    if (called[box] === 1) continue;
    let nearest = Infinity;
    each(outs, box, (row) => {
      if (isDown(row)) nearest = Math.min(nearest, (layers[to[row] as number] as number) - (ties[row] as Tie).minRanks);
    });
    if (nearest !== Infinity) layers[box] = nearest;
  }
  return layers;
}

/** Boxes and bends, in layers, with the ties between neighbouring layers. */
interface Layered {
  /** Width of each, bends included. */
  widths: number[];
  layers: number[][];
  /** Neighbours in the layer above and below. */
  above: number[][];
  below: number[][];
  /** Per tie what it goes through, from top to bottom; empty for one that goes straight. */
  chains: number[][];
}

function layered({ boxes, ties }: LayoutRequest, of: Int32Array): Layered {
  const result: Layered = {
    widths: boxes.map((box) => box.w),
    layers: [],
    above: boxes.map(() => []),
    below: boxes.map(() => []),
    chains: ties.map(() => []),
  };
  const deepest = of.reduce((most, layer) => Math.max(most, layer), 0);
  for (let i = 0; i <= deepest; i++) result.layers.push([]);
  of.forEach((layer, box) => result.layers[layer]?.push(box));
  let bends = 0;
  ties.forEach((tie, row) => {
    const [top, bottom] = (of[tie.from] as number) <= (of[tie.to] as number) ? [tie.from, tie.to] : [tie.to, tie.from];
    const [first, last] = [of[top] as number, of[bottom] as number];
    if (first === last || bends + last - first - 1 > MOST_BENDS) return;
    bends += last - first - 1;
    const chain = [top];
    for (let layer = first + 1; layer < last; layer++) {
      chain.push(result.widths.length);
      result.layers[layer]?.push(result.widths.length);
      result.widths.push(0);
      result.above.push([]);
      result.below.push([]);
    }
    chain.push(bottom);
    for (let i = 1; i < chain.length; i++) {
      const [up, down] = [chain[i - 1] as number, chain[i] as number];
      result.below[up]?.push(down);
      result.above[down]?.push(up);
    }
    result.chains[row] = chain;
  });
  return result;
}

/** Orders each layer by the middle of what its members are tied to in the layer before, down and up in turn. */
function untangle({ layers, above, below }: Layered, count: number): void {
  const place = new Float64Array(count);
  const number = (layer: readonly number[]): void => layer.forEach((member, i) => (place[member] = i));
  layers.forEach(number);
  const middle = new Float64Array(count);
  for (let pass = 0; pass < ORDER_PASSES; pass++) {
    const down = pass % 2 === 0;
    const ties = down ? above : below;
    for (let i = 1; i < layers.length; i++) {
      const layer = layers[down ? i : layers.length - 1 - i] as number[];
      for (const member of layer) {
        const others = ties[member] as number[];
        // What is tied to nothing there stays where it is.
        let sum = 0;
        for (const other of others) sum += place[other] as number;
        middle[member] = others.length === 0 ? (place[member] as number) : sum / others.length;
      }
      layer.sort((a, b) => (middle[a] as number) - (middle[b] as number) || (place[a] as number) - (place[b] as number));
      number(layer);
    }
  }
}

/** Lays a graph out in layers. */
export function layOutPlainly(request: LayoutRequest): Laid {
  const { boxes, ties } = request;
  const of = layersOf(boxes.length, ties);
  const graph = layered(request, of);
  untangle(graph, graph.widths.length);
  const x = placeX(graph.layers, graph.widths, graph.above, graph.below);
  const tops: number[] = [];
  const heights = graph.layers.map((layer) => layer.reduce((most, member) => Math.max(most, boxes[member]?.h ?? 0), 0));
  let y = 0;
  for (const height of heights) {
    tops.push(y);
    y += height + RANK_GAP;
  }
  const middleOf = (layer: number): number => (tops[layer] as number) + (heights[layer] as number) / 2;
  const centres = boxes.flatMap((_, box) => [x[box] as number, middleOf(of[box] as number)]);
  let left = 0;
  let right = 0;
  graph.widths.forEach((width, member) => {
    left = Math.min(left, (x[member] as number) - width / 2);
    right = Math.max(right, (x[member] as number) + width / 2);
  });
  const laid: Laid = { width: right - left, height: Math.max(0, y - RANK_GAP), centres, paths: [], labels: [] };
  for (let i = 0; i < centres.length; i += 2) centres[i] = (centres[i] as number) - left;
  ties.forEach((tie, row) => {
    const path = pathOf(request, laid, tie, (graph.chains[row] ?? []).map((member) => (x[member] as number) - left), of, middleOf);
    laid.paths.push(path);
    laid.labels.push(middleOfPath(path));
  });
  return laid;
}

/** A line from the edge of one box to the edge of the other, upright where it passes a layer. */
function pathOf({ boxes }: LayoutRequest, { centres }: Laid, tie: Tie, bends: readonly number[], of: Int32Array, middleOf: (layer: number) => number): number[] {
  const [fromX, fromY, toX, toY] = [tie.from * 2, tie.from * 2 + 1, tie.to * 2, tie.to * 2 + 1].map((at) => centres[at] as number) as [number, number, number, number];
  const [from, to] = [of[tie.from] as number, of[tie.to] as number];
  const [half, otherHalf] = [(boxes[tie.from]?.h ?? 0) / 2, (boxes[tie.to]?.h ?? 0) / 2];
  if (from === to) {
    // Side by side, or a line around what calls itself.
    const reach = Math.max(30, Math.abs(toX - fromX) / 6);
    return [fromX, fromY - half, fromX, fromY - half - reach, toX, toY - otherHalf - reach, toX, toY - otherHalf];
  }
  const step = from < to ? 1 : -1;
  const points: [number, number][] = [[fromX, fromY + half * step]];
  const inner = step > 0 ? bends.slice(1, -1) : bends.slice(1, -1).reverse();
  inner.forEach((bend, i) => points.push([bend, middleOf(from + (i + 1) * step)]));
  points.push([toX, toY - otherHalf * step]);
  const [first] = points;
  const path = first === undefined ? [] : [...first];
  for (let i = 1; i < points.length; i++) {
    const [[aX, aY], [bX, bY]] = [points[i - 1] as [number, number], points[i] as [number, number]];
    const middle = (aY + bY) / 2;
    path.push(aX, middle, bX, middle, bX, bY);
  }
  return path;
}

/** The middle of the middle curve. */
function middleOfPath(path: Points): [number, number] | null {
  const curves = Math.floor((path.length - 2) / 6);
  if (curves < 1) return null;
  const at = Math.floor((curves - 1) / 2) * 6;
  const mix = (i: number): number =>
    ((path[at + i] as number) + 3 * (path[at + 2 + i] as number) + 3 * (path[at + 4 + i] as number) + (path[at + 6 + i] as number)) / 8;
  return [mix(0), mix(1)];
}
