// Draws a frame: lanes from the latest pictures, moved to where they belong by now, and what lies over them.

import type { Part } from '../../../lib/tracestate';
import type { Row } from './lanes';
import type { Colours } from './palette';
import type { Picture } from './picture';
import { rulerOf, timeText } from './scale';

/** CSS pixels of the ruler. */
export const RULER = 24;
/** CSS pixels between two lines of the ruler at least. */
const LINES_APART = 90;
/** Texts of spans in a frame: more could not be read, and would take too long. */
const MOST_LABELS = 700;
/** CSS pixels of a span for its text. */
const LABEL_WIDTHS = [26, 44, 72, 120, 200] as const;

/** What is selected, or what an arrow leads to. */
export interface Mark {
  lane: number;
  from: number;
  to: number;
}

/** An arrow from who woke to who was woken. */
export interface Arrow {
  from: number;
  to: number;
  at: number;
}

/** All that is on the canvas. */
export interface Scene {
  part: Part;
  length: number;
  /** Where what has been read ends. */
  until: number;
  tick: number;
  rows: readonly Row[];
  scrolled: number;
  pictures: readonly Picture[];
  colours: Colours;
  /** The row that the keyboard is in. */
  cursor: string;
  mark: Mark | null;
  arrows: readonly Arrow[];
  range: Part | null;
  /** CSS pixels from the left; null while the pointer is elsewhere. */
  pointer: number | null;
  /** What the upper edge of lanes of numbers says. */
  tops: ReadonlyMap<number, string>;
}

/** The canvas with what does not change from frame to frame. */
export interface Sheet {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  ratio: number;
  mono: string;
  sans: string;
  /** Device pixels of a letter of labels. */
  letter: number;
}

interface Place {
  row: Row;
  y: number;
  height: number;
}

function placesOf(sheet: Sheet, { rows, scrolled }: Scene): Place[] {
  const { ratio, height } = sheet;
  const places: Place[] = [];
  for (const row of rows) {
    const top = Math.round((RULER + row.top - scrolled) * ratio);
    const end = Math.round((RULER + row.top + row.height - scrolled) * ratio);
    if (end <= RULER * ratio) continue;
    if (top >= height) break;
    places.push({ row, y: top, height: end - top });
  }
  return places;
}

/** How pixels of a picture become those of the canvas: x·scale + shift. */
export function movementOf(picture: Pick<Picture, 'part' | 'width'>, part: Part, width: number): { scale: number; shift: number } {
  const perPixel = (picture.part.to - picture.part.from) / picture.width;
  const scale = (perPixel * width) / (part.to - part.from);
  const shift = ((picture.part.from - part.from) / (part.to - part.from)) * width;
  // Both are whole nanoseconds: what is asked for beyond the edges may be off by a part of a pixel.
  const isExact = Math.abs(scale - 1) * picture.width < 0.5;
  return isExact ? { scale: 1, shift: Math.round(shift) } : { scale, shift };
}

function drawStrip({ context, width }: Sheet, picture: Picture, part: Part, lane: number, y: number, height: number): void {
  const strip = picture.strips.get(lane);
  if (strip === undefined) return;
  const { scale, shift } = movementOf(picture, part, width);
  const left = Math.max(0, -shift / scale);
  const right = Math.min(picture.width, (width - shift) / scale);
  if (right <= left) return;
  context.drawImage(picture.rows, left, strip.y, right - left, strip.height, left * scale + shift, y, (right - left) * scale, height);
}

interface Label {
  i: number;
  x0: number;
  x1: number;
  y: number;
  height: number;
}

function labelsOf(sheet: Sheet, scene: Scene, picture: Picture, places: readonly Place[]): Label[] {
  const { columns, spans } = picture;
  const { scale, shift } = movementOf(picture, scene.part, sheet.width);
  const found: Label[] = [];
  const counts = LABEL_WIDTHS.map(() => 0);
  for (const { row, y, height } of places) {
    const [from, to] = (row.lane === null ? undefined : spans.get(row.lane.id)) ?? [0, 0];
    for (let i = from; i < to; i++) {
      const x0 = Math.max(0, (columns.spanX0[i] as number) * scale + shift);
      const x1 = Math.min(sheet.width, (columns.spanX1[i] as number) * scale + shift);
      const css = (x1 - x0) / sheet.ratio;
      if (css < LABEL_WIDTHS[0] || scene.colours.quiet.has(columns.spanState[i] as number) || columns.labels[columns.spanLabel[i] as number] === '') continue;
      LABEL_WIDTHS.forEach((least, at) => {
        if (css >= least) counts[at] = (counts[at] as number) + 1;
      });
      found.push({ i, x0, x1, y, height });
    }
  }
  const enough = counts.findIndex((count) => count <= MOST_LABELS);
  const least = (LABEL_WIDTHS[enough < 0 ? LABEL_WIDTHS.length - 1 : enough] as number) * sheet.ratio;
  return enough === 0 ? found : found.filter(({ x0, x1 }) => x1 - x0 >= least);
}

/** The part of a name that tells most in few letters: its end. */
function shortened(text: string, letters: number): string {
  if (text.length <= letters) return text;
  const end = text.slice(text.lastIndexOf('/') + 1);
  if (end.length <= letters) return end;
  return letters < 4 ? '' : `${end.slice(0, letters - 1)}…`;
}

function drawLabels(sheet: Sheet, scene: Scene, picture: Picture, places: readonly Place[]): void {
  const { context, ratio, letter } = sheet;
  const { columns } = picture;
  const pad = 4 * ratio;
  context.font = `${11 * ratio}px ${sheet.mono}`;
  context.textBaseline = 'middle';
  for (const { i, x0, x1, y, height } of labelsOf(sheet, scene, picture, places)) {
    const room = Math.floor((x1 - x0 - 2 * pad) / letter);
    const text = shortened(columns.labels[columns.spanLabel[i] as number] ?? '', room);
    if (text === '') continue;
    const state = columns.spanState[i] as number;
    context.fillStyle = scene.colours.inks[state] ?? scene.colours.groupInk;
    context.fillText(text, Math.round(x0 + pad), Math.round(y + height / 2));
  }
}

/** What lies deeper in a lane is drawn as a smaller box on what it is in. */
function drawNested(sheet: Sheet, scene: Scene, picture: Picture, places: readonly Place[]): void {
  const { columns, spans } = picture;
  const { scale, shift } = movementOf(picture, scene.part, sheet.width);
  for (const { row, y, height } of places) {
    const [from, to] = (row.lane === null ? undefined : spans.get(row.lane.id)) ?? [0, 0];
    for (let i = from; i < to; i++) {
      const depth = columns.spanDepth[i] as number;
      if (depth === 0) continue;
      const x0 = (columns.spanX0[i] as number) * scale + shift;
      const x1 = (columns.spanX1[i] as number) * scale + shift;
      const inset = Math.min(height - 4, Math.round((depth * height) / 4));
      sheet.context.fillStyle = scene.colours.states[columns.spanState[i] as number] ?? scene.colours.strong;
      sheet.context.fillRect(Math.round(x0), y + inset, Math.max(1, Math.round(x1 - x0)), height - inset);
    }
  }
}

/** Everything of the lanes themselves. */
function drawLanes(sheet: Sheet, scene: Scene, places: readonly Place[], xOf: (at: number) => number): void {
  const { context, ratio, width } = sheet;
  const hair = Math.max(1, Math.round(ratio));
  const inner = places.map(({ row, y, height }) => ({ row, y: y + hair, height: height - 2 * hair }));
  context.imageSmoothingEnabled = false;
  for (const { row, y, height } of places) {
    if (row.kind !== 'lane') {
      context.fillStyle = scene.colours.band;
      context.fillRect(0, y, width, height);
    }
    context.fillStyle = scene.colours.line;
    context.fillRect(0, y + height - hair, width, hair);
  }
  for (const picture of scene.pictures) {
    for (const { row, y, height } of inner) if (row.lane !== null && row.kind === 'lane') drawStrip(sheet, picture, scene.part, row.lane.id, y, height);
  }
  // Below the texts.
  context.fillStyle = scene.colours.line;
  for (const { at } of rulerOf(scene.part, width / ratio, LINES_APART, scene.tick).lines) context.fillRect(Math.round(xOf(at)), 0, hair, sheet.height);
  const newest = scene.pictures.at(-1);
  if (newest !== undefined) {
    const states = inner.filter(({ row }) => row.kind === 'lane' && row.lane?.pixels === true);
    drawNested(sheet, scene, newest, states);
    drawLabels(sheet, scene, newest, states);
  }
  context.font = `${10 * ratio}px ${sheet.sans}`;
  context.textBaseline = 'top';
  context.textAlign = 'right';
  for (const { row, y } of inner) {
    const text = row.lane === null || row.kind !== 'lane' ? undefined : scene.tops.get(row.lane.id);
    if (text === undefined || text === '') continue;
    const wide = context.measureText(text).width;
    context.fillStyle = scene.colours.background;
    context.globalAlpha = 0.75;
    context.fillRect(width - wide - 8 * ratio, y, wide + 8 * ratio, 13 * ratio);
    context.globalAlpha = 1;
    context.fillStyle = scene.colours.dim;
    context.fillText(text, width - 4 * ratio, y + 2 * ratio);
  }
  context.textAlign = 'left';
}

function middleOf(places: readonly Place[], lane: number): number | null {
  const place = places.find(({ row }) => row.kind === 'lane' && row.lane?.id === lane);
  return place === undefined ? null : place.y + place.height / 2;
}

function drawArrow({ context, ratio }: Sheet, x: number, from: number, to: number): void {
  const by = Math.sign(to - from);
  const bend = 26 * ratio;
  const head = 5 * ratio;
  context.beginPath();
  context.moveTo(x, from);
  context.bezierCurveTo(x - bend, from + by * bend, x - bend, to - by * bend, x, to);
  context.stroke();
  context.beginPath();
  context.moveTo(x + head / 3, to);
  context.lineTo(x - head * 1.6, to - by * head * 0.4);
  context.lineTo(x - head * 0.5, to - by * head * 1.7);
  context.fill();
}

/** What is not read yet, or more than is kept. */
function drawUnread({ context, ratio, height }: Sheet, { until, length, colours }: Scene, xOf: (at: number) => number): void {
  if (until >= length) return;
  const from = Math.round(xOf(until));
  context.fillStyle = colours.band;
  context.fillRect(from, 0, Math.ceil(xOf(length)) - from, height);
  context.fillStyle = colours.strong;
  context.fillRect(from, 0, Math.max(1, Math.round(ratio)), height);
}

/** What is selected, and what it has to do with other lanes. */
function drawOver(sheet: Sheet, scene: Scene, places: readonly Place[], xOf: (at: number) => number): void {
  const { context, ratio, width, height } = sheet;
  const { range, mark, colours } = scene;
  const line = Math.max(1, Math.round(ratio));
  if (range !== null) {
    const [x0, x1] = [xOf(range.from), xOf(range.to)];
    context.fillStyle = colours.range;
    context.fillRect(x0, 0, Math.max(line, x1 - x0), height);
    context.fillStyle = colours.accent;
    for (const x of [x0, x1]) context.fillRect(Math.round(x), 0, line, height);
  }
  for (const { row, y, height: high } of places) {
    if (row.key === scene.cursor && row.kind === 'lane') {
      context.fillStyle = colours.accent;
      context.fillRect(0, y, 3 * ratio, high);
    }
    if (mark === null || row.kind !== 'lane' || row.lane?.id !== mark.lane) continue;
    const x0 = Math.max(-4 * ratio, Math.floor(xOf(mark.from)));
    const x1 = Math.min(width + 4 * ratio, Math.max(Math.ceil(xOf(mark.to)), x0 + 3 * ratio));
    context.lineWidth = 2 * line;
    context.strokeStyle = colours.text;
    context.strokeRect(x0 + line, y + line, x1 - x0 - 2 * line, high - 2 * line);
  }
  context.lineWidth = 1.5 * ratio;
  context.strokeStyle = context.fillStyle = colours.accent;
  for (const arrow of scene.arrows) {
    const [from, to] = [middleOf(places, arrow.from), middleOf(places, arrow.to)];
    if (from !== null && to !== null && from !== to) drawArrow(sheet, xOf(arrow.at), from, to);
  }
}

function drawRuler(sheet: Sheet, scene: Scene, xOf: (at: number) => number): void {
  const { context, ratio, width } = sheet;
  const { part, colours, tick } = scene;
  const line = Math.max(1, Math.round(ratio));
  const high = RULER * ratio;
  const ruler = rulerOf(part, width / ratio, LINES_APART, tick);
  context.fillStyle = colours.background;
  context.fillRect(0, 0, width, high);
  context.fillStyle = colours.strong;
  context.fillRect(0, high - line, width, line);
  context.font = `${11 * ratio}px ${sheet.sans}`;
  context.textBaseline = 'middle';
  let free = 0;
  if (ruler.base > 0) {
    context.fillStyle = colours.text;
    const text = timeText(ruler.base, ruler.step);
    context.fillText(text, 6 * ratio, high / 2);
    free = context.measureText(text).width + 14 * ratio;
  }
  for (const { at, text } of ruler.lines) {
    const x = Math.round(xOf(at));
    context.fillStyle = colours.strong;
    context.fillRect(x, high * 0.6, line, high * 0.4);
    if (x + 4 * ratio < free) continue;
    context.fillStyle = colours.dim;
    context.fillText(text, x + 4 * ratio, high / 2);
  }
}

function drawPointer(sheet: Sheet, { pointer, colours, part, tick }: Scene): void {
  if (pointer === null) return;
  const { context, ratio, width, height } = sheet;
  const x = Math.round(pointer * ratio);
  const line = Math.max(1, Math.round(ratio));
  const perPixel = (part.to - part.from) / width;
  const text = timeText(part.from + pointer * ratio * perPixel, Math.max(tick, perPixel));
  context.fillStyle = colours.accent;
  context.fillRect(x, 0, line, height);
  context.font = `${11 * ratio}px ${sheet.sans}`;
  context.textBaseline = 'middle';
  const wide = context.measureText(text).width + 10 * ratio;
  const left = x + wide > width ? x - wide : x;
  context.fillRect(left, 0, wide, RULER * ratio - line);
  context.fillStyle = colours.background;
  context.fillText(text, left + 5 * ratio, (RULER * ratio) / 2);
}

/** Draws all of it. */
export function paint(sheet: Sheet, scene: Scene): void {
  const { context, width, height } = sheet;
  const { part } = scene;
  const perTime = width / (part.to - part.from);
  const xOf = (at: number): number => (at - part.from) * perTime;
  context.fillStyle = scene.colours.background;
  context.fillRect(0, 0, width, height);
  const places = placesOf(sheet, scene);
  drawLanes(sheet, scene, places, xOf);
  drawUnread(sheet, scene, xOf);
  drawOver(sheet, scene, places, xOf);
  drawRuler(sheet, scene, xOf);
  drawPointer(sheet, scene);
}

