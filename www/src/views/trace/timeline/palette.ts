// Colours of states and of groups: equally light where goroutines run, warm where time is lost. Pure.

import { blend, css, oklch } from '../../../lib/colour';
import type { Rgb } from '../../../lib/colour';

/** Groups that have a colour of their own; those after them begin again. */
export const GROUP_COLOURS = 24;

/** What a state is painted as. */
export type Role =
  | 'blank' | 'unknown' | 'user' | 'worker' | 'assist' | 'sweep' | 'stop' | 'syscall' | 'bare' | 'idle' | 'scheduler'
  | 'runnable' | 'preempted' | 'channel' | 'sync' | 'network' | 'sleep' | 'collector' | 'waiting' | 'mark' | 'region' | 'task';

/** States by the beginning of what they are called, the longer ones first. */
const ROLES: readonly (readonly [start: string, role: Role])[] = [
  ['unknown', 'unknown'],
  ['running', 'user'],
  ['GC worker', 'worker'],
  ['GC assist', 'assist'],
  ['GC sweep', 'sweep'],
  ['GC marks', 'mark'],
  ['stop', 'stop'],
  ['syscall, proc', 'bare'],
  ['syscall', 'syscall'],
  ['idle', 'idle'],
  ['no goroutine', 'scheduler'],
  ['runnable: preempted', 'preempted'],
  ['runnable', 'runnable'],
  ['waiting: channel', 'channel'],
  ['waiting: select', 'channel'],
  ['waiting: sync', 'sync'],
  ['waiting: network', 'network'],
  ['waiting: sleep', 'sleep'],
  ['waiting: GC', 'collector'],
  ['waiting', 'waiting'],
  ['region', 'region'],
  ['task', 'task'],
];

/** What a state is painted as, by what it is called. */
export function roleOf(state: string): Role {
  return ROLES.find(([start]) => state.startsWith(start))?.[1] ?? 'blank';
}

/** Lightness, chroma, hue. */
type Lch = readonly [number, number, number];

const LIGHT: Record<Role, Lch> = {
  blank: [0.995, 0.001, 240],
  unknown: [0.86, 0, 0],
  user: [0.77, 0.1, 250],
  worker: [0.75, 0.13, 62],
  assist: [0.68, 0.16, 48],
  sweep: [0.83, 0.1, 75],
  stop: [0.6, 0.21, 27],
  syscall: [0.76, 0.09, 310],
  bare: [0.85, 0.05, 310],
  idle: [0.96, 0.002, 250],
  scheduler: [0.89, 0.008, 250],
  runnable: [0.87, 0.115, 92],
  preempted: [0.8, 0.135, 78],
  channel: [0.92, 0.025, 235],
  sync: [0.915, 0.035, 340],
  network: [0.92, 0.035, 175],
  sleep: [0.955, 0.006, 250],
  collector: [0.91, 0.05, 60],
  waiting: [0.935, 0.006, 250],
  mark: [0.8, 0.12, 65],
  region: [0.82, 0.07, 200],
  task: [0.82, 0.07, 150],
};

const DARK: Record<Role, Lch> = {
  blank: [0.185, 0.009, 250],
  unknown: [0.36, 0, 0],
  user: [0.56, 0.1, 250],
  worker: [0.62, 0.13, 62],
  assist: [0.66, 0.16, 48],
  sweep: [0.5, 0.09, 75],
  stop: [0.6, 0.21, 27],
  syscall: [0.55, 0.11, 310],
  bare: [0.4, 0.07, 310],
  idle: [0.225, 0.01, 250],
  scheduler: [0.33, 0.01, 250],
  runnable: [0.72, 0.13, 92],
  preempted: [0.66, 0.14, 78],
  channel: [0.31, 0.035, 235],
  sync: [0.32, 0.045, 340],
  network: [0.31, 0.04, 175],
  sleep: [0.245, 0.012, 250],
  collector: [0.34, 0.05, 60],
  waiting: [0.28, 0.012, 250],
  mark: [0.58, 0.12, 65],
  region: [0.47, 0.07, 200],
  task: [0.47, 0.07, 150],
};

/** Everything that drawing needs to know about colour. */
export interface Colours {
  /** For the core: a colour for each state, then those of groups. */
  table: Uint32Array;
  /** By state, as CSS writes it. */
  states: readonly string[];
  groups: readonly string[];
  /** Text on what is painted, by state, and on groups. */
  inks: readonly string[];
  groupInk: string;
  /** States that need no text: nothing happens. */
  quiet: ReadonlySet<number>;
  background: string;
  band: string;
  line: string;
  strong: string;
  text: string;
  dim: string;
  accent: string;
  range: string;
  /** Areas of lanes of numbers, by series, and what is above the mean. */
  series: readonly Rgb[];
  /** Lines over an area: what the heap may grow to. */
  goal: Rgb;
  /** Lines between spans: as a part of the text's colour. */
  edge: Rgb;
}

/** As a pixel: 0xAABBGGRR. */
export function pixelOf([r, g, b]: Rgb): number {
  const byte = (value: number): number => Math.round(value * 255);
  return ((255 << 24) | (byte(b) << 16) | (byte(g) << 8) | byte(r)) >>> 0;
}

/** Hues of groups: neighbours are far apart, and what is lost time has its hues alone. */
export function groupHue(group: number): number {
  const free = 215;
  const at = (group * 0.618034) % 1;
  return 130 + at * free;
}

/** Text that is read best on a colour of this lightness. */
function inkOn(lightness: number): string {
  return css(lightness >= 0.59 ? oklch(0.16, 0.015, 255) : oklch(0.99, 0.003, 250));
}

function build(states: readonly string[], isDark: boolean): Colours {
  const scheme = isDark ? DARK : LIGHT;
  const own = states.map((state) => oklch(...scheme[roleOf(state)]));
  const groups = Array.from({ length: GROUP_COLOURS }, (_, at) => oklch(scheme.user[0], at % 2 === 0 ? 0.1 : 0.065, groupHue(at)));
  const text = isDark ? oklch(0.925, 0.006, 250) : oklch(0.24, 0.015, 255);
  const background = oklch(...scheme.blank);
  const accent = isDark ? oklch(0.79, 0.11, 210) : oklch(0.51, 0.1, 218);
  const [r, g, b] = accent.map((value) => Math.round(value * 255));
  return {
    table: Uint32Array.from([...own, ...groups], pixelOf),
    states: own.map(css),
    groups: groups.map(css),
    inks: states.map((state) => inkOn(scheme[roleOf(state)][0])),
    groupInk: inkOn(scheme.user[0]),
    quiet: new Set([...states.keys()].filter((number) => ['blank', 'idle'].includes(roleOf(states[number] ?? '')))),
    background: css(background),
    band: css(isDark ? oklch(0.217, 0.01, 250) : oklch(0.972, 0.003, 240)),
    line: css(blend(text, background, 0.09)),
    strong: css(blend(text, background, 0.22)),
    text: css(text),
    dim: css(isDark ? oklch(0.715, 0.013, 250) : oklch(0.475, 0.016, 255)),
    accent: css(accent),
    range: `rgba(${r}, ${g}, ${b}, 0.16)`,
    series: [oklch(...scheme.user), oklch(...scheme.runnable), oklch(...scheme.syscall), oklch(isDark ? 0.31 : 0.925, 0.012, 250)],
    goal: isDark ? oklch(0.78, 0.1, 60) : oklch(0.55, 0.14, 45),
    edge: background,
  };
}

const built = new Map<string, Colours>();

/** The colours for the states of a timeline, in light or dark. */
export function coloursFor(states: readonly string[], isDark: boolean): Colours {
  const key = `${isDark} ${states.join()}`;
  let colours = built.get(key);
  if (colours === undefined) built.set(key, (colours = build(states, isDark)));
  return colours;
}
