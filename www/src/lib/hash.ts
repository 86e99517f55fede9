// The view state as the text after '#', and back. Pure: no DOM, no signals.
//
// What pprof's web page has, too, is called as there, so that the query of its URLs works here.

import { exactText, FILTERS } from './filters';
import { decodeStep, encodeSteps, filtersOf } from './steps';
import type { Step } from './steps';

/** The views, in the order of their tabs. */
export const VIEW_NAMES = [
  'summary',
  'flame',
  'top',
  'hotpaths',
  'callers',
  'source',
  'graph',
  'allocations',
  'goroutines',
  'tags',
  'compare',
  'trace',
  'benchmarks',
  'report',
] as const;
/** A view, by the name it has in the URL. */
export type ViewName = (typeof VIEW_NAMES)[number];

/** Ways to compare two files, by their names in the URL and in the core; `growth` is over more than two. */
export const COMPARE_MODES = ['absolute', 'second', 'share', 'operation', 'growth'] as const;

/** pprof's granularities, and `packages`. */
export const GRANULARITIES = [
  'functions',
  'filefunctions',
  'files',
  'packages',
  'lines',
  'addresses',
] as const;
/** Ways that siblings of a flame graph stand. */
const ORDERS = ['weight', 'name'] as const;
/** What the colours of a flame graph tell. */
export const COLOURS = ['package', 'file', 'class', 'mechanism'] as const;
/** One of them. */
export type Colour = (typeof COLOURS)[number];

/** What a row or a box stands for. */
export type Granularity = (typeof GRANULARITIES)[number];

/** The part of the flame graph that fills the width. */
export interface Zoom {
  /** The box that 0..1 below refer to; `"0"` is the root of the tree. */
  root: string;
  /** Left edge as a share of that box. */
  left: number;
  /** Right edge, greater than `left`. */
  right: number;
}

/** Everything that changes the picture. Names, never ids: ids do not outlive a session. */
export interface ViewState {
  /** The view shown. */
  view: ViewName;
  /** Files beside the page to open at the start, as relative URLs (`#file=`). */
  sources: readonly string[];
  /** Name of the current file inside the session; empty for the first readable one. */
  file: string;
  /** Sample type: its name, or its number in the file; empty for the file's default. */
  sample: string;
  /** Granularity of rows and boxes. */
  granularity: Granularity;
  /** Fold inlined frames into their callers. */
  noinlines: boolean;
  /** Tell columns of a line apart. */
  showcolumns: boolean;
  /** Values per event. */
  mean: boolean;
  /** Percentages of what the filters leave. */
  relative: boolean;
  /** Unit of the values; empty for one that suits them. What does not fit the sample type is ignored. */
  unit: string;
  /** Leave small rows out of the tables, as the next two say. */
  trim: boolean;
  /** Share of the total below which a row is small. */
  nodefraction: number;
  /** Rows of a table at most; 0 for any number. */
  nodecount: number;
  /** Leave out rows with negative values. */
  dropneg: boolean;
  /** Filters and transforms in their order, also those that are switched off. */
  steps: readonly Step[];
  /** Import paths of the program's own modules, separated by commas; empty to guess them. */
  main: string;
  /** Show only frames of the program's own code. */
  mine: boolean;
  /** Tell calls by different paths apart in the graphs that are saved. */
  calltree: boolean;
  /** Flame graph bottom-up. */
  inverted: boolean;
  /** Flame graph zoom. */
  zoom: Zoom;
  /** How siblings of the flame graph stand. */
  order: (typeof ORDERS)[number];
  /** What its colours tell. */
  colour: Colour;
  /** Key of the group of that colour that alone is not dimmed; empty for all. */
  lit: string;
  /** The selected function between its callers and its callees, in place of the whole tree. */
  sandwich: boolean;
  /** Zoom of the callers above it. */
  callersZoom: Zoom;
  /** Full name of the selected function; empty for none. */
  sel: string;
  /** Search expression. */
  search: string;
  /** Whether its letters match only in their own case; without it a capital decides. */
  matchCase: boolean;
  /** Order of the Top table: a column key, `+` before it for ascending. */
  sort: string;
  /** Order of the Allocations table, written the same way; empty for its default. */
  allocSort: string;
  /** Name of the file that the current one is compared with; empty for none. */
  base: string;
  /** How they are compared; empty for what tells most. */
  mode: string;
  /** Operations that each of the two stands for, the baseline's first, with a comma between; may be empty. */
  operations: string;
  /** Order of the table of a comparison, written as the others are. */
  compareSort: string;
  /** Source file that the Source view shows as a whole; empty for one function. */
  sourceFile: string;
  /** Line selected there; 0 for none. */
  line: number;
  /** Order of the Source view's list, written as the others are. */
  sourceSort: string;
  /** Expression that narrows that list. */
  sourceFind: string;
  /** Order of its table of lines where there is no text; empty for that of the file. */
  lineSort: string;
  /** Nodes of the call graph at most; 0 for all. */
  graphNodes: number;
  /** Numeric label that the call graph shows beside texts; empty for the first there is, `-` for no labels. */
  graphLabels: string;
  /** Where the call graph stands, as its view writes it; empty for its beginning. */
  graphZoom: string;
  /** Parameters of the Benchmarks view, which alone knows what they mean: see `benchstate.ts`. */
  bench: readonly (readonly [param: string, value: string])[];
  /** Those of the Trace view: see `tracestate.ts`. */
  trace: ViewState['bench'];
}

/** The whole tree. */
export const FULL_ZOOM: Zoom = { root: '0', left: 0, right: 1 };

/** The state of a fresh page. */
export const DEFAULT_STATE: ViewState = {
  view: 'summary',
  sources: [],
  file: '',
  sample: '',
  granularity: 'functions',
  noinlines: false,
  showcolumns: false,
  mean: false,
  relative: false,
  unit: '',
  trim: false,
  nodefraction: 0.005,
  nodecount: 0,
  dropneg: false,
  steps: [],
  main: '',
  mine: false,
  calltree: false,
  inverted: false,
  zoom: FULL_ZOOM,
  order: 'weight',
  colour: 'package',
  lit: '',
  sandwich: false,
  callersZoom: FULL_ZOOM,
  sel: '',
  search: '',
  matchCase: false,
  sort: 'flat',
  allocSort: '',
  base: '',
  mode: '',
  operations: '',
  compareSort: '',
  sourceFile: '',
  line: 0,
  sourceSort: 'flat',
  sourceFind: '',
  lineSort: '',
  graphNodes: 80,
  graphLabels: '',
  graphZoom: '',
  bench: [],
  trace: [],
};

/** A place in the call graph: all of it; or CSS pixels per point and the two coordinates of a point, not so long that it lies outside. */
export const GRAPH_PLACE = /^(all|\d(\.\d{1,9})?(_-?\d{1,7}(\.\d{1,2})?){2})$/;

/** Box ids are a decimal number, or two joined by `+`. */
const BOX_ID = /^\d+(\+\d+)?$/;

function encodeZoom(zoom: Zoom): string {
  const { root, left, right } = zoom;
  return left === 0 && right === 1 ? root : `${root},${left},${right}`;
}

function decodeZoom(text: string): Zoom {
  const [root = '', left = '0', right = '1'] = text.split(',');
  const zoom = { root, left: Number(left), right: Number(right) };
  const sound = BOX_ID.test(root) && zoom.left >= 0 && zoom.right <= 1 && zoom.left < zoom.right;
  return sound ? zoom : FULL_ZOOM;
}

/** What parameters of the Benchmarks view begin with, and those of the Trace view. */
const BENCH = 'b.';
const TRACE = 'tr.';

/** Settings that are on or off, and called as in pprof where it has them. */
const SWITCHES = [
  ['noinlines', 'noinlines'],
  ['showcolumns', 'showcolumns'],
  ['mean', 'mean'],
  ['rel', 'relative'],
  ['dropneg', 'dropneg'],
  ['calltree', 'calltree'],
  ['mine', 'mine'],
  ['case', 'matchCase'],
  ['sandwich', 'sandwich'],
] as const satisfies readonly (readonly [param: string, field: keyof ViewState])[];

/** Settings that are any text. */
const TEXTS = [
  ['sort', 'sort'],
  ['allocsort', 'allocSort'],
  ['base', 'base'],
  ['ops', 'operations'],
  ['cmpsort', 'compareSort'],
  ['src', 'sourceFile'],
  ['srcsort', 'sourceSort'],
  ['srcfind', 'sourceFind'],
  ['linesort', 'lineSort'],
  ['gl', 'graphLabels'],
] as const satisfies readonly (readonly [param: string, field: keyof ViewState])[];

/** A limit in a link means that small rows are left out; pprof does that unasked, the page does not. */
function trimUnsaid(nodefraction: number, nodecount: number): boolean {
  return nodefraction !== DEFAULT_STATE.nodefraction || nodecount !== DEFAULT_STATE.nodecount;
}

/** The state as the text after `#`; what equals the default is left out. */
export function encodeHash(state: ViewState): string {
  const out = new URLSearchParams();
  const put = (key: string, value: string, fallback = ''): void => {
    if (value !== fallback) out.append(key, value);
  };
  const { nodefraction, nodecount } = state;
  for (const source of state.sources) out.append('file', source);
  put('view', state.view, DEFAULT_STATE.view);
  put('name', state.file);
  put('si', state.sample);
  put('g', state.granularity, DEFAULT_STATE.granularity);
  for (const [param, field] of SWITCHES) put(param, state[field] ? 't' : '');
  put('unit', state.unit);
  put('nf', String(nodefraction), String(DEFAULT_STATE.nodefraction));
  put('n', String(nodecount), String(DEFAULT_STATE.nodecount));
  if (state.trim !== trimUnsaid(nodefraction, nodecount)) put('trim', state.trim ? 't' : 'f');
  for (const [key, value] of encodeSteps(state.steps)) put(key, value);
  put('main', state.main);
  put('inverted', state.inverted ? '1' : '');
  put('zoom', encodeZoom(state.zoom), FULL_ZOOM.root);
  put('order', state.order, DEFAULT_STATE.order);
  put('colour', state.colour, DEFAULT_STATE.colour);
  put('lit', state.lit);
  put('callerszoom', encodeZoom(state.callersZoom), FULL_ZOOM.root);
  put('sel', state.sel);
  put('search', state.search);
  for (const [param, field] of TEXTS) put(param, state[field], DEFAULT_STATE[field]);
  put('mode', state.mode);
  put('line', String(state.line), '0');
  put('gn', state.graphNodes === 0 ? 'all' : String(state.graphNodes), String(DEFAULT_STATE.graphNodes));
  put('gz', state.graphZoom);
  for (const [key, value] of [...state.bench, ...state.trace]) put(key, value);
  return out.toString();
}

/** Parameters of the page; `sample` and `granularity` are what it called `si` and `g` at first. */
const PARAMS: ReadonlySet<string> = new Set([
  ...['file', 'view', 'name', 'si', 'sample', 'g', 'granularity', 'unit', 'n', 'nf', 'trim', 'off', 'p', 't'],
  ...['main', 'inverted', 'zoom', 'sel', 'search', 'mode', 'order', 'colour', 'lit', 'callerszoom', 'line', 'gn', 'gz'],
  ...[...SWITCHES, ...TEXTS].map(([param]) => param),
  ...FILTERS.map(({ param }) => param),
]);

function isParam(key: string): boolean {
  return PARAMS.has(key) || key.startsWith(BENCH) || key.startsWith(TRACE);
}

/** pprof's parameters that have nothing here that they could change. */
const IDLE: ReadonlySet<string> = new Set(['ef', 'norm', 'compact', 'intel']);

/** What a link asks for. */
export interface Reading {
  state: ViewState;
  /** A sentence about each value that means nothing; the default stands in for it. */
  problems: string[];
}

/** Reads parameters one by one, and notes what means nothing. An empty value counts as none, as in pprof. */
class Reader {
  readonly problems: string[] = [];
  private readonly from: URLSearchParams;

  constructor(hash: string) {
    this.from = new URLSearchParams(hash.replace(/^#/, ''));
  }

  /** The first value under the first of the keys that has one. */
  text(...keys: string[]): string {
    return keys.map((key) => this.from.get(key)).find((value) => value !== null && value !== '') ?? '';
  }

  all(key: string): string[] {
    return this.from.getAll(key).filter((value) => value !== '');
  }

  /** As pprof reads yes and no. */
  flag(key: string, fallback: boolean): boolean {
    const text = this.text(key);
    if (/^(true|t|yes|y|1)$/i.test(text)) return true;
    if (/^(false|f|no|n|0)$/i.test(text)) return false;
    if (text !== '') this.problem(key, text, 'is neither t nor f');
    return fallback;
  }

  number(key: string, form: RegExp, fallback: number): number {
    const text = this.text(key);
    const value = Number(text);
    if (text === '') return fallback;
    if (form.test(text) && Number.isFinite(value)) return value;
    this.problem(key, text, 'is no number that can be used');
    return fallback;
  }

  /** A place in the call graph. */
  place(key: string): string {
    const text = this.text(key);
    if (text === '' || GRAPH_PLACE.test(text)) return text;
    this.problem(key, text, 'is no place');
    return '';
  }

  oneOf<T extends string>(list: readonly T[], fallback: T, ...keys: string[]): T {
    const text = this.text(...keys);
    const found = list.find((item) => item === text);
    if (found === undefined && text !== '') this.problem(keys[0] ?? '', text, `is none of ${list.join(', ')}`);
    return found ?? fallback;
  }

  /** Those of one view. */
  own(start: string): ViewState['bench'] {
    return [...this.from].filter(([key, text]) => text !== '' && key.startsWith(start));
  }

  /** To be called last: what else stands there. */
  unknown(): void {
    for (const [key, text] of this.from) if (text !== '' && !isParam(key)) this.problem(key, text, 'has no meaning here');
  }

  problem(key: string, text: string, what: string): void {
    this.problems.push(`${key}=${text} in the link ${what}, and is ignored.`);
  }
}

/** Counts cross the boundary as 32 bits. */
const MOST_NODES = 0xffffffff;

function readTrim(from: Reader): Pick<ViewState, 'trim' | 'nodefraction' | 'nodecount'> {
  const nodefraction = from.number('nf', /^\d*\.?\d+(e[+-]?\d+)?$/i, DEFAULT_STATE.nodefraction);
  // Below zero is how pprof says that nobody chose a number.
  const asked = from.number('n', /^-?\d+$/, DEFAULT_STATE.nodecount);
  const nodecount = Math.min(Math.max(asked, 0), MOST_NODES);
  return { nodefraction, nodecount, trim: from.flag('trim', trimUnsaid(nodefraction, nodecount)) };
}

/** Filters by pprof's parameters come first: a link that has both kinds was put together by hand. */
function readSteps(from: Reader): Pick<ViewState, 'steps'> {
  const listed = from.all('t').flatMap((text) => {
    const step = decodeStep(text);
    if (step === null) from.problem('t', text, 'is no filter');
    return step === null ? [] : [step];
  });
  return { steps: [...filtersOf((param) => from.text(param)), ...listed] };
}

/**
 * The pivots of pprof's flame graph, boxes that stand in the middle there: one function by its whole
 * name is what the page calls the selection, any other expression is a search.
 */
function readPivots(from: Reader): { sel: string; search: string } {
  const pivot = from.all('p').join('|');
  const name = exactText(pivot);
  return { sel: name ?? '', search: name === null ? pivot : '' };
}

/** The state that a hash (with or without `#`) asks for, and what of it means nothing. */
export function readHash(hash: string): Reading {
  const from = new Reader(hash);
  const pivots = readPivots(from);
  const switches = Object.fromEntries(SWITCHES.map(([param, field]) => [field, from.flag(param, false)]));
  const texts = Object.fromEntries(TEXTS.map(([param, field]) => [field, from.text(param) || DEFAULT_STATE[field]]));
  const state: ViewState = {
    ...DEFAULT_STATE,
    ...(switches as Pick<ViewState, (typeof SWITCHES)[number][1]>),
    ...(texts as Pick<ViewState, (typeof TEXTS)[number][1]>),
    ...readTrim(from),
    ...readSteps(from),
    view: from.oneOf(VIEW_NAMES, DEFAULT_STATE.view, 'view'),
    sources: from.all('file'),
    file: from.text('name'),
    sample: from.text('si', 'sample'),
    granularity: from.oneOf(GRANULARITIES, DEFAULT_STATE.granularity, 'g', 'granularity'),
    unit: from.text('unit'),
    main: from.text('main'),
    inverted: from.flag('inverted', false),
    zoom: decodeZoom(from.text('zoom')),
    order: from.oneOf(ORDERS, DEFAULT_STATE.order, 'order'),
    colour: from.oneOf(COLOURS, DEFAULT_STATE.colour, 'colour'),
    lit: from.text('lit'),
    callersZoom: decodeZoom(from.text('callerszoom')),
    sel: from.text('sel') || pivots.sel,
    search: from.text('search') || pivots.search,
    mode: from.oneOf<string>(COMPARE_MODES, '', 'mode'),
    line: from.number('line', /^\d+$/, 0),
    graphNodes: from.text('gn') === 'all' ? 0 : from.number('gn', /^[1-9]\d{0,5}$/, DEFAULT_STATE.graphNodes),
    graphZoom: from.place('gz'),
    bench: from.own(BENCH),
    trace: from.own(TRACE),
  };
  from.unknown();
  return { state, problems: from.problems };
}

/** The state that a hash asks for. Unknown or broken parts are ignored. */
export function decodeHash(hash: string): ViewState {
  return readHash(hash).state;
}

/** A URL's query and hash after the page's own parameters have moved into the hash; null when none has to. */
export function moveQuery(query: string, hash: string): { query: string; hash: string } | null {
  const from = new URLSearchParams(query);
  const left = new URLSearchParams();
  const own = new URLSearchParams(hash.replace(/^#/, ''));
  const said = new Set(own.keys());
  let moved = false;
  for (const [key, value] of from) {
    if (!isParam(key) && !IDLE.has(key)) left.append(key, value);
    // Files add up; of anything else the hash has the last word.
    else {
      moved = true;
      if (key === 'file' || !said.has(key)) own.append(key, value);
    }
  }
  return moved ? { query: left.toString(), hash: own.toString() } : null;
}
