// The view state as the text after '#', and back. Pure: no DOM, no signals.

/** The views, in the order of their tabs. */
export const VIEW_NAMES = [
  'summary',
  'flame',
  'top',
  'hotpaths',
  'callers',
  'allocations',
  'report',
] as const;
/** A view, by the name it has in the URL. */
export type ViewName = (typeof VIEW_NAMES)[number];

/** pprof's granularities, and `packages`. */
export const GRANULARITIES = [
  'functions',
  'filefunctions',
  'files',
  'packages',
  'lines',
  'addresses',
] as const;
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
  /** Sample type; empty for the file's default. */
  sample: string;
  /** Granularity of rows and boxes. */
  granularity: Granularity;
  /** Fold inlined frames into their callers. */
  noinlines: boolean;
  /** Flame graph bottom-up. */
  inverted: boolean;
  /** Flame graph zoom. */
  zoom: Zoom;
  /** Full name of the selected function; empty for none. */
  sel: string;
  /** Search expression. */
  search: string;
  /** Order of the Top table: a column key, `+` before it for ascending. */
  sort: string;
  /** Order of the Allocations table, written the same way; empty for its default. */
  allocSort: string;
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
  inverted: false,
  zoom: FULL_ZOOM,
  sel: '',
  search: '',
  sort: 'flat',
  allocSort: '',
};

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

function oneOf<T extends string>(list: readonly T[], text: string | null, fallback: T): T {
  return list.find((item) => item === text) ?? fallback;
}

/** The state as the text after `#`; what equals the default is left out. */
export function encodeHash(state: ViewState): string {
  const out = new URLSearchParams();
  const put = (key: string, value: string, fallback: string): void => {
    if (value !== fallback) out.append(key, value);
  };
  for (const source of state.sources) out.append('file', source);
  put('view', state.view, DEFAULT_STATE.view);
  put('name', state.file, '');
  put('sample', state.sample, '');
  put('granularity', state.granularity, DEFAULT_STATE.granularity);
  put('noinlines', state.noinlines ? '1' : '', '');
  put('inverted', state.inverted ? '1' : '', '');
  put('zoom', encodeZoom(state.zoom), FULL_ZOOM.root);
  put('sel', state.sel, '');
  put('search', state.search, '');
  put('sort', state.sort, DEFAULT_STATE.sort);
  put('allocsort', state.allocSort, '');
  return out.toString();
}

/** The state that a hash (with or without `#`) asks for. Unknown or broken parts are ignored. */
export function decodeHash(hash: string): ViewState {
  const from = new URLSearchParams(hash.replace(/^#/, ''));
  return {
    view: oneOf(VIEW_NAMES, from.get('view'), DEFAULT_STATE.view),
    sources: from.getAll('file').filter((source) => source !== ''),
    file: from.get('name') ?? '',
    sample: from.get('sample') ?? '',
    granularity: oneOf(GRANULARITIES, from.get('granularity'), DEFAULT_STATE.granularity),
    noinlines: from.get('noinlines') === '1',
    inverted: from.get('inverted') === '1',
    zoom: decodeZoom(from.get('zoom') ?? ''),
    sel: from.get('sel') ?? '',
    search: from.get('search') ?? '',
    sort: from.get('sort') || DEFAULT_STATE.sort,
    allocSort: from.get('allocsort') ?? '',
  };
}
