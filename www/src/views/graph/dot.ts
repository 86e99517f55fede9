// To Graphviz and back: a request as DOT, its answer as coordinates. Pure.
//
// Graphviz knows no fonts here, so that it is told sizes instead of texts: those of boxes outright, those of
// the texts on lines as words in Courier, whose letters it takes to be 0.6 of their size wide.

import type { Laid, LayoutRequest, Size } from './request';

const COURIER = 0.6;
const FONT = 10;
/** Graphviz takes a line of text to be this high, in the font's size. */
const GRAPHVIZ_LINE = 1.2;
const INCH = 72;

function inches(points: number): string {
  return (points / INCH).toFixed(4);
}

/** A word of about this size. */
function stretch({ w, h }: Size): string {
  const row = 'm'.repeat(Math.max(1, Math.ceil(w / (COURIER * FONT))));
  return Array<string>(Math.max(1, Math.round(h / (GRAPHVIZ_LINE * FONT)))).fill(row).join('\\n');
}

/** The request in Graphviz's language. */
export function toDot({ boxes, ties }: LayoutRequest): string {
  const out = [
    'digraph{',
    'node[shape=box fixedsize=true label=""]',
    `edge[fontname=Courier fontsize=${FONT}]`,
  ];
  boxes.forEach(({ w, h }, i) => out.push(`${i}[width=${inches(w)} height=${inches(h)}]`));
  ties.forEach(({ from, to, weight, minRanks, label }, i) =>
    out.push(`${from}->${to}[id=${i} weight=${weight} minlen=${minRanks} label="${stretch(label)}"]`));
  out.push('}');
  return out.join('\n');
}

/** What is used of Graphviz's `json0`. */
interface Json {
  bb?: string;
  objects?: { name?: string; pos?: string }[];
  edges?: { id?: string; pos?: string; lp?: string }[];
}

function numbers(text: string | undefined): number[] {
  return (text ?? '').split(/[ ,]+/).filter((word) => word !== '').map(Number);
}

/** Coordinates out of Graphviz's `json0`; y goes up there. */
export function fromJson(text: string, { boxes, ties }: LayoutRequest): Laid {
  const json = JSON.parse(text) as Json;
  const [left = 0, bottom = 0, right = 0, top = 0] = numbers(json.bb);
  const flip = (pair: number[]): number[] => pair.map((value, i) => (i % 2 === 0 ? value - left : top - value));
  const centres = Array<number>(boxes.length * 2).fill(0);
  const laid: Laid = {
    width: right - left,
    height: top - bottom,
    centres,
    paths: ties.map(() => []),
    labels: ties.map(() => null),
  };
  for (const { name, pos } of json.objects ?? []) {
    const [x = 0, y = 0] = flip(numbers(pos));
    const at = Number(name);
    if (at >= 0 && at < boxes.length) centres.splice(at * 2, 2, x, y);
  }
  for (const { id, pos, lp } of json.edges ?? []) {
    const at = Number(id);
    if (!(at >= 0 && at < ties.length)) continue;
    laid.paths[at] = curve(pos ?? '', flip);
    const [x, y] = flip(numbers(lp));
    if (x !== undefined && y !== undefined) laid.labels[at] = [x, y];
  }
  return laid;
}

/** `e,X,Y X,Y …`: the tip of the arrow, then the curves, which end where the arrow begins. */
function curve(pos: string, flip: (pair: number[]) => number[]): number[] {
  const words = pos.split(/\s+/);
  const isMark = (word: string): boolean => /^[es],/.test(word);
  const tip = words.find((word) => word.startsWith('e,'));
  const points = words.filter((word) => !isMark(word)).flatMap((word) => flip(numbers(word)));
  if (tip === undefined || points.length < 8) return points;
  // The last curve goes on to the tip: the arrow is drawn over its end.
  const end = flip(numbers(tip.slice(2)));
  const [x = 0, y = 0] = points.slice(-2);
  const [toX = x, toY = y] = end;
  return [...points, x + (toX - x) / 3, y + (toY - y) / 3, x + ((toX - x) * 2) / 3, y + ((toY - y) * 2) / 3, toX, toY];
}
