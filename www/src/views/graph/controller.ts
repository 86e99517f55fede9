// What of the picture is in sight: where it stands, how large it is, what moves. It draws at most once a frame.

import { SETTLE, shareDone } from '../../flame/canvas';
import { isStill } from '../../settings';
import { draw } from './draw';
import type { Look } from './draw';
import { hit } from './scene';
import type { Pointed, Scene } from './scene';
import { WHOLE, zoomPlace, zoomText } from './zoom';
import type { Place } from './zoom';

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

/** What the view supplies. */
export interface Hooks {
  /** The picture is as large as it would be printed, times this. */
  scaled(share: number): void;
  /**
   * It has come to rest somewhere else, as the URL says it; `step` makes it a step of the history. Says whether
   * the URL has taken it: it has not while it speaks of another picture.
   */
  zoomed(zoom: string, step: boolean): boolean;
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
  /** Where it stands as the URL says it, or is to say it; known a moment after the last movement. */
  private zoom = '';
  /** The URL has not taken it yet, as a step of the history or as none. */
  private untold: { step: boolean } | null = null;
  /** It has been moved since: it no longer follows the size of the canvas. */
  private moved = false;
  /** Some of that by hand. */
  private byHand = false;
  private settle: ReturnType<typeof setTimeout> | undefined;
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

  /** Stops drawing. Where it was going it has come to rest: as no step, as the one that leaves it is made already. */
  detach(): void {
    if (this.settle !== undefined) this.rest(false);
    this.canvas = null;
    this.pen = null;
  }

  /** Back, Forward or an edit of the URL: what it does not say yet is not said any more, but taken back. */
  recall(): void {
    if (this.settle !== undefined || this.untold !== null) this.go(this.zoom, true);
  }

  /** The canvas has another size, in device pixels. */
  resize(width: number, height: number, ratio: number): void {
    if (this.canvas === null) return;
    this.canvas.width = width;
    this.canvas.height = height;
    Object.assign(this.look, { width, height, ratio });
    // What is under the pointer stays there. The middle is another one then, and the URL has the middle.
    if (this.moved) this.settleLater(false);
    else this.move(this.saidPlace(), false);
    // A canvas that was given a size is empty: not even a frame long.
    this.paint(performance.now());
  }

  /** Shows a picture where the URL says; it says null while it speaks of one that is still on its way. */
  show(scene: Scene, zoom: string | null): void {
    const isOther = scene !== this.scene;
    this.scene = scene;
    if (isOther) this.go(zoom ?? '', false);
    else if (zoom !== null && this.untold !== null) this.tell(this.untold.step);
    else if (zoom !== null && zoom !== this.zoom) this.go(zoom, true);
  }

  /** Changes how it looks. */
  set(look: Partial<Pick<Look, 'dark' | 'selected' | 'standing' | 'matches' | 'pointed'>>): void {
    Object.assign(this.look, look);
    this.repaint();
  }

  /** Brings all of it into sight. */
  fit(smooth: boolean): void {
    // What begins wholly in sight is as at first.
    this.go(this.wholePlace().scale < START ? WHOLE : '', smooth);
    this.tell(true);
  }

  /** Zooms around a point in CSS pixels; a factor above 1 comes closer. */
  zoomBy(factor: number, x: number, y: number, smooth: boolean): void {
    const from = this.motion?.to ?? this.place;
    const scale = this.bounded(from.scale * factor);
    const share = scale / from.scale;
    this.move({ scale, x: x - (x - from.x) * share, y: y - (y - from.y) * share }, smooth);
    this.settleLater(true);
  }

  /** The same around the pointer, or else the middle. */
  zoomAtAim(factor: number): void {
    const { w, h } = this.size();
    this.zoomBy(factor, this.aim?.x ?? w / 2, this.aim?.y ?? h / 2, true);
  }

  /** Moves by CSS pixels. */
  pan(dx: number, dy: number, smooth = false): void {
    const from = this.motion?.to ?? this.place;
    this.move({ ...from, x: from.x + dx, y: from.y + dy }, smooth);
    this.settleLater(true);
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
    this.move({ scale, x: w / 2 - ((rect.left + rect.right) / 2) * scale, y: h / 2 - ((rect.top + rect.bottom) / 2) * scale }, true);
    this.settleLater(false);
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

  private bounded(scale: number): number {
    return Math.min(MOST, Math.max(Math.min(this.wholePlace().scale * LEAST, FULL), scale));
  }

  /** Goes where the URL says. A place with nothing in sight is one of another picture: it begins at the beginning. */
  private go(zoom: string, smooth: boolean): void {
    this.stopSettling();
    this.byHand = false;
    this.moved = false;
    this.untold = null;
    this.zoom = zoom;
    this.move(this.saidPlace(), smooth);
  }

  private settleLater(byHand: boolean): void {
    this.moved = true;
    this.byHand ||= byHand;
    this.stopSettling();
    // Leaving a place that has a name is a step that Back undoes; moving about after that is part of it.
    this.settle = setTimeout(() => {
      const isLeaving = this.byHand && (this.zoom === '' || this.zoom === WHOLE);
      this.rest(isLeaving || this.untold?.step === true);
    }, SETTLE);
  }

  private stopSettling(): void {
    clearTimeout(this.settle);
    this.settle = undefined;
  }

  private rest(step: boolean): void {
    this.stopSettling();
    const { w, h } = this.size();
    if (w === 0 || h === 0) return;
    this.byHand = false;
    this.zoom = zoomText(this.motion?.to ?? this.place, w, h);
    // By less than a pixel: what is on screen is what the URL leads to.
    const said = this.readPlace();
    if (said !== null) this.move(said, false);
    this.tell(step);
  }

  private tell(step: boolean): void {
    this.untold = this.hooks.zoomed(this.zoom, step) ? null : { step };
  }

  private saidPlace(): Place {
    if (this.zoom === WHOLE) return this.wholePlace();
    const said = this.readPlace();
    const { w, h } = this.size();
    const { width, height } = this.scene?.laid ?? { width: 0, height: 0 };
    const isIn = said !== null && said.x < w && said.y < h && said.x + width * said.scale > 0 && said.y + height * said.scale > 0;
    return isIn ? said : this.startPlace();
  }

  private readPlace(): Place | null {
    const { w, h } = this.size();
    return zoomPlace(this.zoom, w, h, (scale) => this.bounded(scale));
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
