// The flame graph's state between answers of the core: what is shown, what is asked for, what moves.
//
// Old boxes, transformed, stay on screen until newer ones arrive, so that zooming and panning never
// wait. One question is under way at a time; when it is answered, the newest wish is asked next.

import { core } from '../core';
import type { BoxDetails, ColourBy, FlameShape, FlameWindow, FrameName, Query } from '../core';
import { FULL_ZOOM } from '../lib/hash';
import type { Zoom } from '../lib/hash';
import { between, clampSpan, covers, panBy, sameZoom, spanOf, WHOLE, zoomAt, zoomOf } from '../lib/viewport';
import type { Span } from '../lib/viewport';
import { BoxFlag } from '../protocol';
import type { FlameColumns } from '../protocol';
import { isStill } from '../settings';
import { SETTLE, shareDone } from './canvas';
import { draw, measureType } from './draw';
import type { Type } from './draw';
import type { Look } from './look';
import { boxId, hit, missingNames, prepare } from './picture';
import type { Frame, Picture } from './picture';

/** Height of a row in CSS pixels. */
export const ROW = 20;
/** Boxes thinner than this many device pixels are merged. */
const MIN_WIDTH = 2;
/** Rows asked for beyond the edges, so that scrolling finds them drawn. */
const OVERSCAN = 12;
/** Names asked for at a time: unpacking an answer must not be felt. */
const NAMES = 1000;

/** What the pointer is on. */
export interface Pointed {
  /** Box id; of merged boxes that of the first. */
  id: string;
  /** The function; absent for the root and merged boxes. */
  name: FrameName | undefined;
  /** Boxes that this one stands for. */
  count: number;
  /** Their value, in the sample's unit. */
  value: number;
  /** Whether several thin boxes are drawn as this one. */
  merged: boolean;
}

/** What the view supplies. */
export interface Hooks {
  /** The zoom has come to rest somewhere else; `step` makes it a step of the history. */
  zoomed(zoom: Zoom, step: boolean): void;
  /** Where the boxes end at the present zoom has become known. */
  ends(row: number): void;
  /** Everything asked for of a tree is on screen. */
  drawn(query: Query, shape: FlameShape): void;
  /** What is on screen: the part of the width, and CSS pixels scrolled away. */
  moved?(span: Span, scrolled: number): void;
  /** The core refused. */
  failed(message: string): void;
}

interface Motion {
  from: Span;
  to: Span;
  start: number;
}

/** Drives one canvas. */
export class FlameController {
  private readonly hooks: Hooks;
  private look: Look;
  /** Rows grow upwards, from the lower edge; scrolling then counts from there. */
  private readonly upwards: boolean;
  private canvas: HTMLCanvasElement | null = null;
  private context: CanvasRenderingContext2D | null = null;
  private type: Type | null = null;
  private face = 'monospace';
  private ratio = 1;

  private query: Query | null = null;
  private shape: FlameShape | null = null;
  private search = '';
  private zoom: Zoom = FULL_ZOOM;
  private bounds: Span = WHOLE;
  private span: Span = WHOLE;
  private motion: Motion | null = null;
  private scrollTop = 0;
  private settle: ReturnType<typeof setTimeout> | undefined;
  /** Number of the latest place to go to; what is still on its way to an earlier one is void. */
  private aimed = 0;

  /** Names by node, of the nodes that have this number. */
  private names = new Map<number, FrameName>();
  /** Groups by node, of what the look puts nodes together by. */
  private groups = new Map<number, number>();
  private nodeSet = 0;
  private pictures: Picture[] = [];
  private asking = false;
  private stale = true;
  private frameAsked = false;
  private closed = false;

  private dark = false;
  private rootLabel = '';
  private selectedNode = -1;
  private selectedBox = '';
  private pointed: Pointed | null = null;
  private pointer = 0.5;

  constructor(hooks: Hooks, look: Look, upwards = false) {
    this.hooks = hooks;
    this.look = look;
    this.upwards = upwards;
  }

  /** Gives the controller its canvas and the name of the monospaced face. */
  attach(canvas: HTMLCanvasElement, face: string): void {
    this.canvas = canvas;
    this.context = canvas.getContext('2d', { alpha: false });
    this.face = face;
  }

  /** Stops for good. */
  detach(): void {
    this.closed = true;
    this.aimed++;
    this.canvas = null;
    this.context = null;
    clearTimeout(this.settle);
  }

  /** Shows another tree. Nothing of the old one may stay on screen but names, where nodes are the same. */
  setTree(query: Query, shape: FlameShape, rootLabel: string, nodeSet: number): void {
    this.rootLabel = rootLabel;
    if (query === this.query && shape === this.shape) {
      // Whoever asked for another tree meanwhile waits to hear that this one is drawn.
      this.repaint();
      return;
    }
    if (query.file !== this.query?.file || nodeSet !== this.nodeSet) this.names = new Map();
    this.nodeSet = nodeSet;
    // A movement in the tree that is left must not come to rest in this one.
    clearTimeout(this.settle);
    this.aimed++;
    this.query = query;
    this.shape = shape;
    this.groups = new Map();
    this.pictures = [];
    this.pointed = null;
    this.motion = null;
    this.zoom = FULL_ZOOM;
    this.bounds = WHOLE;
    this.span = WHOLE;
    this.invalidate();
    // Not with the next frame: there is nothing to see until the answer comes. What is said in this turn counts.
    queueMicrotask(() => void this.ask());
  }

  /** Marks what matches. */
  setSearch(expression: string): void {
    if (expression === this.search) return;
    this.search = expression;
    this.invalidate();
  }

  /** Colours boxes otherwise. What is on screen keeps its colours until the new ones are known. */
  setLook(look: Look): void {
    if (look === this.look) return;
    if (look.by !== this.look.by) this.groups = new Map();
    this.look = look;
    this.invalidate();
  }

  /** Light or dark. */
  setDark(dark: boolean): void {
    this.dark = dark;
    // At once: a new canvas is black until it is painted.
    this.paint(performance.now());
  }

  /** Marks the selection: all boxes of a function, and one box among them. */
  setSelection(node: number | null, box: string): void {
    this.selectedNode = node ?? -1;
    this.selectedBox = box;
    this.repaint();
  }

  /** Follows the canvas: size in device pixels and their ratio to CSS pixels. */
  resize(width: number, height: number, ratio: number): void {
    if (this.canvas === null || this.context === null || width === 0 || height === 0) return;
    const isSame = width === this.canvas.width && height === this.canvas.height && ratio === this.ratio;
    if (isSame && this.type !== null) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.ratio = ratio;
    this.type = measureType(this.context, this.face, ratio);
    this.invalidate();
    // Setting the size cleared the canvas: without a picture at once it would flash.
    this.paint(performance.now());
  }

  /** Follows the scroller, in CSS pixels from the edge where the root is. */
  scroll(top: number): void {
    this.scrollTop = top;
    this.invalidate();
  }

  /** The zoom as the URL says it. A root that is not at hand is asked for. */
  async showZoom(zoom: Zoom): Promise<void> {
    const aimed = ++this.aimed;
    if (this.query === null || sameZoom(zoom, this.zoom)) return;
    let bounds = WHOLE;
    try {
      if (zoom.root !== '0') bounds = await this.boundsOf(zoom.root);
    } catch (error) {
      if (aimed === this.aimed) throw error;
      return;
    }
    if (aimed !== this.aimed) return;
    this.zoom = zoom;
    this.bounds = bounds;
    this.move(clampRelative(spanOf(zoom, bounds)));
  }

  /** Makes a box fill the width. */
  zoomTo(box: BoxDetails): void {
    this.aimed++;
    const whole = box.left <= 0 && box.right >= 1;
    this.bounds = { left: box.left, right: box.right };
    this.zoom = { root: whole ? '0' : box.id, left: 0, right: 1 };
    this.move(this.bounds);
    this.hooks.zoomed(this.zoom, true);
  }

  /** Shows the whole tree. Says false when it does already. */
  reset(): boolean {
    const zoomed = !covers(this.motion?.to ?? this.span, WHOLE);
    if (zoomed) {
      this.aimed++;
      this.zoom = FULL_ZOOM;
      this.bounds = WHOLE;
      this.move(WHOLE);
      this.hooks.zoomed(FULL_ZOOM, true);
    }
    return zoomed;
  }

  /** Zooms by a factor (< 1 comes closer) around a share of the width; smoothly for single steps. */
  zoomBy(at: number, factor: number, smooth: boolean): void {
    const next = zoomAt(this.motion?.to ?? this.span, at, factor);
    if (smooth) this.move(next);
    else this.jump(next);
    this.settleLater();
  }

  /** Where zooming by keys should aim: at the pointer, as long as it is over the graph. */
  aim(): number {
    return this.pointer;
  }

  /** Shows a part of the whole width. */
  show(span: Span): void {
    this.jump(clampSpan(span));
    this.settleLater();
  }

  /** Moves sideways by a share of the width. */
  pan(share: number, smooth: boolean): void {
    const next = panBy(this.motion?.to ?? this.span, share);
    if (smooth) this.move(next);
    else this.jump(next);
    this.settleLater();
  }

  /** What lies at a point of the canvas, in CSS pixels; null for nothing. */
  at(x: number, y: number): Pointed | null {
    this.pointer = (x * this.ratio) / Math.max(1, this.width());
    const picture = this.pictures.at(-1);
    if (picture === undefined) return null;
    const down = this.upwards ? (this.canvas?.height ?? 0) - y * this.ratio : y * this.ratio;
    const row = Math.floor((down + this.top()) / this.rowHeight());
    const i = hit(picture, this.span, row, x * this.ratio);
    if (i < 0) return null;
    const { columns } = picture;
    const name = picture.names.get(columns.node[i] as number);
    const merged = ((columns.flags[i] as number) & BoxFlag.merged) !== 0;
    return { id: boxId(columns, i), name, count: columns.count[i] as number, value: columns.value[i] as number, merged };
  }

  /** Marks what the pointer is on. */
  setPointed(pointed: Pointed | null): void {
    if (pointed === null) this.pointer = 0.5;
    if (pointed?.id === this.pointed?.id && pointed?.merged === this.pointed?.merged) return;
    this.pointed = pointed;
    this.repaint();
  }

  /** Whether a box is inside the width and wide enough to be seen, in CSS pixels. */
  isSeen(box: BoxDetails): boolean {
    const span = this.motion?.to ?? this.span;
    const left = Math.max(span.left, box.left);
    const right = Math.min(span.right, box.right);
    const width = ((right - left) / (span.right - span.left)) * this.width();
    return width >= 4 * this.ratio;
  }

  /** Where a box ends at the bottom, and begins as far as it can be seen, in CSS pixels of the canvas. */
  placeOf(box: BoxDetails): { x: number; y: number } {
    const span = this.motion?.to ?? this.span;
    const left = Math.max(0, (box.left - span.left) / (span.right - span.left));
    return { x: (left * this.width()) / this.ratio, y: (box.row + 1) * ROW - this.scrollTop };
  }

  private width(): number {
    return this.canvas?.width ?? 0;
  }

  private rowHeight(): number {
    return Math.round(ROW * this.ratio);
  }

  /** Device pixels scrolled away; rows are whole pixels, so this is scaled by them. */
  private top(): number {
    return Math.round((this.scrollTop / ROW) * this.rowHeight());
  }

  private async boundsOf(id: string): Promise<Span> {
    if (this.query === null || this.shape === null) return WHOLE;
    const box = await core.flameBox(this.query, this.shape, id);
    return { left: box.left, right: box.right };
  }

  private move(to: Span): void {
    // Without a picture there is nothing to move.
    if (isStill() || this.pictures.length === 0) this.jump(to);
    else {
      this.motion = { from: this.span, to, start: performance.now() };
      this.invalidate();
    }
  }

  private jump(to: Span): void {
    this.motion = null;
    this.span = to;
    this.invalidate();
  }

  private settleLater(): void {
    this.aimed++;
    clearTimeout(this.settle);
    this.settle = setTimeout(() => {
      // Leaving the whole tree is a step that Back undoes; moving about after that is part of it.
      const step = sameZoom(this.zoom, FULL_ZOOM);
      this.zoom = zoomOf(this.motion?.to ?? this.span, this.zoom.root, this.bounds);
      if (this.zoom.root === '0') this.bounds = WHOLE;
      this.hooks.zoomed(this.zoom, step);
    }, SETTLE);
  }

  /** What should be on screen when everything has come to rest. */
  private wish(): Frame {
    const rowHeight = this.rowHeight();
    const first = Math.floor(this.top() / rowHeight) - OVERSCAN;
    const rows = Math.ceil((this.canvas?.height ?? 0) / rowHeight) + 1 + 2 * OVERSCAN;
    return {
      span: this.motion?.to ?? this.span,
      firstRow: Math.max(0, first),
      rowCount: rows + Math.min(0, first),
      width: this.width(),
      search: this.search,
    };
  }

  private invalidate(): void {
    this.stale = true;
    this.repaint();
  }

  private repaint(): void {
    if (this.frameAsked || this.closed) return;
    this.frameAsked = true;
    requestAnimationFrame((now) => {
      this.frameAsked = false;
      this.paint(now);
      // Asked once per frame: whatever changed since the last one is one question.
      if (this.stale) void this.ask();
    });
  }

  private async ask(): Promise<void> {
    if (this.asking || this.closed || this.query === null || this.shape === null || this.width() === 0) return;
    this.asking = true;
    try {
      while (this.stale && !this.closed) {
        this.stale = false;
        await this.askOnce(this.query, this.shape);
      }
    } finally {
      this.asking = false;
    }
  }

  /** Whether a tree is still the one to show. */
  private isShown(query: Query, shape: FlameShape): boolean {
    return query === this.query && shape === this.shape && !this.closed;
  }

  private async askOnce(query: Query, shape: FlameShape): Promise<void> {
    try {
      const picture = await this.pictureOf(query, shape);
      if (picture === null) return;
      this.pictures = [...this.pictures.slice(-1), picture];
      this.hooks.ends(picture.columns.endRow);
      this.repaint();
    } catch (error) {
      // The file of a tree that is shown no longer may be closed by now: not worth a word.
      if (this.isShown(query, shape)) this.hooks.failed(error instanceof Error ? error.message : String(error));
    }
  }

  /** What the core answers to the present wish; null when another tree is shown by then. */
  private async pictureOf(query: Query, shape: FlameShape): Promise<Picture | null> {
    // Other nodes have a map of their own; names of these belong here. So have groups of another kind.
    const { names, groups, look } = this;
    const frame = this.wish();
    const { root, left, right } = zoomOf(frame.span, this.zoom.root, this.bounds);
    const wanted: FlameWindow = {
      shape, root, left, right,
      firstRow: frame.firstRow,
      rowCount: frame.rowCount,
      width: frame.width,
      minWidth: MIN_WIDTH,
      search: frame.search,
    };
    const columns = await core.flameBoxes(query, wanted);
    await addNames(query, columns, names, () => this.isShown(query, shape));
    if (look.by !== undefined) await addGroups(query, look.by, columns, groups);
    const prefixes = look.prefixes === undefined ? undefined : await look.prefixes(query, columns);
    return this.isShown(query, shape) ? prepare(columns, frame, names, look, groups, prefixes) : null;
  }

  private advance(now: number): void {
    if (this.motion === null) return;
    const share = shareDone(this.motion.start, now);
    this.span = between(this.motion.from, this.motion.to, share);
    if (share >= 1) {
      this.span = this.motion.to;
      this.motion = null;
    } else this.repaint();
  }

  private paint(now: number): void {
    if (this.context === null || this.type === null || this.canvas === null) return;
    this.advance(now);
    const newest = this.pictures.at(-1);
    const enough = newest !== undefined && covers(newest.frame.span, this.span);
    if (enough && this.motion === null) this.pictures = [newest];
    draw(this.context, {
      pictures: enough ? [newest] : this.pictures,
      span: this.span,
      top: this.top(),
      width: this.canvas.width,
      height: this.canvas.height,
      ratio: this.ratio,
      rowHeight: this.rowHeight(),
      upwards: this.upwards,
      dark: this.dark,
      palette: (newest?.look ?? this.look).palette(this.dark),
      rootLabel: this.rootLabel,
      hoverNode: this.pointed?.name?.node ?? -1,
      selectedNode: this.selectedNode,
      hoverBox: this.pointed?.merged === false ? this.pointed.id : '',
      selectedBox: this.selectedBox,
    }, this.type);
    const isDone = newest !== undefined && !this.stale && !this.asking && this.motion === null;
    this.hooks.moved?.(this.span, this.scrollTop);
    if (isDone && this.query !== null && this.shape !== null) this.hooks.drawn(this.query, this.shape);
  }
}

/** Adds the names of the nodes of some boxes that are not known yet, for as long as they are wanted. */
export async function addNames(query: Query, columns: FlameColumns, names: Map<number, FrameName>, isWanted: () => boolean): Promise<void> {
  const missing = missingNames(columns, names);
  for (let at = 0; at < missing.length && isWanted(); at += NAMES) {
    for (const name of await core.names(query, missing.subarray(at, at + NAMES))) names.set(name.node, name);
  }
}

/** Adds the groups of the nodes of some boxes that are not known yet. */
export async function addGroups(query: Query, by: ColourBy, columns: FlameColumns, groups: Map<number, number>): Promise<void> {
  const missing = missingNames(columns, groups);
  if (missing.length === 0) return;
  const places = await core.flameGroupsOf(query, by, missing);
  missing.forEach((node, i) => groups.set(node, places[i] as number));
}

/** Spans of very small boxes are exact as they are; only nonsense is corrected. */
function clampRelative(span: Span): Span {
  return span.left >= 0 && span.right <= 1 && span.left < span.right ? span : clampSpan(span);
}
