// Drawing: a pure function of pictures, palette and window. Coordinates are device pixels.

import { cells, fit } from '../lib/text';
import type { Span } from '../lib/viewport';
import { BoxFlag } from '../protocol';
import { Special } from './palette';
import type { Palette } from './palette';
import { isNegative } from './look';
import { placeOn } from './picture';
import type { Picture } from './picture';

/** What to draw, where. */
export interface Scene {
  /** Drawn in this order; later ones cover earlier ones. */
  pictures: readonly Picture[];
  /** Horizontal part of the tree on screen. */
  span: Span;
  /** Pixels scrolled away at the top. */
  top: number;
  /** Size of the canvas. */
  width: number;
  height: number;
  /** Device pixels per CSS pixel. */
  ratio: number;
  /** Height of a row. */
  rowHeight: number;
  /** Rows grow upwards from the lower edge, and so does what is scrolled away. */
  upwards: boolean;
  dark: boolean;
  /** What is behind and over the boxes; their fills are those of their picture's look. */
  palette: Palette;
  /** Text of the root box. */
  rootLabel: string;
  /** Node under the pointer and node selected, by their ids; -1 for none. */
  hoverNode: number;
  selectedNode: number;
  /** The one box under the pointer and the one selected; empty for none. */
  hoverBox: string;
  selectedBox: string;
}

/** Width of a character and the font, for one device pixel ratio. */
export interface Type {
  font: string;
  charWidth: number;
}

/** CSS pixels. */
const FONT_SIZE = 11.5;
const PADDING = 4;

/** Measures the face once; all labels are counted in characters of it. */
export function measureType(context: CanvasRenderingContext2D, face: string, ratio: number): Type {
  const font = `${FONT_SIZE * ratio}px ${face}`;
  context.font = font;
  return { font, charWidth: context.measureText('0'.repeat(64)).width / 64 };
}

/** How a pattern of diagonal lines looks. */
interface Hatch {
  line: string;
  /** What is under the lines; transparent when absent. */
  fill?: string | undefined;
  /** Whether the lines rise to the right. */
  rising: boolean;
}

const hatches = new Map<string, CanvasPattern>();

/** Diagonal lines; where there is no pattern to be had, their colour. */
function hatch(context: CanvasRenderingContext2D, look: Hatch): CanvasPattern | string {
  const key = `${look.line} ${look.fill} ${look.rising}`;
  const known = hatches.get(key);
  if (known !== undefined) return known;
  const size = 6;
  const tile = new OffscreenCanvas(size, size);
  const pen = tile.getContext('2d');
  if (pen === null) return look.line;
  if (look.fill !== undefined) {
    pen.fillStyle = look.fill;
    pen.fillRect(0, 0, size, size);
  }
  pen.strokeStyle = look.line;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const at of [-size, 0, size]) {
    pen.moveTo(at, look.rising ? size : 0);
    pen.lineTo(at + size, look.rising ? 0 : size);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, 'repeat');
  if (pattern === null) return look.line;
  hatches.set(key, pattern);
  return pattern;
}

/** Boxes that stand for several are hatched, those of one have the colour of their place. */
function fillOf(context: CanvasRenderingContext2D, palette: Palette, place: number): CanvasPattern | string {
  const fill = palette.fills[place] ?? '';
  const texture = palette.textures?.get(place);
  if (texture !== undefined) return hatch(context, { line: texture, fill, rising: false });
  if (place === Special.merged) return hatch(context, { line: palette.hatch, fill, rising: true });
  if (place === Special.mergedMatch) return hatch(context, { line: palette.matchHatch, fill, rising: true });
  return fill;
}

/** A rectangle on the device's grid; `right` excludes the gap to the next box. */
interface Rect {
  left: number;
  right: number;
  top: number;
}

/** Upper edge of a row. */
function rowTop({ upwards, height, rowHeight, top }: Scene, row: number): number {
  return upwards ? height - (row + 1) * rowHeight + top : row * rowHeight - top;
}

/** One picture under one scene: where its boxes are. */
class Layer {
  readonly picture: Picture;
  readonly firstRow: number;
  readonly lastRow: number;
  private readonly scene: Scene;
  private readonly scale: number;
  private readonly shift: number;
  private readonly gap: number;
  private readonly rect: Rect = { left: 0, right: 0, top: 0 };

  constructor(picture: Picture, scene: Scene) {
    this.picture = picture;
    this.scene = scene;
    const { scale, shift } = placeOn(picture, scene.span);
    this.scale = scale;
    this.shift = shift;
    this.gap = Math.max(1, Math.round(scene.ratio));
    this.firstRow = Math.floor(scene.top / scene.rowHeight);
    this.lastRow = Math.ceil((scene.top + scene.height) / scene.rowHeight);
  }

  /** The rectangle of a box, or null when it is off screen or thinner than a pixel. Reused. */
  at(i: number): Rect | null {
    const { columns } = this.picture;
    const row = columns.row[i] as number;
    if (row < this.firstRow || row >= this.lastRow) return null;
    const x = columns.x[i] as number;
    const left = Math.round(x * this.scale + this.shift);
    const end = Math.round((x + (columns.w[i] as number)) * this.scale + this.shift);
    if (end <= left || end <= 0 || left >= this.scene.width) return null;
    this.rect.left = Math.max(0, left);
    // Next to nothing is left of a thin box when the gap is taken from it; then it goes without.
    this.rect.right = Math.min(this.scene.width, end - left > 2 * this.gap ? end - this.gap : end);
    this.rect.top = rowTop(this.scene, row);
    return this.rect;
  }

  /** Height of a box. */
  get height(): number {
    return this.scene.rowHeight - this.gap;
  }
}

function fillBoxes(context: CanvasRenderingContext2D, layer: Layer, palette: Palette): void {
  const { groups, order } = layer.picture;
  for (let place = 0; place + 1 < groups.length; place++) {
    const from = groups[place] as number;
    const to = groups[place + 1] as number;
    if (from === to) continue;
    context.fillStyle = fillOf(context, palette, place);
    for (let k = from; k < to; k++) {
      const rect = layer.at(order[k] as number);
      if (rect !== null) context.fillRect(rect.left, rect.top, rect.right - rect.left, layer.height);
    }
  }
}

/** Lines that fall to the right over boxes whose value is negative, whatever their colour. */
function markNegative(context: CanvasRenderingContext2D, layer: Layer, palette: Palette): void {
  const { columns } = layer.picture;
  context.fillStyle = hatch(context, { line: palette.minus, rising: false });
  for (let i = 0; i < columns.row.length; i++) {
    if (!isNegative(columns, i)) continue;
    const rect = layer.at(i);
    if (rect !== null) context.fillRect(rect.left, rect.top, rect.right - rect.left, layer.height);
  }
}

/** Dashes along the top of boxes that were inlined into the one above. */
function markInlined(context: CanvasRenderingContext2D, layer: Layer, scene: Scene): void {
  const { flags } = layer.picture.columns;
  const dash = 3 * scene.ratio;
  const thick = Math.max(1, Math.round(scene.ratio));
  context.fillStyle = scene.palette.dash;
  for (let i = 0; i < flags.length; i++) {
    if (((flags[i] as number) & BoxFlag.inlined) === 0) continue;
    const rect = layer.at(i);
    if (rect === null || rect.right - rect.left < 4 * dash) continue;
    for (let x = rect.left + dash; x < rect.right - dash; x += 2 * dash) {
      context.fillRect(x, rect.top, Math.min(dash, rect.right - x), thick);
    }
  }
}

const PLAIN = /^[\x20-\x7e…]*$/;

/** Characters of a name that a long prefix has to leave. */
const LEAST_NAME = 6;

/** A prefix that leaves no room for the name is cut to its sign. */
function prefixOf(prefix: string, room: number): string {
  return prefix.length > MINUS.length && room - prefix.length < LEAST_NAME ? `${prefix.charAt(0)} ` : prefix;
}

/** Before the name of a box whose value is negative. */
const MINUS = '− ';

function writeLabels(context: CanvasRenderingContext2D, layer: Layer, scene: Scene, type: Type): void {
  const { columns, names, place, prefixes } = layer.picture;
  const { palette, ratio } = scene;
  const padding = PADDING * ratio;
  const baseline = Math.round(scene.rowHeight / 2 + FONT_SIZE * ratio * 0.35);
  context.font = type.font;
  context.textBaseline = 'alphabetic';
  for (let i = 0; i < place.length; i++) {
    const at = place[i] as number;
    if (at === Special.merged || at === Special.mergedMatch) continue;
    const rect = layer.at(i);
    if (rect === null) continue;
    const all = Math.floor((rect.right - rect.left - 2 * padding) / type.charWidth);
    const sign = prefixOf(prefixes.get(i) ?? (isNegative(columns, i) ? MINUS : ''), all);
    const room = all - sign.length;
    if (room < 2) continue;
    const label = fit(names.get(columns.node[i] as number) ?? { dim: '', strong: scene.rootLabel }, room);
    const x = rect.left + padding + sign.length * type.charWidth;
    const y = rect.top + baseline;
    const faded = at === Special.dimmed;
    if (sign !== '' && label.strong !== '') {
      context.fillStyle = faded ? palette.fadedFill : palette.textFill;
      context.fillText(sign, rect.left + padding, y);
    }
    if (label.dim !== '') {
      context.fillStyle = faded ? palette.fadedFill : palette.dimTextFill;
      context.fillText(label.dim, x, y);
    }
    if (label.strong === '') continue;
    context.fillStyle = faded ? palette.fadedFill : palette.textFill;
    const strongX = x + cells(label.dim) * type.charWidth;
    // Characters that are not as wide as the rest are squeezed into the room.
    if (PLAIN.test(label.strong)) context.fillText(label.strong, strongX, y);
    else context.fillText(label.strong, strongX, y, rect.right - strongX);
  }
}

/** Frames around the selected function's boxes, and a veil over those of the hovered one. */
function markNodes(context: CanvasRenderingContext2D, layer: Layer, scene: Scene): void {
  const { columns } = layer.picture;
  const thin = Math.max(1, Math.round(scene.ratio));
  for (let i = 0; i < columns.node.length; i++) {
    const node = columns.node[i];
    if (node !== scene.hoverNode && node !== scene.selectedNode) continue;
    const rect = layer.at(i);
    if (rect === null) continue;
    const width = rect.right - rect.left;
    if (node === scene.hoverNode) {
      context.fillStyle = scene.palette.hover;
      context.fillRect(rect.left, rect.top, width, layer.height);
    }
    if (node === scene.selectedNode) outline(context, rect, layer.height, thin, scene.palette.accent);
  }
}

/** A frame inside the box, so that it does not touch the neighbours. */
function outline(context: CanvasRenderingContext2D, rect: Rect, height: number, thick: number, colour: string): void {
  const width = rect.right - rect.left;
  context.fillStyle = colour;
  context.fillRect(rect.left, rect.top, width, thick);
  context.fillRect(rect.left, rect.top + height - thick, width, thick);
  context.fillRect(rect.left, rect.top, Math.min(thick, width), height);
  context.fillRect(Math.max(rect.left, rect.right - thick), rect.top, Math.min(thick, width), height);
}

/** The one box that the keyboard is on, and the one under the pointer. */
function markBoxes(context: CanvasRenderingContext2D, layer: Layer, scene: Scene): void {
  const { row, stack } = layer.picture.columns;
  const wanted = [scene.hoverBox, scene.selectedBox].map((id) => id.split('+').map(Number));
  const [hover = [], chosen = []] = wanted;
  const is = ([at, depth = 0]: number[], i: number): boolean => row[i] === depth && (depth === 0 || stack[i] === at);
  for (let i = 0; i < row.length; i++) {
    const selected = scene.selectedBox !== '' && is(chosen, i);
    const hovered = scene.hoverBox !== '' && is(hover, i);
    if (!selected && !hovered) continue;
    const rect = layer.at(i);
    if (rect === null) continue;
    const thick = Math.max(1, Math.round((selected ? 2 : 1) * scene.ratio));
    outline(context, rect, layer.height, thick, selected ? scene.palette.accent : scene.palette.textFill);
  }
}

/** Draws the scene. */
export function draw(context: CanvasRenderingContext2D, scene: Scene, type: Type): void {
  context.fillStyle = scene.palette.background;
  context.fillRect(0, 0, scene.width, scene.height);
  const layers = scene.pictures.map((picture) => new Layer(picture, scene));
  layers.forEach((layer, i) => {
    if (i > 0) clearUnder(context, layer, scene);
    fillBoxes(context, layer, layer.picture.look.palette(scene.dark));
    markNegative(context, layer, scene.palette);
    markInlined(context, layer, scene);
    writeLabels(context, layer, scene, type);
    markNodes(context, layer, scene);
    markBoxes(context, layer, scene);
  });
}

/** Clears the part that a newer picture covers, so that the older one does not show through gaps. */
function clearUnder(context: CanvasRenderingContext2D, layer: Layer, scene: Scene): void {
  const { frame } = layer.picture;
  const { scale, shift } = placeOn(layer.picture, scene.span);
  const top = rowTop(scene, scene.upwards ? frame.firstRow + frame.rowCount - 1 : frame.firstRow);
  context.fillStyle = scene.palette.background;
  context.fillRect(shift, top, frame.width * scale, frame.rowCount * scene.rowHeight);
}
