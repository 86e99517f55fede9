import { expect, test } from 'vitest';
import type { CallEdge, CallNode } from '../../core';
import type { Loaded } from './load';
import { columns, cut, requestFor, sizeOf } from './request';
import { hit, next, sceneOf } from './scene';
import type { Scene } from './scene';
import { toSvg } from './svg';

function node(at: number, full: string): CallNode {
  return {
    name: { node: at + 10, full, dim: 'main.', strong: full.replace('main.', ''), file: '', line: 0, class: 'main', package: 'main', hue: 0 },
    lines: [...full.split('.'), '1s (10%)'],
    font: 10, score: 0.1, line: '#b2875c', fill: '#ede7e1', flat: '1s', flatPct: '10%', cum: '1s', cumPct: '10%',
  };
}

function edge(from: number, to: number, more: Partial<CallEdge> = {}): CallEdge {
  return { from, to, value: '1s', pct: '10%', inline: false, residual: false, weight: 1, width: 1, minRanks: 1, score: 0.1, line: '#b2875c', ...more };
}

/** main calls a and b, which call c; b is the heavier way. */
const graph: Loaded = {
  info: { nodeCount: 4, edgeCount: 5, tooLarge: false, parts: 1, legend: [], numberKeys: [], numberKey: '', first: { nodes: [], edges: [], labels: [] } },
  options: { nodeCount: 80, callTree: false, labels: '' },
  nodes: [node(0, 'main.main'), node(1, 'main.a'), node(2, 'main.b'), node(3, 'main.c<x> & "y"')],
  edges: [edge(0, 2), edge(2, 3), edge(0, 1), edge(1, 3, { residual: true, inline: true }), edge(3, 3)],
  labels: [{ node: 1, below: -1, lines: ['key:value'], value: '1s', dotted: true }],
};

const scene: Scene = sceneOf(graph, requestFor(graph, 0.6, false), {
  width: 300,
  height: 300,
  centres: [150, 20, 60, 120, 240, 120, 150, 220, 60, 220],
  paths: [[150, 40, 150, 80, 240, 80, 240, 100], [], [], [60, 140, 60, 180, 150, 180, 150, 200], [], []],
  labels: [[200, 70], null, null, [100, 170], null, null],
});

test('arrows lead to the heaviest caller and callee, and to what stands beside', () => {
  expect(next(scene, 0, 'down')).toBe(2);
  expect(next(scene, 2, 'down')).toBe(3);
  // c calls itself, too: that leads nowhere.
  expect(next(scene, 3, 'down')).toBe(-1);
  expect(next(scene, 3, 'up')).toBe(2);
  expect(next(scene, 0, 'up')).toBe(-1);
  expect(next(scene, 2, 'left')).toBe(1);
  expect(next(scene, 1, 'right')).toBe(2);
  expect(next(scene, 1, 'left')).toBe(-1);
});

test('the pointer meets boxes, then lines and their texts', () => {
  expect(hit(scene, 150, 20, 3)).toEqual({ kind: 'node', at: 0 });
  expect(hit(scene, 60, 220, 3)).toEqual({ kind: 'label', at: 0 });
  expect(hit(scene, 200, 70, 3)).toEqual({ kind: 'call', at: 0 });
  // Half way of a curve from (60, 140) to (150, 200) is its middle.
  expect(hit(scene, 105, 171, 3)).toEqual({ kind: 'call', at: 3 });
  expect(hit(scene, 290, 290, 3)).toBeNull();
});

test('boxes are as large as their texts', () => {
  // Five letters of 0.6 · 10 points and two margins of 7; three lines of 1.2 · 10 and two margins of 4.
  expect(requestFor(graph, 0.6, false).boxes[0]).toEqual({ w: 8 * 6 + 14, h: 3 * 12 + 8 });
  expect(sizeOf(['ab'], 10, 0.5)).toEqual({ w: 10, h: 12 });
  expect(columns('漢字a')).toBe(5);
  expect(columns('[…]')).toBe(3);
  expect([...cut('x'.repeat(500))]).toHaveLength(44);
  expect(cut('short')).toBe('short');
});

test('a graph beyond what Graphviz does in seconds is laid out plainly', () => {
  const many = (count: number): Loaded => ({ ...graph, nodes: Array.from({ length: count }, (_, i) => node(i, `main.f${i}`)), edges: [], labels: [] });
  expect(requestFor(many(300), 0.6, false).plain).toBe(false);
  expect(requestFor(many(301), 0.6, false).plain).toBe(true);
});

test('the file says all in escaped text, without styles, links or scripts', () => {
  const svg = toSvg(scene, 'a<b>', ['Showing "all" & more']);
  expect(svg.match(/<g class="node">/g)).toHaveLength(4);
  // Lines without a path are not drawn.
  expect(svg.match(/<g class="edge">/g)).toHaveLength(2);
  expect(svg.match(/<g class="label">/g)).toHaveLength(1);
  expect(svg).toContain('stroke-dasharray="2 3"');
  expect(svg).toContain('(inline)');
  expect(svg).toContain('<title>main.c&lt;x&gt; &amp; &quot;y&quot; (1s)</title>');
  expect(svg).toContain('Showing &quot;all&quot; &amp; more');
  expect(svg).not.toMatch(/style=|<script|href|url\(/);
});
