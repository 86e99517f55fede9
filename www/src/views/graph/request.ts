// What a layout is made from: boxes with their sizes, and what ties them together. Points, as in pprof's
// pictures; pure.

import type { CallGraphPart } from '../../core';

/** Nodes and calls that Graphviz lays out within seconds; more get the plainer layout. */
const MOST_BOXES = 300;
export const MOST_TIES = 600;

/** A size in points. */
export interface Size {
  w: number;
  h: number;
}

/** A line between two boxes. */
export interface Tie {
  from: number;
  to: number;
  /** How straight it is to be; 1 is little. */
  weight: number;
  /** Ranks that it spans at least. */
  minRanks: number;
  /** Room for its text. */
  label: Size;
}

/** A graph to be laid out: boxes of nodes, after them those of labels; calls, after them what holds labels. */
export interface LayoutRequest {
  boxes: Size[];
  ties: Tie[];
  /** The plainer layout. */
  plain: boolean;
}

/** Coordinates, x and y in turn. */
export type Points = number[] | Float64Array;

/** A graph laid out. The origin is at the top left. */
export interface Laid {
  width: number;
  height: number;
  /** Centres of boxes. */
  centres: Points;
  /** Per tie the points of its Bézier curves: a start, then three for each curve; empty for one not drawn. */
  paths: Points[];
  /** Per tie where its text is centred. */
  labels: ([number, number] | null)[];
}

/** Points of the text on lines and in boxes of labels. */
export const TIE_FONT = 10;
export const LABEL_FONT = 8;
/** Height of a line of text, in its font's size. */
export const LINE = 1.2;
/** Between the text and the edge of its box. */
const PAD_X = 7;
export const PAD_Y = 4;
/** Characters of a line: names of instances of generic types can be of any length. */
const LONGEST = 44;

/** A line of a label as it is drawn. */
export function cut(line: string): string {
  const letters = [...line];
  return letters.length <= LONGEST ? line : `${letters.slice(0, LONGEST - 14).join('')}…${letters.slice(-13).join('')}`;
}

/** Columns that a line takes in a font of fixed width: letters of East Asia take two. */
export function columns(line: string): number {
  let count = 0;
  for (const letter of line) count += (letter.codePointAt(0) ?? 0) >= 0x1100 && !/[\u2000-\u2bff]/.test(letter) ? 2 : 1;
  return count;
}

/** Size of lines of text; `advance` is the width of a column in the font's size. */
export function sizeOf(lines: readonly string[], font: number, advance: number): Size {
  const widest = Math.max(1, ...lines.map(columns));
  return { w: widest * advance * font, h: Math.max(1, lines.length) * LINE * font };
}

function boxed({ w, h }: Size): Size {
  return { w: Math.ceil(w + 2 * PAD_X), h: Math.ceil(h + 2 * PAD_Y) };
}

/** What stands on a line. */
export function tieLines(edge: { value: string; inline: boolean }): string[] {
  return edge.inline ? [edge.value, '(inline)'] : [edge.value];
}

/** Requests by what they are made of: a graph that is still there is asked for in the same words. */
const made = new WeakMap<CallGraphPart, { advance: number; plain: boolean; request: LayoutRequest }>();

/** What is to be laid out of a graph; the same object for the same graph. */
export function requestFor(graph: CallGraphPart, advance: number, plain: boolean): LayoutRequest {
  const before = made.get(graph);
  if (before?.advance === advance && before.plain === plain) return before.request;
  const request = newRequest(graph, advance, plain);
  made.set(graph, { advance, plain, request });
  return request;
}

function newRequest(graph: CallGraphPart, advance: number, plain: boolean): LayoutRequest {
  const { nodes, edges, labels } = graph;
  const label = (lines: readonly string[]): Size => sizeOf(lines, TIE_FONT, advance);
  const calls = edges.map((edge): Tie => ({
    from: edge.from,
    to: edge.to,
    weight: edge.weight,
    minRanks: edge.minRanks,
    label: label(tieLines(edge)),
  }));
  const holds = labels.map((box, i): Tie => ({
    from: box.below < 0 ? box.node : nodes.length + box.below,
    to: nodes.length + i,
    // As in pprof's pictures: right below its node.
    weight: 100,
    minRanks: 1,
    label: label([box.value]),
  }));
  const boxes = [
    ...nodes.map((node) => boxed(sizeOf(node.lines.map(cut), node.font, advance))),
    ...labels.map((box) => boxed(sizeOf(box.lines.map(cut), LABEL_FONT, advance))),
  ];
  const ties = [...calls, ...holds];
  return { boxes, ties, plain: plain || boxes.length > MOST_BOXES || ties.length > MOST_TIES };
}
