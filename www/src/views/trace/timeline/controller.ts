// The timeline between answers of the core: which part is shown, what is asked for, what moves.
//
// The latest picture, moved and stretched, stays on screen until a newer one arrives, so that no frame waits.
// One question is under way at a time; when it is answered, the newest wish is asked next.

import { core } from '../../../core';
import type { TimelineOpened } from '../../../core';
import { SETTLE, shareDone } from '../../../flame/canvas';
import type { Part } from '../../../lib/tracestate';
import { isStill } from '../../../settings';
import { heightOf, rowAt } from './lanes';
import type { Row } from './lanes';
import { paint, RULER } from './paint';
import type { Arrow, Mark, Sheet } from './paint';
import { coloursFor, GROUP_COLOURS, roleOf } from './palette';
import type { Colours, Role } from './palette';
import { pictureOf, spanAt, statesIn } from './picture';
import type { Asked, Look, Picture } from './picture';
import { betweenParts, clampPart, coversPart, zoomPart } from './scale';

/** Shares of the width that are asked for beyond each edge, so that panning finds them drawn. */
const BESIDE = 0.25;
/** CSS pixels of lanes that are asked for beyond each edge. */
const BEYOND = 120;

/** What the view supplies. */
export interface Hooks {
  /** The window has come to rest. */
  settled(part: Part): void;
  /** A frame is drawn of this part. */
  drawn(part: Part, isDone: boolean): void;
  /** What the upper edge of a lane of numbers says. */
  topText(lane: number, most: readonly number[]): string;
  /** Whether its series stand one on the other. */
  isStacked(lane: number): boolean;
  /** Number of the group that a lane is of; -1 for others. */
  groupOf(lane: number): number;
  /** These were painted. */
  seen(roles: readonly Role[]): void;
  failed(message: string): void;
}

/** What is at a point of the canvas. */
export interface Hit {
  row: Row;
  at: number;
  /** Number of a span in the latest picture; -1 where it is too narrow to be one. */
  span: number;
  state: string;
  label: string;
}

interface Motion {
  from: Part;
  to: Part;
  start: number;
}

/** Drives one canvas. */
export class TimelineController {
  private opened: TimelineOpened;
  private readonly hooks: Hooks;
  private sheet: Sheet | null = null;
  private colours: Colours;
  private part: Part;
  private motion: Motion | null = null;
  private rows: readonly Row[] = [];
  private scrolled = 0;
  private pictures: Picture[] = [];
  private readonly most = new Map<number, number[]>();
  private readonly tops = new Map<number, string>();
  private asking = false;
  private stale = true;
  private frameAsked = false;
  private closed = false;
  private settle: ReturnType<typeof setTimeout> | undefined;
  private cursor = '';
  private mark: Mark | null = null;
  private arrows: readonly Arrow[] = [];
  private range: Part | null = null;
  private pointer: number | null = null;

  constructor(opened: TimelineOpened, part: Part | null, hooks: Hooks) {
    this.opened = opened;
    this.hooks = hooks;
    this.part = part === null ? { from: 0, to: opened.length } : clampPart(part, opened.length, opened.tick);
    this.colours = coloursFor(opened.states, false);
  }

  /** There is more of the trace now. */
  replace(opened: TimelineOpened): void {
    this.opened = opened;
    this.invalidate();
  }

  attach(canvas: HTMLCanvasElement, mono: string, sans: string): void {
    this.closed = false;
    this.frameAsked = false;
    const context = canvas.getContext('2d', { alpha: false });
    if (context !== null) this.sheet = { context, width: 0, height: 0, ratio: 1, mono, sans, letter: 7 };
  }

  detach(): void {
    this.closed = true;
    this.sheet = null;
    clearTimeout(this.settle);
  }

  /** Follows the canvas: size in device pixels and their ratio to CSS pixels. */
  resize(width: number, height: number, ratio: number): void {
    const { sheet } = this;
    if (sheet === null || width === 0 || height === 0) return;
    const { canvas } = sheet.context;
    if (canvas.width === width && canvas.height === height && sheet.ratio === ratio) return;
    canvas.width = width;
    canvas.height = height;
    Object.assign(sheet, { width, height, ratio });
    sheet.context.font = `${11 * ratio}px ${sheet.mono}`;
    sheet.letter = sheet.context.measureText('0'.repeat(64)).width / 64;
    this.invalidate();
    this.paint(performance.now());
  }

  setRows(rows: readonly Row[]): void {
    this.rows = rows;
    this.invalidate();
  }

  setDark(dark: boolean): void {
    this.colours = coloursFor(this.opened.states, dark);
    this.pictures = [];
    this.invalidate();
    this.paint(performance.now());
  }

  scroll(top: number): void {
    if (top === this.scrolled) return;
    this.scrolled = top;
    this.invalidate();
  }

  setMarks(cursor: string, mark: Mark | null, arrows: readonly Arrow[], range: Part | null): void {
    Object.assign(this, { cursor, mark, arrows, range });
    this.repaint();
  }

  setPointer(x: number | null): void {
    if (x === this.pointer) return;
    this.pointer = x;
    this.repaint();
  }

  /** What is to be on screen when everything has come to rest. */
  target(): Part {
    return this.motion?.to ?? this.part;
  }

  /** Where zooming by keys aims: at the pointer, as long as it is over the lanes. */
  aim(): number {
    const width = this.cssWidth();
    return this.pointer === null || width === 0 ? 0.5 : this.pointer / width;
  }

  show(part: Part, smooth: boolean, settle = true): void {
    // What was asked for before the lanes went.
    if (this.closed) return;
    const to = clampPart(part, this.opened.length, this.opened.tick);
    if (!smooth || isStill() || this.pictures.length === 0) {
      this.motion = null;
      this.part = to;
    } else this.motion = { from: this.part, to, start: performance.now() };
    this.invalidate();
    if (settle) this.settleLater();
  }

  zoomBy(at: number, factor: number, smooth: boolean): void {
    this.show(zoomPart(this.target(), at, factor), smooth);
  }

  /** Moves by a share of the width. */
  pan(share: number, smooth: boolean): void {
    const { from, to } = this.target();
    const by = Math.min(this.opened.length - to, Math.max(-from, share * (to - from)));
    this.show({ from: from + by, to: to + by }, smooth);
  }

  /** Shows the whole trace. Says false when it does already. */
  whole(): boolean {
    const all = { from: 0, to: this.opened.length };
    if (coversPart(this.target(), all)) return false;
    this.show(all, true);
    return true;
  }

  /** The time at a place of the canvas, in CSS pixels. */
  timeAt(x: number): number {
    const { from, to } = this.part;
    return Math.min(this.opened.length, Math.max(0, from + (x / Math.max(1, this.cssWidth())) * (to - from)));
  }

  /** What lies at a point of the canvas, in CSS pixels. */
  at(x: number, y: number): Hit | null {
    const row = y < RULER ? undefined : this.rows[rowAt(this.rows, y - RULER + this.scrolled)];
    if (row === undefined) return null;
    const at = this.timeAt(x);
    const newest = this.pictures.at(-1);
    const none = { row, at, span: -1, state: '', label: '' };
    if (newest === undefined || row.lane === null) return none;
    const px = ((at - newest.part.from) / (newest.part.to - newest.part.from)) * newest.width;
    const span = spanAt(newest, row.lane.id, px);
    if (span < 0) return none;
    const { columns } = newest;
    return { row, at, span, state: this.opened.states[columns.spanState[span] as number] ?? '', label: columns.labels[columns.spanLabel[span] as number] ?? '' };
  }

  /** From when until when the span is that is hit, as the picture has it. */
  partOf({ span }: Hit): Part | null {
    const newest = this.pictures.at(-1);
    if (newest === undefined || span < 0) return null;
    const perPixel = (newest.part.to - newest.part.from) / newest.width;
    const at = (px: number): number => newest.part.from + px * perPixel;
    return { from: at(newest.columns.spanX0[span] as number), to: at(newest.columns.spanX1[span] as number) };
  }

  private cssWidth(): number {
    return this.sheet === null ? 0 : this.sheet.width / this.sheet.ratio;
  }

  private settleLater(): void {
    clearTimeout(this.settle);
    this.settle = setTimeout(() => this.hooks.settled(this.target()), SETTLE);
  }

  private wish(): Asked {
    const sheet = this.sheet as Sheet;
    const { from, to } = this.target();
    const perPixel = (to - from) / sheet.width;
    // Whole pixels, so that what is shown of the picture falls on those of the canvas.
    const pixels = (room: number): number => Math.min(Math.floor(room / perPixel), Math.floor(sheet.width * BESIDE));
    const [left, right] = [pixels(from), pixels(this.opened.length - to)];
    const bottom = this.scrolled + sheet.height / sheet.ratio + BEYOND;
    const seen = this.rows.filter((row) => row.kind === 'lane' && row.top + row.height > this.scrolled - BEYOND && row.top < bottom);
    const heights = new Map(seen.map((row) => [row.lane?.id ?? -1, Math.max(1, Math.round(row.height * sheet.ratio) - 2 * Math.max(1, Math.round(sheet.ratio)))]));
    return {
      // Whole nanoseconds: that is what the core counts in.
      part: { from: Math.round(from - left * perPixel), to: Math.round(to + right * perPixel) },
      width: sheet.width + left + right,
      lanes: [...heights.keys()],
      heights: [...heights.values()],
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
      if (this.stale) void this.ask();
    });
  }

  private async ask(): Promise<void> {
    if (this.asking || this.closed || (this.sheet?.width ?? 0) === 0 || this.rows.length === 0) return;
    this.asking = true;
    try {
      while (this.stale && !this.closed) {
        this.stale = false;
        await this.askOnce();
      }
    } finally {
      this.asking = false;
    }
  }

  private async askOnce(): Promise<void> {
    const asked = this.wish();
    const { colours } = this;
    const { part, width, lanes } = asked;
    try {
      const columns = await core.timelinePaint(part.from, part.to, width, Float64Array.from(lanes), colours.table);
      if (this.closed || colours !== this.colours) return;
      const picture = pictureOf(asked, columns, colours, (lane, most) => this.lookOf(lane, most));
      this.pictures = [...this.pictures.slice(-1), picture];
      this.hooks.seen(statesIn(columns, colours.table, this.opened.states.length).map((state) => roleOf(this.opened.states[state] ?? '')));
      this.repaint();
    } catch (error) {
      // The file of what is shown no longer may be closed by now: not worth a word.
      if (!this.closed) this.hooks.failed(error instanceof Error ? error.message : String(error));
    }
  }

  /** What the upper edge of a lane of numbers stands for: the most that was ever seen of it, so that nothing jumps. */
  private lookOf(lane: number, most: readonly number[]): Look {
    const before = this.most.get(lane) ?? [];
    const now = most.map((value, at) => Math.max(value, before[at] ?? 0));
    this.most.set(lane, now);
    this.tops.set(lane, this.hooks.topText(lane, now));
    const stacked = this.hooks.isStacked(lane);
    const group = this.hooks.groupOf(lane);
    const top = (stacked ? now.at(-1) : Math.max(0, ...now.slice(0, -1))) ?? 0;
    return { top, stacked, first: group < 0 ? -1 : this.opened.states.length + (group % GROUP_COLOURS) };
  }

  private paint(now: number): void {
    const { sheet, motion } = this;
    if (sheet === null || sheet.width === 0) return;
    if (motion !== null) {
      const done = shareDone(motion.start, now);
      this.part = betweenParts(motion.from, motion.to, done);
      if (done >= 1) this.motion = null;
      this.repaint();
    }
    const newest = this.pictures.at(-1);
    // The one before is needed where the newest does not reach.
    const isWhole = newest !== undefined && coversPart(newest.part, this.part);
    paint(sheet, {
      part: this.part,
      length: this.opened.length,
      until: this.opened.until,
      tick: this.opened.tick,
      rows: this.rows,
      scrolled: Math.min(this.scrolled, heightOf(this.rows)),
      pictures: isWhole && !this.stale ? [newest] : this.pictures,
      colours: this.colours,
      cursor: this.cursor,
      mark: this.mark,
      arrows: this.arrows,
      range: this.range,
      pointer: this.pointer,
      tops: this.tops,
    });
    this.hooks.drawn(this.part, newest !== undefined && !this.stale && !this.asking && this.motion === null);
  }
}
