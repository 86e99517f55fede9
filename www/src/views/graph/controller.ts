// What of the picture is in sight: where it stands, how large it is, what moves. It draws at most once a frame.

import { shareDone } from '../../flame/canvas';
import { isStill } from '../../settings';
import { draw } from './draw';
import type { Look } from './draw';
import { hit } from './scene';
import type { Pointed, Scene } from './scene';

/** CSS pixels per point at which a picture is as large as Graphviz would print it. */
const FULL = 96 / 72;
const MOST = 6;
/** Of the scale at which everything is in sight. */
const LEAST = 0.5;
/** CSS pixels around the picture when all of it is in sight. */
const MARGIN = 14;
/** CSS pixels that lines are met within. */
const REACH = 5;
/** Scale to which a node that could not be read is brought. */
const READ = 1;
/** Scale at which a picture begins that would be smaller if all of it were in sight. */
const START = 0.8;
/** Scale below which a node cannot be read. */
const UNREADABLE = 0.45;

/** Where the picture stands. */
interface Place {
  scale: number;
  x: number;
  y: number;
}

/** What the view supplies. */
export interface Hooks {
  /** The picture is as large as it would be printed, times this. */
  scaled(share: number): void;
  /** What was asked for is on screen. */
  drawn(): void;
}

/** The picture's state. */
export class GraphController {
  private readonly hooks: Hooks;
  private canvas: HTMLCanvasElement | null = null;
  private pen: CanvasRenderingContext2D | null = null;
  private scene: Scene | null = null;
  private place: Place = { scale: 1, x: 0, y: 0 };
  private motion: { from: Place; to: Place; start: number } | null = null;
  private frameAsked = false;
  /** How it stands while nobody moves it: at its beginning, or wholly in sight. */
  private stand: 'start' | 'whole' | 'moved' = 'start';
  private readonly look: Look = {
    scale: 1, x: 0, y: 0, width: 0, height: 0, ratio: 1, dark: false, face: 'monospace',
    selected: -1, standing: -1, pointed: null, matches: new Uint8Array(),
  };

  constructor(hooks: Hooks) {
    this.hooks = hooks;
  }

  /** Draws on a canvas from now on. */
  attach(canvas: HTMLCanvasElement, face: string): void {
    this.canvas = canvas;
    this.pen = canvas.getContext('2d', { alpha: false });
    this.look.face = face;
    this.repaint();
  }

  /** Stops drawing. */
  detach(): void {
    this.canvas = null;
    this.pen = null;
  }

  /** The canvas has another size, in device pixels. */
  resize(width: number, height: number, ratio: number): void {
    if (this.canvas === null) return;
    this.canvas.width = width;
    this.canvas.height = height;
    Object.assign(this.look, { width, height, ratio });
    if (this.stand !== 'moved') this.move(this.stand === 'start' ? this.startPlace() : this.wholePlace(), false);
    // A canvas that was given a size is empty: not even a frame long.
    this.paint(performance.now());
  }

  /** Shows another picture, from its beginning. */
  show(scene: Scene): void {
    if (scene === this.scene) return;
    this.scene = scene;
    this.stand = 'start';
    this.move(this.startPlace(), false);
  }

  /** Changes how it looks. */
  set(look: Partial<Pick<Look, 'dark' | 'selected' | 'standing' | 'matches' | 'pointed'>>): void {
    Object.assign(this.look, look);
    this.repaint();
  }

  /** Brings all of it into sight. */
  fit(smooth: boolean): void {
    this.stand = 'whole';
    this.move(this.wholePlace(), smooth);
  }

  /** Zooms around a point in CSS pixels; a factor above 1 comes closer. */
  zoomBy(factor: number, x: number, y: number, smooth: boolean): void {
    this.stand = 'moved';
    const from = this.motion?.to ?? this.place;
    const least = Math.min(this.wholePlace().scale * LEAST, FULL);
    const scale = Math.min(MOST, Math.max(least, from.scale * factor));
    const share = scale / from.scale;
    this.move({ scale, x: x - (x - from.x) * share, y: y - (y - from.y) * share }, smooth);
  }

  /** The same around the pointer, or else the middle. */
  zoomAtAim(factor: number): void {
    const { w, h } = this.size();
    this.zoomBy(factor, this.aim?.x ?? w / 2, this.aim?.y ?? h / 2, true);
  }

  /** Moves by CSS pixels. */
  pan(dx: number, dy: number, smooth = false): void {
    this.stand = 'moved';
    const from = this.motion?.to ?? this.place;
    this.move({ ...from, x: from.x + dx, y: from.y + dy }, smooth);
  }

  /** Brings a node into sight, if it is not. */
  reveal(at: number): void {
    const rect = this.scene?.boxes[at];
    if (rect === undefined) return;
    const { w, h } = this.size();
    const from = this.motion?.to ?? this.place;
    const scale = from.scale < UNREADABLE ? READ : from.scale;
    const [left, top] = [rect.left * from.scale + from.x, rect.top * from.scale + from.y];
    const [right, bottom] = [rect.right * from.scale + from.x, rect.bottom * from.scale + from.y];
    const isIn = left >= 0 && top >= 0 && right <= w && bottom <= h;
    if (isIn) return;
    this.stand = 'moved';
    this.move({ scale, x: w / 2 - ((rect.left + rect.right) / 2) * scale, y: h / 2 - ((rect.top + rect.bottom) / 2) * scale }, true);
  }

  private aim: { x: number; y: number } | null = null;

  /** What lies at a point in CSS pixels; zooming by keys aims there from now on. */
  at(x: number, y: number): Pointed | null {
    this.aim = { x, y };
    const { scale, x: left, y: top } = this.place;
    return this.scene === null ? null : hit(this.scene, (x - left) / scale, (y - top) / scale, REACH / scale);
  }

  /** The pointer is elsewhere. */
  left(): void {
    this.aim = null;
  }

  private size(): { w: number; h: number } {
    const { width, height, ratio } = this.look;
    return { w: width / ratio, h: height / ratio };
  }

  private wholePlace(): Place {
    const { width, height } = this.scene?.laid ?? { width: 1, height: 1 };
    const { w, h } = this.size();
    const room = (have: number, need: number): number => Math.max(1, have - 2 * MARGIN) / Math.max(1, need);
    const scale = Math.min(FULL, room(w, width), room(h, height));
    return { scale, x: (w - width * scale) / 2, y: (h - height * scale) / 2 };
  }

  /** All of it; of what would be too small to read then, the part around the node that has most in it. */
  private startPlace(): Place {
    const whole = this.wholePlace();
    if (this.scene === null || whole.scale >= START) return whole;
    const { graph, boxes } = this.scene;
    let first = 0;
    graph.nodes.forEach((node, at) => {
      const [size, most] = [Math.abs(node.score), Math.abs(graph.nodes[first]?.score ?? 0)];
      if (size > most || (size === most && (boxes[at]?.top ?? 0) < (boxes[first]?.top ?? 0))) first = at;
    });
    const rect = boxes[first] ?? { left: 0, right: 0, top: 0, bottom: 0 };
    return { scale: START, x: this.size().w / 2 - ((rect.left + rect.right) / 2) * START, y: 2 * MARGIN - rect.top * START };
  }

  private move(to: Place, smooth: boolean): void {
    const still = !smooth || isStill();
    if (still) {
      this.motion = null;
      this.place = to;
    } else this.motion = { from: this.place, to, start: performance.now() };
    this.hooks.scaled(to.scale / FULL);
    this.repaint();
  }

  private repaint(): void {
    if (this.frameAsked) return;
    this.frameAsked = true;
    requestAnimationFrame((now) => {
      this.frameAsked = false;
      this.paint(now);
    });
  }

  private paint(now: number): void {
    if (this.pen === null || this.scene === null || this.look.width === 0) return;
    if (this.motion !== null) {
      const { from, to, start } = this.motion;
      const share = shareDone(start, now);
      const mix = (a: number, b: number): number => a + (b - a) * share;
      this.place = { scale: mix(from.scale, to.scale), x: mix(from.x, to.x), y: mix(from.y, to.y) };
      if (share >= 1) {
        this.place = to;
        this.motion = null;
      } else this.repaint();
    }
    Object.assign(this.look, this.place);
    draw(this.pen, this.scene, this.look);
    if (this.motion === null) this.hooks.drawn();
  }
}
