// Drawing: a pure function of scene and look. Coordinates are points until the canvas scales them.

import { inkFor, paint } from './colours';
import type { Ink } from './colours';
import { cut, LABEL_FONT, LINE, MOST_TIES, PAD_Y, TIE_FONT, tieLines } from './request';
import type { Points } from './request';
import { meet } from './scene';
import type { Pointed, Rect, Scene } from './scene';

/** How a scene is looked at. */
export interface Look {
  /** CSS pixels per point, and where the origin is. */
  scale: number;
  x: number;
  y: number;
  /** Size of the canvas in device pixels, and how many of them a CSS pixel has. */
  width: number;
  height: number;
  ratio: number;
  dark: boolean;
  face: string;
  /** Node id of the selected function; -1 for none. */
  selected: number;
  /** The node that the keyboard walks from; -1 for none. */
  standing: number;
  pointed: Pointed | null;
  /** Per node whether it matches the search; empty without one. */
  matches: Uint8Array;
}

/** CSS pixels below which text is not drawn. */
const READABLE = 3.2;
/** Lines above which far views do without arrows and dots. */
const MANY = 1500;

/** Which calls are drawn strongly: those of what is selected or pointed at. */
function strong(scene: Scene, look: Look): Set<number> {
  const found = new Set<number>();
  const take = (node: number): void => {
    for (const call of [...(scene.outs[node] ?? []), ...(scene.ins[node] ?? [])]) found.add(call);
  };
  if (look.selected >= 0) {
    scene.graph.nodes.forEach((node, i) => {
      if (node.name.node === look.selected) take(i);
    });
  }
  if (look.pointed?.kind === 'node') take(look.pointed.at);
  if (look.pointed?.kind === 'call') found.add(look.pointed.at);
  return found;
}

/** Draws everything that is in sight. */
export function draw(pen: CanvasRenderingContext2D, scene: Scene, look: Look): void {
  const { scale, ratio } = look;
  const ink = inkFor(look.dark);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = ink.background;
  pen.fillRect(0, 0, look.width, look.height);
  pen.setTransform(scale * ratio, 0, 0, scale * ratio, look.x * ratio, look.y * ratio);
  const sight: Rect = {
    left: -look.x / scale,
    top: -look.y / scale,
    right: (look.width / ratio - look.x) / scale,
    bottom: (look.height / ratio - look.y) / scale,
  };
  const marked = strong(scene, look);
  drawLines(pen, scene, look, ink, sight, marked);
  drawBoxes(pen, scene, look, ink, sight);
  // The texts of what is marked stand over all.
  if (TIE_FONT * scale >= READABLE) drawTieTexts(pen, scene, look, ink, sight, marked);
}

function trace(pen: CanvasRenderingContext2D, path: Points): void {
  pen.moveTo(path[0] ?? 0, path[1] ?? 0);
  for (let i = 2; i + 5 < path.length; i += 6) {
    pen.bezierCurveTo(...([...path.slice(i, i + 6)] as [number, number, number, number, number, number]));
  }
}

/** Where a line ends, and which way it goes there. */
function endOf(path: Points): { x: number; y: number; dx: number; dy: number } {
  const [bx = 0, by = 0, x = 0, y = 0] = path.slice(-4);
  const length = Math.hypot(x - bx, y - by) || 1;
  return { x, y, dx: (x - bx) / length, dy: (y - by) / length };
}

/** A line without what its head covers: a wide one would stand out at the tip. */
export function shaft(path: Points, width: number): number[] {
  const { x, y, dx, dy } = endOf(path);
  const back = (7 + width) * 0.6;
  return [...path.slice(0, -2), x - dx * back, y - dy * back];
}

/** The head at the end of a line: a filled triangle, as a list of its corners. */
export function arrow(path: Points, width: number): [number, number][] {
  const { x, y, dx, dy } = endOf(path);
  const [long, half] = [7 + width, 2.4 + width * 0.7];
  const [backX, backY] = [x - dx * long, y - dy * long];
  return [[x, y], [backX - dy * half, backY + dx * half], [backX + dy * half, backY - dx * half]];
}

interface Stroke {
  colour: string;
  width: number;
  dotted: boolean;
}

function strokeOf(scene: Scene, look: Look, ink: Ink, tie: number, marked: ReadonlySet<number>): Stroke {
  const { edges, labels } = scene.graph;
  const edge = edges[tie];
  if (edge === undefined) return { colour: ink.labelLine, width: 1, dotted: labels[tie - edges.length]?.dotted ?? false };
  const isFaded = look.matches.length > 0 && look.matches[edge.from] !== 1 && look.matches[edge.to] !== 1;
  const colour = marked.has(tie) ? ink.accent : isFaded ? ink.fadedLine : paint(edge, look.dark).line;
  return { colour, width: edge.width, dotted: edge.residual };
}

function drawLines(pen: CanvasRenderingContext2D, scene: Scene, look: Look, ink: Ink, sight: Rect, marked: ReadonlySet<number>): void {
  const { paths } = scene.laid;
  const far = paths.length > MANY && look.scale < 0.4;
  // Lines that look alike are drawn at once; those that are marked last, over the others.
  const alike = new Map<string, { stroke: Stroke; ties: number[] }>();
  const last: { stroke: Stroke; ties: number[] }[] = [];
  paths.forEach((path, tie) => {
    if (path.length < 8 || !meet(scene.lines[tie] as Rect, sight, 8)) return;
    const stroke = strokeOf(scene, look, ink, tie, marked);
    if (marked.has(tie)) {
      last.push({ stroke, ties: [tie] });
      return;
    }
    const key = `${stroke.colour} ${stroke.width} ${stroke.dotted && !far}`;
    const group = alike.get(key);
    if (group === undefined) alike.set(key, { stroke, ties: [tie] });
    else group.ties.push(tie);
  });
  for (const { stroke, ties } of [...alike.values(), ...last]) {
    pen.beginPath();
    for (const tie of ties) trace(pen, far ? (paths[tie] as Points) : shaft(paths[tie] as Points, stroke.width));
    pen.strokeStyle = stroke.colour;
    // From far away a line stays one that can be seen.
    pen.lineWidth = Math.max(stroke.width, 0.6 / look.scale);
    pen.setLineDash(stroke.dotted && !far ? [2, 3] : []);
    pen.stroke();
    if (far) continue;
    pen.setLineDash([]);
    pen.fillStyle = stroke.colour;
    pen.beginPath();
    for (const tie of ties) {
      const [first, ...rest] = arrow(paths[tie] as Points, stroke.width);
      if (first === undefined) continue;
      pen.moveTo(...first);
      for (const corner of rest) pen.lineTo(...corner);
      pen.closePath();
    }
    pen.fill();
  }
  pen.setLineDash([]);
}

function drawTieTexts(pen: CanvasRenderingContext2D, scene: Scene, look: Look, ink: Ink, sight: Rect, marked: ReadonlySet<number>): void {
  const { edges, labels } = scene.graph;
  // Where there are many, they would lie over each other.
  const isCrowded = scene.laid.paths.length > MOST_TIES;
  pen.font = `${TIE_FONT}px ${look.face}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  scene.laid.labels.forEach((place, tie) => {
    if (place === null || (isCrowded && !marked.has(tie))) return;
    const [x, y] = place;
    if (!meet({ left: x - 40, right: x + 40, top: y - 12, bottom: y + 12 }, sight)) return;
    const edge = edges[tie];
    const lines = edge === undefined ? [labels[tie - edges.length]?.value ?? ''] : tieLines(edge);
    const isFaded = edge !== undefined && look.matches.length > 0 && look.matches[edge.from] !== 1 && look.matches[edge.to] !== 1;
    pen.fillStyle = marked.has(tie) ? ink.accent : isFaded ? ink.fadedText : ink.quiet;
    write(pen, lines, x, y, TIE_FONT);
  });
}

/** Lines of text around a middle. */
function write(pen: CanvasRenderingContext2D, lines: readonly string[], x: number, y: number, font: number, most?: number): void {
  const step = LINE * font;
  lines.forEach((line, i) => pen.fillText(line, x, y + (i - (lines.length - 1) / 2) * step, most));
}

function drawBoxes(pen: CanvasRenderingContext2D, scene: Scene, look: Look, ink: Ink, sight: Rect): void {
  const { nodes, labels } = scene.graph;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  scene.boxes.forEach((rect, i) => {
    if (!meet(rect, sight, 6)) return;
    const node = nodes[i];
    const label = labels[i - nodes.length];
    if (node !== undefined) drawNode(pen, scene, look, ink, i, rect);
    else if (label !== undefined) drawLabel(pen, label.lines, look, ink, rect);
  });
}

function drawNode(pen: CanvasRenderingContext2D, scene: Scene, look: Look, ink: Ink, at: number, rect: Rect): void {
  const node = scene.graph.nodes[at];
  if (node === undefined) return;
  const [w, h] = [rect.right - rect.left, rect.bottom - rect.top];
  const { line, fill } = paint(node, look.dark);
  const searching = look.matches.length > 0;
  const isMatch = searching && look.matches[at] === 1;
  const isSelected = node.name.node === look.selected;
  pen.fillStyle = isMatch ? ink.match : searching ? ink.faded : fill;
  pen.fillRect(rect.left, rect.top, w, h);
  pen.strokeStyle = isSelected ? ink.accent : searching && !isMatch ? ink.fadedLine : line;
  pen.lineWidth = isSelected ? Math.max(2.5, 2 / look.scale) : Math.max(1, 0.6 / look.scale);
  pen.strokeRect(rect.left, rect.top, w, h);
  if (at === look.standing || (look.pointed?.kind === 'node' && look.pointed.at === at)) {
    pen.strokeStyle = at === look.standing ? ink.accent : ink.text;
    pen.lineWidth = 1 / look.scale;
    const gap = 3 / look.scale;
    pen.strokeRect(rect.left - gap, rect.top - gap, w + 2 * gap, h + 2 * gap);
  }
  if (node.font * look.scale < READABLE) return;
  pen.fillStyle = searching && !isMatch ? ink.fadedText : ink.text;
  pen.font = `${node.font}px ${look.face}`;
  write(pen, node.lines.map(cut), (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2, node.font, w - PAD_Y);
}

/** How far the edges of a box of labels go back. */
export const DEPTH = 4;

function drawLabel(pen: CanvasRenderingContext2D, lines: readonly string[], look: Look, ink: Ink, rect: Rect): void {
  const [w, h] = [rect.right - rect.left, rect.bottom - rect.top];
  const isFaded = look.matches.length > 0;
  pen.fillStyle = isFaded ? ink.faded : ink.label;
  pen.strokeStyle = isFaded ? ink.fadedLine : ink.labelLine;
  pen.lineWidth = Math.max(0.8, 0.5 / look.scale);
  pen.beginPath();
  for (const [x, y] of box3d(rect)) pen.lineTo(x, y);
  pen.closePath();
  pen.fill();
  pen.rect(rect.left, rect.top + DEPTH, w - DEPTH, h - DEPTH);
  pen.moveTo(rect.right - DEPTH, rect.top + DEPTH);
  pen.lineTo(rect.right, rect.top);
  pen.stroke();
  if (LABEL_FONT * look.scale < READABLE) return;
  pen.fillStyle = isFaded ? ink.fadedText : ink.text;
  pen.font = `${LABEL_FONT}px ${look.face}`;
  write(pen, lines.map(cut), (rect.left + rect.right - DEPTH) / 2, (rect.top + rect.bottom + DEPTH) / 2, LABEL_FONT, w - DEPTH - 2);
}

/** The outline of a box of labels. */
export function box3d(rect: Rect): [number, number][] {
  return [
    [rect.left, rect.top + DEPTH],
    [rect.left + DEPTH, rect.top],
    [rect.right, rect.top],
    [rect.right, rect.bottom - DEPTH],
    [rect.right - DEPTH, rect.bottom],
    [rect.left, rect.bottom],
  ];
}
