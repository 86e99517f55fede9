/** What is unfolded, pinned, selected and found in a timeline, and what clicks and keys do with it. */
import { computed, signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { core, keyed } from '../../../core';
import type { TimelineHits, TimelineLane, TimelineLink, TimelineOpened, TimelineSpot } from '../../../core';
import { bytesText, countText } from '../../../lib/bytes';
import { partOf, partText, traceParams } from '../../../lib/tracestate';
import type { Part } from '../../../lib/tracestate';
import { update } from '../../../state';
import { step, trace } from '../question';
import type { Spot } from '../timeline';
import { TimelineController } from './controller';
import { goroutineOf, groupOf, hasMembers, nextLane, PAGE, rowsOf } from './lanes';
import type { Members, Row } from './lanes';
import { RULER } from './paint';
import type { Arrow, Mark } from './paint';
import type { Role } from './palette';
import { lengthText, timeText } from './scale';

/** A place that was chosen, and what is there. */
export interface Selected {
  lane: TimelineLane;
  at: number;
  /** Null until the core has said it. */
  spot: TimelineSpot | null;
}

/** Hits of a search that are listed. */
const MOST_HITS = 40;
/** Most lanes that are pinned. */
const MOST_PINS = 50;

/** Changes what a link says, without a step that Back would undo. */
function note(patch: Partial<{ window: string; pins: string }>): void {
  update({ trace: traceParams({ ...trace.peek(), ...patch }) });
}

/** The timeline as the view sees it. */
export class TimelineModel {
  /** Replaced once: what there was at first, by the whole. */
  private readonly source: Signal<TimelineOpened>;
  readonly controller: TimelineController;
  readonly turned = signal<ReadonlySet<string>>(new Set());
  readonly members = signal<ReadonlyMap<number, Members>>(new Map());
  readonly pins = signal<readonly TimelineLane[]>([]);
  readonly rows = computed<readonly Row[]>(() =>
    rowsOf({ lanes: this.opened.lanes, pins: this.pins.value, turned: this.turned.value, members: this.members.value, system: trace.value.system }),
  );
  /** The row that the keyboard is in, by its key. */
  readonly cursor = signal('');
  readonly selected = signal<Selected | null>(null);
  /** Whether what is selected is told in full. */
  readonly told = signal(false);
  readonly draft = signal<Part | null>(null);
  /** The range that was drawn, or else that of the tables. */
  readonly range = computed<Part | null>(() => this.draft.value ?? partOf(trace.value.range));
  /** For those who do not see it. */
  readonly said = signal('');
  readonly failure = signal('');
  /** What has been painted so far, for the legend. */
  readonly seen = signal<ReadonlySet<Role>>(new Set());
  /** The window, once it has come to rest. */
  readonly rest: Signal<Part>;
  readonly hits = signal<TimelineHits | null>(null);
  readonly mark = computed<Mark | null>(() => {
    const one = this.selected.value;
    return one?.spot?.found === true ? { lane: one.lane.id, from: one.spot.from, to: one.spot.to } : null;
  });
  readonly arrows = computed<readonly Arrow[]>(() => {
    const one = this.selected.value;
    const { waker, woken } = one?.spot ?? {};
    const arrows: Arrow[] = [];
    if (one !== null && waker !== undefined) arrows.push({ from: waker.lane.id, to: one.lane.id, at: waker.at });
    if (one !== null && woken !== undefined) arrows.push({ from: one.lane.id, to: woken.lane.id, at: woken.at });
    return arrows;
  });
  /** Goroutines of the link that are not in what has been read. */
  private unpinned: readonly number[] = [];
  private searched = '';
  /** The scroller of the lanes; null before it is there. */
  scroller: HTMLElement | null = null;
  ready: () => void = () => {};
  moved: (part: Part) => void = () => {};

  constructor(opened: TimelineOpened) {
    this.source = signal(opened);
    const part = partOf(trace.peek().window);
    const kindOf = (id: number): string => this.source.peek().lanes.find((lane) => lane.id === id)?.kind ?? '';
    this.controller = new TimelineController(opened, part, {
      settled: (to) => this.settled(to),
      drawn: (shown, isDone) => {
        this.moved(shown);
        if (isDone) this.ready();
      },
      topText: (lane, most) => this.topText(kindOf(lane), most),
      isStacked: (lane) => !['heap', 'procs'].includes(kindOf(lane)),
      groupOf,
      seen: (roles) => {
        if (roles.some((role) => !this.seen.peek().has(role))) this.seen.value = new Set([...this.seen.peek(), ...roles]);
      },
      failed: (message) => (this.failure.value = message),
    });
    this.rest = signal(this.controller.target());
    const numbers = trace.peek().pins.split(',').filter((text) => text !== '');
    void this.pinNumbers(numbers.map(Number));
  }

  get opened(): TimelineOpened {
    return this.source.value;
  }

  /** The rest has been read: lanes have the numbers that they had, and what was answered of the beginning is asked again. */
  async replace(opened: TimelineOpened): Promise<void> {
    if (opened === this.source.peek()) return;
    this.source.value = opened;
    this.controller.replace(opened);
    this.said.value = 'The whole trace is there';
    try {
      await this.pinNumbers(this.unpinned);
      if (this.hits.peek() !== null) await this.search(this.searched);
      const one = this.selected.peek();
      if (one !== null) this.selected.value = { ...one, spot: await core.timelineAt(one.lane.id, one.at) };
      for (const [id, { lanes }] of this.members.peek()) {
        const all = await core.timelineMembers(id, 0, Math.max(PAGE, lanes.length));
        this.members.value = new Map(this.members.peek()).set(id, all);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private topText(kind: string, most: readonly number[]): string {
    const top = Math.max(0, ...most.slice(0, -1));
    if (kind === 'heap') return `at most ${bytesText(most[0] ?? 0)}${most.length > 2 ? `, goal ${bytesText(most[1] ?? 0)}` : ''}`;
    const all = Math.round(kind === 'procs' ? top : (most.at(-1) ?? 0));
    return all <= 1 ? '' : `at most ${countText(all)}`;
  }

  private settled(part: Part): void {
    this.rest.value = part;
    const isWhole = part.from <= 0 && part.to >= this.opened.length;
    const window = isWhole ? '' : partText(part);
    const before = trace.peek().window;
    // Leaving the whole, or going back to it, is a step that Back undoes; moving about meanwhile is part of it.
    if (window !== before && (window === '' || before === '')) step({ window });
    else note({ window });
  }

  /** The window that the link says, after Back. */
  showWindow(window: string): void {
    const part = partOf(window) ?? { from: 0, to: this.opened.length };
    const now = this.controller.target();
    if (partText(part) === partText(now)) return;
    this.controller.show(part, true, false);
    this.rest.value = part;
  }

  /** Folds or unfolds. */
  toggle(row: Row): void {
    const next = new Set(this.turned.peek());
    if (!next.delete(row.key)) next.add(row.key);
    this.turned.value = next;
    if (row.lane !== null && row.open === false && !this.members.peek().has(row.lane.id)) void this.more(row.lane);
  }

  /** Lists the next members of a lane. */
  async more(lane: TimelineLane): Promise<void> {
    const known = this.members.peek().get(lane.id)?.lanes ?? [];
    try {
      const { lanes, total } = await keyed(`timeline.members.${lane.id}`).timelineMembers(lane.id, known.length, PAGE);
      this.members.value = new Map(this.members.peek()).set(lane.id, { lanes: [...known, ...lanes], total });
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.failure.value = error instanceof Error ? error.message : String(error);
  }

  private async pinNumbers(numbers: readonly number[]): Promise<void> {
    try {
      const found = await Promise.all(numbers.map((number) => core.timelineLane(number)));
      this.unpinned = this.source.peek().whole ? [] : numbers.filter((_, at) => found[at]?.lanes.length === 0);
      for (const { lanes } of found) for (const lane of lanes) this.pin(lane);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Puts a lane at the top, or takes it away. */
  pin(lane: TimelineLane, on = true): void {
    const others = this.pins.peek().filter(({ id }) => id !== lane.id);
    if (on && others.length < this.pins.peek().length) return;
    this.pins.value = on ? [...others, lane].slice(-MOST_PINS) : others;
    const pins = [...this.pins.peek().map(goroutineOf), ...this.unpinned].filter((number) => number >= 0).join();
    if (pins !== trace.peek().pins) note({ pins });
  }

  isPinned(lane: TimelineLane): boolean {
    return this.pins.value.some(({ id }) => id === lane.id);
  }

  private rowIndex(): number {
    return this.rows.peek().findIndex(({ key }) => key === this.cursor.peek());
  }

  /** The lane that keys are about: where the cursor is, or the first. */
  private current(): Row | undefined {
    const rows = this.rows.peek();
    return rows[this.rowIndex()] ?? rows.find(({ kind }) => kind === 'lane');
  }

  /** A lane as a row, unfolded or pinned if need be. */
  private rowFor(lane: TimelineLane): Row | undefined {
    const find = (): Row | undefined => this.rows.peek().find((row) => row.kind === 'lane' && row.lane?.id === lane.id);
    if (find() === undefined && lane.kind === 'thread') this.turned.value = new Set(this.turned.peek()).add('#threads');
    if (find() === undefined) this.pin(lane);
    return find();
  }

  /** Scrolls a row into view. */
  reveal(row: Row): void {
    const element = this.scroller;
    if (element === null) return;
    const { scrollTop, clientHeight } = element;
    if (row.top < scrollTop) element.scrollTop = row.top;
    else if (row.top + row.height + RULER > scrollTop + clientHeight) element.scrollTop = row.top + row.height + RULER - clientHeight + 8;
  }

  /** Brings a time into view. */
  private revealTime(at: number): void {
    const { from, to } = this.controller.target();
    if (at >= from && at <= to) return;
    const half = (to - from) / 2;
    this.controller.show({ from: at - half, to: at + half }, true);
  }

  /** Selects what is at a time of a lane. */
  async select(row: Row, at: number): Promise<void> {
    const { lane } = row;
    if (lane === null || row.kind !== 'lane') return;
    this.cursor.value = row.key;
    this.reveal(row);
    // The last outline stays until it is known what is here.
    try {
      const spot = await keyed('timeline.at').timelineAt(lane.id, at);
      this.selected.value = { lane, at, spot };
      this.said.value = this.wordsOf(lane, at, spot);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Selects a lane by its name: what is at the time that keys are about, or else the first that is on it. */
  async pick(row: Row): Promise<void> {
    await this.select(row, this.time());
    const { lane } = row;
    const one = this.selected.peek();
    if (lane === null || one?.lane.id !== lane.id || one.spot?.found !== false) return;
    try {
      const at = await keyed('timeline.step').timelineStep(lane.id, 0, true);
      if (at < 0) return;
      this.revealTime(at);
      await this.select(row, at);
    } catch (error) {
      this.fail(error);
    }
  }

  /** What is to be said of a moment at which there is nothing. */
  nothingAt(at: number): string {
    const { tick, until, whole } = this.opened;
    return `${!whole && at > until ? 'not read yet' : 'nothing'} at ${timeText(at, tick)}`;
  }

  /** A moment in words. */
  wordsOf(lane: TimelineLane, at: number, spot: TimelineSpot): string {
    const { tick } = this.opened;
    if (!spot.found) return `${lane.name}: ${this.nothingAt(at)}`;
    const of = spot.title.includes(lane.name) ? '' : `${lane.name}: `;
    return `${of}${spot.title}, from ${timeText(spot.from, tick)}, ${lengthText(spot.to - spot.from)}`;
  }

  /** To the lane above or below. */
  walk(by: 1 | -1): void {
    const rows = this.rows.peek();
    const at = this.rowIndex();
    const row = rows[at < 0 ? nextLane(rows, -1, 1) : nextLane(rows, at, by)];
    if (row !== undefined) void this.select(row, this.time());
  }

  /** The time that keys are about: what is selected, as long as it is in sight, or the middle. */
  private time(): number {
    const { from, to } = this.controller.target();
    const at = this.selected.peek()?.at;
    return at !== undefined && at >= from && at <= to ? at : (from + to) / 2;
  }

  /** To the next or previous change of the lane. */
  async change(forward: boolean): Promise<void> {
    const row = this.current();
    if (row?.lane == null) return;
    try {
      const at = await keyed('timeline.step').timelineStep(row.lane.id, this.time(), forward);
      if (at < 0) this.said.value = `${row.lane.name}: no change ${forward ? 'after' : 'before'} this`;
      else {
        this.revealTime(at);
        await this.select(row, at);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** From a moment to the one that woke it, or that it woke: both lanes stand at the top then, with the arrow between them. */
  follow(link: TimelineLink): void {
    const from = this.selected.peek()?.spot?.goroutine;
    if (from !== undefined) this.pin(from);
    if (link.lane.kind === 'goroutine') this.pin(link.lane);
    this.jump(link);
  }

  /** Goes to a place: its lane is there then, and its time in the middle. */
  jump({ lane, at }: Pick<TimelineLink, 'lane' | 'at'>, span = 0): void {
    const row = this.rowFor(lane);
    const { from, to } = this.controller.target();
    const width = span > 0 ? span : to - from;
    const isSeen = span === 0 && at > from + width * 0.1 && at < to - width * 0.1;
    if (!isSeen) this.controller.show({ from: at - width / 2, to: at + width / 2 }, true);
    if (row !== undefined) void this.select(row, at);
  }

  /** What a row of a table is about. */
  async showSpot({ at, time, goroutine }: Spot): Promise<void> {
    try {
      const own = goroutine >= 0 ? (await core.timelineLane(goroutine)).lanes[0] : undefined;
      const lane = own ?? this.opened.lanes[0];
      if (lane === undefined) return;
      if (own !== undefined) this.pin(own);
      const span = Math.max(time * 3, this.opened.tick * 2000);
      const row = this.rowFor(lane);
      this.controller.show({ from: at + time / 2 - span / 2, to: at + time / 2 + span / 2 }, true);
      if (row !== undefined) await this.select(row, at);
      this.told.value = true;
    } catch (error) {
      this.fail(error);
    }
  }

  /** Takes back the last of what was chosen. Says false when there is nothing. */
  clear(): boolean {
    if (this.hits.peek() !== null) this.hits.value = null;
    else if (this.told.peek()) this.told.value = false;
    else if (this.draft.peek() !== null) this.draft.value = null;
    else if (this.selected.peek() !== null) this.selected.value = null;
    else return this.controller.whole();
    return true;
  }

  /** The selection as a range. */
  rangeOfSelection(): boolean {
    const spot = this.selected.peek()?.spot;
    if (spot?.found !== true || spot.to <= spot.from) return false;
    this.draft.value = { from: spot.from, to: spot.to };
    this.said.value = `Range of ${lengthText(spot.to - spot.from)}`;
    return true;
  }

  /** All sections are about the range, or about the whole trace again. */
  tablesOf(range: Part | null): void {
    step(range === null ? { range: '', row: -1 } : { range: partText(range), section: '', of: '', via: '', sort: '', row: -1 });
    this.draft.value = null;
  }

  async search(text: string): Promise<void> {
    this.searched = text;
    if (text.trim() === '') {
      this.hits.value = null;
      return;
    }
    try {
      this.hits.value = await keyed('timeline.search').timelineSearch(text.trim(), MOST_HITS);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Whether a row can be unfolded by a key. */
  unfold(open: boolean): boolean {
    const row = this.current();
    if (row?.lane == null || !hasMembers(row.lane) || row.open === open) return false;
    this.toggle(row);
    return true;
  }
}
