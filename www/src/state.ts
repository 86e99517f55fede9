// The page's state: one ViewState, mirrored in the URL hash, and what follows from it.
//
// `update` is the only writer of the view state. Everything else here is derived from it and from
// the list of files, which the session keeps.

import { computed, effect, signal } from '@preact/signals';
import { keyed } from './core';
import type { FileInfo, FrameName, Query } from './core';
import { decodeHash, DEFAULT_STATE, encodeHash, FULL_ZOOM } from './lib/hash';
import type { ViewName, ViewState } from './lib/hash';
import { UNFILTERED } from './lib/query';

export type { Granularity, ViewName, ViewState, Zoom } from './lib/hash';
export { FULL_ZOOM, GRANULARITIES, VIEW_NAMES } from './lib/hash';

let travelled = false;
const current = signal<ViewState>(
  typeof location === 'undefined' ? DEFAULT_STATE : decodeHash(location.hash),
);

/** A file of the session, readable or not. */
export interface SessionFile extends FileInfo {
  /** The name by which the state knows it, unique and for good; empty for one that cannot be shown. */
  key: string;
}

/** The files of the session, in the order of arrival. Written by the session. */
export const files = signal<readonly SessionFile[]>([]);

/** The whole view state; change it through `update`. */
export const state = computed<ViewState>(() => current.value);
/** The current view. */
export const view = computed<ViewName>(() => current.value.view);
/** The search expression; empty for none. */
export const search = computed<string>(() => current.value.search);
/** Flame graph bottom-up. */
export const inverted = computed<boolean>(() => current.value.inverted);

/** Settings that live and die with the picture of one sample type of one file. */
const PER_QUERY: readonly (keyof ViewState)[] = [
  'file',
  'sample',
  'granularity',
  'noinlines',
  'inverted',
];

/**
 * Changes the view state and the URL. With `push` the change becomes a step of the browser's
 * history, which Back undoes; without, it replaces the current step.
 */
export function update(patch: Partial<ViewState>, options: { push?: boolean } = {}): void {
  const before = current.value;
  const after = { ...before, ...patch };
  // A zoom names a box of one tree; in another tree the same id means another box.
  const sameTree = PER_QUERY.every((key) => after[key] === before[key]);
  if (!sameTree && patch.zoom === undefined) after.zoom = FULL_ZOOM;
  const hash = `#${encodeHash(after)}`;
  if (hash === `#${encodeHash(before)}`) return;
  travelled = false;
  if (options.push === true) history.pushState(null, '', hash);
  else history.replaceState(null, '', hash);
  current.value = after;
}

/**
 * Makes what has been replacing the current step of the history, as typing does, a step of its own.
 * `before` is what Back then restores.
 */
export function commitStep(before: Partial<ViewState>): void {
  const now = `#${encodeHash(current.value)}`;
  const then = `#${encodeHash({ ...current.value, ...before })}`;
  if (now === then) return;
  history.replaceState(null, '', then);
  history.pushState(null, '', now);
}

/** Whether Back, Forward or an edit of the URL made the state what it is. */
export function cameByHistory(): boolean {
  return travelled;
}

/** The file shown: the one the state names, else the first readable one; null when there is none. */
export const file = computed<SessionFile | null>(() => {
  const readable = files.value.filter((info) => info.error == null);
  const key = current.value.file;
  return readable.find((info) => info.key === key) ?? readable[0] ?? null;
});

/** Index of the sample type shown. */
const sampleIndex = computed<number>(() => {
  const info = file.value;
  if (info === null) return 0;
  const named = info.sampleTypes.findIndex((type) => type.name === current.value.sample);
  return named >= 0 ? named : info.defaultSample;
});
const fileId = computed<number | null>(() => file.value?.id ?? null);
const granularity = computed(() => current.value.granularity);
const noinlines = computed(() => current.value.noinlines);

/** What the views show; null while there is no readable file. The same object until it changes. */
export const query = computed<Query | null>(() =>
  fileId.value === null
    ? null
    : {
        file: fileId.value,
        sample: sampleIndex.value,
        granularity: granularity.value,
        noinlines: noinlines.value,
        ...UNFILTERED,
      },
);

/**
 * Where the selected name is: nothing is selected, it is being looked up, it is a row of the current
 * query, it is in the profile but no row as rows are grouped now, it is not in the profile.
 */
export type Whereabouts = 'none' | 'looking' | 'found' | 'grouped' | 'absent';

interface Selection {
  where: Whereabouts;
  /** Its node in the current query, when it is found. */
  node: number | null;
}

const selection = signal<Selection>({ where: 'none', node: null });
/** Node of the selected function in the current query; null unless it is found. */
export const selected = computed<number | null>(() => selection.value.node);
/** What is known of the selected name. */
export const whereabouts = computed<Whereabouts>(() => selection.value.where);
const selectedName = computed(() => current.value.sel);
let picked: { query: Query; name: string; node: number } | null = null;
/** The name that was found last, and where: there it is even when rows are grouped otherwise. */
let seen: { file: number; name: string } | null = null;

/**
 * Selects a function and says so in the URL. `asked` is the query that its node belongs to; when
 * that is shown no longer, what was clicked is gone, and nothing is selected.
 */
export function select(name: FrameName, asked: Query | null, options: { push?: boolean } = {}): void {
  if (asked === null || asked !== query.peek()) return;
  picked = { query: asked, name: name.full, node: name.node };
  update({ sel: name.full }, options);
}

/** Selects nothing. */
export function deselect(options: { push?: boolean } = {}): void {
  update({ sel: '' }, options);
}

/** Keeps `selected` true to the name in the state, whoever changed it: a click, Back, another file. */
function followSelection(): void {
  const name = selectedName.value;
  const asked = query.value;
  if (name === '' || asked === null) selection.value = { where: 'none', node: null };
  else if (picked !== null && picked.query === asked && picked.name === name) found(asked, name, picked.node);
  else {
    selection.value = { where: 'looking', node: null };
    // A refusal means that the file was closed meanwhile.
    lookUp(asked, name).catch(() => {});
  }
}

function found(asked: Query, name: string, node: number): void {
  seen = { file: asked.file, name };
  selection.value = { where: 'found', node };
}

async function lookUp(asked: Query, name: string): Promise<void> {
  const isCurrent = (): boolean => selectedName.peek() === name && query.peek() === asked;
  const node = await keyed('selected').findNode(asked, name);
  if (!isCurrent()) return;
  if (node >= 0) {
    found(asked, name, node);
    return;
  }
  const grouped = (seen?.file === asked.file && seen.name === name) || (await isFunction(asked, name));
  if (isCurrent()) selection.value = { where: grouped ? 'grouped' : 'absent', node: null };
}

/** Whether the file has a function of this name. Other groupings are not tried: each costs an analysis. */
async function isFunction({ file, sample, granularity, noinlines }: Query, name: string): Promise<boolean> {
  if (granularity === 'functions' && !noinlines) return false;
  const plain: Query = { ...UNFILTERED, file, sample, granularity: 'functions', noinlines: false };
  return (await keyed('selected').findNode(plain, name)) >= 0;
}

/** Marks the current view as not yet drawn whenever it, or what it shows, changes. */
function unready(): void {
  void view.value;
  void query.value;
  delete document.documentElement.dataset['ready'];
}

/** Says that a view is fully drawn; ignored when another one is shown by now. */
export function setReady(of: ViewName): void {
  if (view.peek() === of && query.peek() !== null) document.documentElement.dataset['ready'] = of;
}

/** Ties the state to the browser: Back and Forward, and edits of the URL. Called once at the start. */
export function followBrowser(): void {
  const read = (): void => {
    travelled = true;
    current.value = decodeHash(location.hash);
  };
  addEventListener('popstate', read);
  addEventListener('hashchange', read);
  effect(followSelection);
  effect(unready);
}
