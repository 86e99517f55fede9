// The page's state: one ViewState, mirrored in the URL hash, and what follows from it.
//
// `update` is the only writer of the view state. Everything else here is derived from it and from
// the list of files, which the session keeps.

import { computed, effect, signal } from '@preact/signals';
import { keyed } from './core';
import type { FileInfo, FlameShape, FrameName, Query } from './core';
import { check, hasFilters, isUnchecked, usable } from './filtering';
import { active } from './lib/steps';
import { DEFAULT_STATE, encodeHash, FULL_ZOOM, moveQuery, readHash } from './lib/hash';
import type { Reading, ViewName, ViewState } from './lib/hash';
import { UNFILTERED } from './lib/query';
import { unitIn } from './lib/units';

export type { Granularity, ViewName, ViewState, Zoom } from './lib/hash';
export { FULL_ZOOM, GRANULARITIES, VIEW_NAMES } from './lib/hash';

/** Views that are about whole files: filters do not apply to them, nor has the current file to have samples. */
export const WHOLE: readonly ViewName[] = ['benchmarks', 'trace', 'report'];

let travelled = false;
const read = firstReading();
const current = signal<ViewState>(read.state);
/** What the link says and nobody can follow; forgotten with the next step. */
export const misread = signal<readonly string[]>(read.problems);

/** The state of the link that the page was opened with. pprof's links have it in the query. */
function firstReading(): Reading {
  if (typeof location === 'undefined') return { state: DEFAULT_STATE, problems: [] };
  const moved = moveQuery(location.search, location.hash);
  if (moved !== null) {
    const query = moved.query === '' ? '' : `?${moved.query}`;
    history.replaceState(null, '', `${location.pathname}${query}#${moved.hash}`);
  }
  return readHash(location.hash);
}

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
/** What stands in the search box; empty for none. */
export const searchText = computed<string>(() => current.value.search);
/** Go's own flag for letters that match only in their own case. */
export const MATCH_CASE = '(?-i)';
/** The expression that a text in the search box stands for; empty for none. */
export function expressionOf(text: string): string {
  return text !== '' && current.value.matchCase ? MATCH_CASE + text : text;
}
/** The search expression; empty for none. */
export const search = computed<string>(() => expressionOf(searchText.value));
/** Flame graph bottom-up. */
export const inverted = computed<boolean>(() => current.value.inverted);

/** Flame graph with siblings by name. */
export const byName = computed<boolean>(() => current.value.order === 'name');
/** The tree that a flame graph shows of a query; the same object as long as it is the same. */
export const shape = computed<FlameShape>(() => ({ inverted: inverted.value, byName: byName.value }));

type Settings = readonly (keyof ViewState)[];
/** Settings that make other nodes, or other values of them. */
const PER_NODES: Settings = ['file', 'sample', 'granularity', 'noinlines', 'showcolumns', 'steps', 'main', 'mine'];
/** Settings that make another tree. */
const PER_TREE: Settings = [...PER_NODES, 'inverted', 'base', 'mode', 'operations'];
/** Settings that make another call graph. */
const PER_GRAPH: Settings = [...PER_NODES, 'dropneg', 'trim', 'nodefraction', 'graphNodes', 'graphLabels', 'calltree'];

/**
 * Changes the view state and the URL. With `push` the change becomes a step of the browser's
 * history, which Back undoes; without, it replaces the current step.
 */
export function update(patch: Partial<ViewState>, options: { push?: boolean } = {}): void {
  const before = current.value;
  const after = { ...before, ...patch };
  // A line and its file are those of one function.
  if (patch.sel !== undefined && patch.line === undefined) after.line = 0;
  if (patch.sel !== undefined && patch.sourceFile === undefined) after.sourceFile = '';
  // A zoom names a box of one tree; in another tree the same id means another box.
  const isCompared = ({ view: name }: ViewState): boolean => name === 'compare';
  const same = (settings: Settings): boolean => settings.every((key) => after[key] === before[key]);
  const sameTree = same(PER_TREE) && isCompared(after) === isCompared(before);
  if (!sameTree && patch.zoom === undefined) after.zoom = FULL_ZOOM;
  // So is a place in one call graph. What else is selected in another view is to be in sight when the graph is shown.
  const inGraph = before.view === 'graph' && after.view === 'graph';
  const sameGraph = same(PER_GRAPH) && (inGraph || after.sel === '' || after.sel === before.sel);
  if (!sameGraph && patch.graphZoom === undefined) after.graphZoom = '';
  // Nothing stands between nothing.
  if (after.sel === '') after.sandwich = false;
  const isPivot = after.sandwich && (after.sel !== before.sel || !before.sandwich);
  if ((isPivot || after.sandwich !== before.sandwich) && patch.zoom === undefined) after.zoom = FULL_ZOOM;
  if ((isPivot || !sameTree) && patch.callersZoom === undefined) after.callersZoom = FULL_ZOOM;
  const hash = `#${encodeHash(after)}`;
  if (hash === `#${encodeHash(before)}`) return;
  travelled = false;
  if (options.push === true) {
    history.pushState({ step: stepNow() + 1 }, '', hash);
    misread.value = [];
  } else history.replaceState({ step: stepNow() }, '', hash);
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
  history.replaceState({ step: stepNow() }, '', then);
  history.pushState({ step: stepNow() + 1 }, '', now);
}

/** How many of the page's own steps of the history lie before the present one. */
function stepNow(): number {
  const kept: unknown = history.state;
  const step = typeof kept === 'object' && kept !== null && 'step' in kept ? kept.step : 0;
  return typeof step === 'number' ? step : 0;
}

/** Whether Back leads to another state of this page. */
export function canUndo(): boolean {
  return stepNow() > 0;
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

/** Index of the sample type that the state names; -1 when the file has none of that name or number. */
function namedSample(info: SessionFile, wanted: string): number {
  if (wanted === '') return info.defaultSample;
  const at = Number(wanted);
  if (/^\d+$/.test(wanted) && at < info.sampleTypes.length) return at;
  const called = (name: string): number => info.sampleTypes.findIndex((type) => type.name === name);
  const exact = called(wanted);
  // pprof takes the name of an older heap profile's type with this before it.
  return exact >= 0 ? exact : called(wanted.replace(/^inuse_/, ''));
}

/** What the state wants of this file that it does not have: by what of the state, in sentences. */
export const unfit = computed<{ sample?: string; unit?: string }>(() => {
  const info = file.value;
  if (info === null || hasNoSamples(info)) return {};
  const { sample, unit } = current.value;
  const named = namedSample(info, sample);
  const type = info.sampleTypes[named < 0 ? info.defaultSample : named];
  const names = info.sampleTypes.map(({ name }) => name).join(', ');
  return {
    ...(named < 0 ? { sample: `This file has no sample type ${sample}: it has ${names}.` } : {}),
    ...(type !== undefined && unitIn(unit, type.units) === null
      ? { unit: `Values in ${type.unit} cannot be shown in ${unit}.` }
      : {}),
  };
});

/** Whether two files can be compared. */
export function isSameKind(one: FileInfo, other: FileInfo): boolean {
  const memory = ['heap', 'allocs'];
  return one.kind === other.kind || (memory.includes(one.kind ?? '') && memory.includes(other.kind ?? ''));
}

/** The file that the current one is compared with; null when the state names none that is there. */
export const baseline = computed<SessionFile | null>(() => {
  const { base } = current.value;
  const named = base === '' ? undefined : files.value.find((info) => info.key === base && info.error == null);
  return named === undefined || named.id === file.value?.id ? null : named;
});

/** What the Compare view asks with. */
function compared(info: SessionFile): Pick<Query, 'base'> {
  const { view: name, mode, operations } = current.value;
  const other = baseline.value;
  if (name !== 'compare' || mode === 'growth' || other === null || !isSameKind(info, other)) return {};
  const numbers = operations.split(',').map(Number);
  return { base: { file: other.id, mode, operations: numbers.length === 2 ? numbers : [] } };
}

/** Whether a file has nothing that a view of stacks could show: benchmark results are such. */
export function hasNoSamples(info: FileInfo): boolean {
  return info.sampleTypes.length === 0 || info.kind === 'bench';
}

/** What the state asks for, as text: the same as long as it is the same. */
const wantedText = computed<string>(() => {
  const info = file.value;
  if (info === null || hasNoSamples(info)) return '';
  const { sample, granularity, noinlines, showcolumns, mean, relative, unit, dropneg, steps, main, mine, ...rest } = current.value;
  const named = namedSample(info, sample);
  const at = named >= 0 ? named : info.defaultSample;
  const asked: Query = {
    file: info.id,
    sample: at,
    granularity,
    noinlines,
    showcolumns,
    mean,
    relative,
    unit: unitIn(unit, info.sampleTypes[at]?.units ?? [])?.asked ?? '',
    dropneg,
    nodefraction: rest.trim ? rest.nodefraction : 0,
    nodecount: rest.trim ? rest.nodecount : 0,
    steps: active(steps),
    main,
    mine,
    ...compared(info),
  };
  return JSON.stringify(asked);
});

/** What the state asks for; null while there is no readable file, and of one without sample types. */
export const wanted = computed<Query | null>(() =>
  wantedText.value === '' ? null : (JSON.parse(wantedText.value) as Query),
);

let shown: Query | null = null;
/**
 * What the views show: what is wanted, once the core has said that its filters can be used. The same
 * object until it changes.
 */
export const query = computed<Query | null>(() => {
  // A file that was closed cannot be shown any longer.
  const isOpen = files.value.some((info) => info.id === shown?.file);
  shown = usable(wanted.value, isOpen ? shown : null);
  return shown;
});

/**
 * Where the selected name is: nothing is selected, it is being looked up, it is a row of the current
 * query, the filters took it away, it is in the profile but no row as rows are grouped now, it is not
 * in the profile.
 */
export type Whereabouts = 'none' | 'looking' | 'found' | 'filtered' | 'grouped' | 'absent';

interface Selection {
  where: Whereabouts;
  /** Its node in the current query, when it is found. */
  node: number | null;
}

const selection = signal<Selection>({ where: 'none', node: null });
/** Node of the selected function in the current query; null unless it is found. */
export const selected = computed<number | null>(() => selection.value.node);
/** Whether the flame graph shows the selected function between its callers and callees. */
export const sandwiched = computed<boolean>(() => current.value.sandwich && current.value.sel !== '');
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
  if (hasFilters(asked)) {
    const without = await keyed('selected').findNode({ ...asked, steps: UNFILTERED.steps, mine: false }, name);
    if (!isCurrent()) return;
    if (without >= 0) {
      selection.value = { where: 'filtered', node: null };
      return;
    }
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

/** What was drawn last, until that is not what is shown any more. */
let drawn: { view: ViewName; file: number; query: Query | null; tree: string } | null = null;
/** The trees of a query that the views with flame graphs show. */
const trees = computed(() => {
  const { inverted: turned, order, sel } = current.value;
  return JSON.stringify([turned, order, sandwiched.value ? sel : '']);
});

/** Marks the current view as not yet drawn whenever it, or what it shows, changes or may change. */
function followReady(): void {
  const isTurned = trees.value !== drawn?.tree && ['flame', 'compare'].includes(view.value);
  const isSame = drawn?.view === view.value && drawn.file === file.value?.id && drawn.query === query.value;
  if (!isSame || isTurned) drawn = null;
  const isFinal = !isUnchecked(wanted.value);
  if (drawn !== null && isFinal) document.documentElement.dataset['ready'] = drawn.view;
  else delete document.documentElement.dataset['ready'];
}

/** Says that a view is fully drawn; ignored when another one is shown by now. */
export function setReady(of: ViewName): void {
  const info = file.peek();
  const asked = query.peek();
  if (view.peek() !== of || info === null || (asked === null && !hasNoSamples(info))) return;
  drawn = { view: of, file: info.id, query: asked, tree: trees.peek() };
  if (!isUnchecked(wanted.peek())) document.documentElement.dataset['ready'] = of;
}

/** Ties the state to the browser: Back and Forward, and edits of the URL. Called once at the start. */
export function followBrowser(): void {
  const follow = (): void => {
    const { state: asked, problems } = readHash(location.hash);
    travelled = true;
    current.value = asked;
    misread.value = problems;
  };
  addEventListener('popstate', follow);
  addEventListener('hashchange', follow);
  effect(() => check(wanted.value, query.value));
  effect(followSelection);
  effect(followReady);
}
