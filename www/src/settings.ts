// What a person has settled on, kept by the browser from visit to visit. It never changes what a link shows.
//
// Nothing in here may be relied on: storage can be full, switched off, or written by another version of the
// page. What cannot be read counts as unsaid, and what cannot be written holds for this visit.

import { computed, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { GRANULARITIES, VIEW_NAMES } from './lib/hash';
import type { Granularity, ViewName } from './lib/hash';

/** Every setting with its type. */
export interface Settings {
  /** Light, dark, or as the system says. */
  theme: 'auto' | 'light' | 'dark';
  /** The view that the first file of a visit is shown in. */
  startView: ViewName;
  /** What rows and boxes stand for then. */
  startGranularity: Granularity;
  /** The program's own modules, for files that are opened without a link; empty to guess them. */
  startModules: string;
  /** Height of the rows of long tables. */
  density: 'compact' | 'comfortable';
  /** Whether things may move, or as the system says. */
  motion: 'auto' | 'reduced';
  /** Colours that are told apart by everybody. */
  palette: 'usual' | 'safe';
  /** Columns that were shown or hidden by hand: by table and kind of profile, then by column. */
  columns: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  /** Widths of columns in CSS pixels that were set by hand: by table, then by column. */
  widths: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Titles of the commands that were run last, the latest first. */
  recent: readonly string[];
}

/** Of a fresh browser. */
export const DEFAULT_SETTINGS: Settings = {
  theme: 'auto',
  startView: 'summary',
  startGranularity: 'functions',
  startModules: '',
  density: 'compact',
  motion: 'auto',
  palette: 'usual',
  columns: {},
  widths: {},
  recent: [],
};

/** Counted up when the meaning of what is stored changes: older texts then count as unsaid. */
const VERSION = 1;
const KEY = 'dropprof.settings';
/** Longest text and list, and widest column, that are believed. */
const MOST_TEXT = 1000;
const MOST_ITEMS = 200;
const WIDEST = 4000;

type Check<T> = (value: unknown) => value is T;

function oneOf<T extends string>(...values: readonly T[]): Check<T> {
  return (value): value is T => values.some((one) => one === value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A table of tables, of values that pass. */
function nested<T>(inner: (value: unknown) => value is T): Check<Record<string, Record<string, T>>> {
  const each = (value: unknown, test: (one: unknown) => boolean): boolean =>
    isObject(value) && Object.keys(value).length <= MOST_ITEMS && Object.values(value).every(test);
  return (value): value is Record<string, Record<string, T>> => each(value, (one) => each(one, inner));
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MOST_TEXT;

const CHECKS: { [Name in keyof Settings]: Check<Settings[Name]> } = {
  theme: oneOf('auto', 'light', 'dark'),
  startView: oneOf(...VIEW_NAMES),
  startGranularity: oneOf(...GRANULARITIES),
  startModules: isText,
  density: oneOf('compact', 'comfortable'),
  motion: oneOf('auto', 'reduced'),
  palette: oneOf('usual', 'safe'),
  columns: nested((value): value is boolean => typeof value === 'boolean'),
  widths: nested((value): value is number => typeof value === 'number' && value > 0 && value <= WIDEST),
  recent: (value): value is string[] => Array.isArray(value) && value.length <= MOST_ITEMS && value.every(isText),
};

const NAMES = Object.keys(DEFAULT_SETTINGS) as (keyof Settings)[];

/** What a stored text says; what of it means nothing is left at its default. */
export function readSettings(text: string | null): Settings {
  const read: Settings = { ...DEFAULT_SETTINGS };
  try {
    const stored: unknown = JSON.parse(text ?? 'null');
    if (!isObject(stored) || stored['version'] !== VERSION) return read;
    for (const name of NAMES) {
      if (CHECKS[name](stored[name])) Object.assign(read, { [name]: stored[name] });
    }
  } catch {
    // Not ours, or cut off: as if nothing had been said.
  }
  return read;
}

/** The text to store: only what differs from the defaults, so that a better default reaches everybody else. */
export function writeSettings(settings: Settings): string {
  const said = NAMES.filter((name) => JSON.stringify(settings[name]) !== JSON.stringify(DEFAULT_SETTINGS[name]));
  return JSON.stringify({ version: VERSION, ...Object.fromEntries(said.map((name) => [name, settings[name]])) });
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

const current = signal<Settings>(readSettings(stored()));
/** Whether the browser keeps what is set; false from the first refusal on. */
export const isKept = signal(true);

/** All settings. */
export const settings: ReadonlySignal<Settings> = current;

const signals = new Map<keyof Settings, ReadonlySignal<unknown>>();

/** A setting as a signal; the same one for every call. */
export function setting<Name extends keyof Settings>(name: Name): ReadonlySignal<Settings[Name]> {
  const known = signals.get(name) ?? computed(() => current.value[name]);
  signals.set(name, known);
  return known as ReadonlySignal<Settings[Name]>;
}

/** Changes settings, for good where the browser allows it. */
export function setSettings(patch: Partial<Settings>): void {
  current.value = { ...current.peek(), ...patch };
  try {
    localStorage.setItem(KEY, writeSettings(current.peek()));
    isKept.value = true;
  } catch {
    isKept.value = false;
  }
}

/** Everything as in a fresh browser. */
export function resetSettings(): void {
  setSettings(DEFAULT_SETTINGS);
}

/** Whether nothing should move: the setting, or the system's. */
export function isStill(): boolean {
  return current.peek().motion === 'reduced' || matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Takes over what another tab of this page sets. Called once at the start. */
export function followSettings(): void {
  addEventListener('storage', (event) => {
    if (event.key === KEY || event.key === null) current.value = readSettings(event.newValue);
  });
}
