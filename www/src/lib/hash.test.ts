import { expect, test } from 'vitest';
import { filterText } from './steps';
import { decodeHash, DEFAULT_STATE, encodeHash, GRANULARITIES, moveQuery, readHash, VIEW_NAMES } from './hash';
import type { ViewState } from './hash';

const FULL: ViewState = {
  view: 'flame',
  sources: ['demo/cpu.pb.gz', 'a b&c=d#e'],
  file: 'über/pröf (2).pb',
  sample: 'alloc_space',
  granularity: 'lines',
  noinlines: true,
  showcolumns: true,
  mean: true,
  relative: true,
  unit: 'ms',
  trim: true,
  nodefraction: 0.0125,
  nodecount: 80,
  dropneg: true,
  steps: [
    { kind: 'hide', text: 'x+y=z&w#' },
    { kind: 'focus', text: 'a|b c', off: true },
    { kind: 'merge_node', text: '12+3,lines,noinlines,0badf00d' },
    { kind: 'tagfocus', text: 'k=v,w:-x' },
    { kind: 'focus', text: '%41', off: true },
    { kind: 'collapse_package', text: 'ü' },
  ],
  main: 'example.com/a, b/c',
  mine: true,
  calltree: true,
  inverted: true,
  order: 'name',
  colour: 'mechanism',
  lit: 'gc-assist',
  sandwich: true,
  callersZoom: { root: '4+2', left: 0.5, right: 1 },
  matchCase: true,
  zoom: { root: '12+3', left: 0.125, right: 1 / 3 },
  sel: 'main.(*T[go.shape.int]).f·1 +%&#=?',
  search: '^a+b|c\\.d$',
  sort: '+name',
  allocSort: 'inuse_bytes',
  base: 'před (1).pb',
  mode: 'operation',
  operations: '1000,2500',
  compareSort: '+cum.change',
  sourceFile: '/home/ci/app/a b&c.go',
  line: 12,
  sourceSort: '+name',
  sourceFind: 'a|b',
  lineSort: 'cum',
  graphNodes: 300,
  graphLabels: 'request size',
  graphZoom: '1.067_512.25_-30.5',
  bench: [
    ['b.file', 'new (2).txt'],
    ['b.file', 'a&b.file=b,c.txt'],
    ['b.sel', 'Encode/a=<b>-8\nsec/op'],
  ],
  trace: [
    ['tr.section', 'stop_list'],
    ['tr.of', 'GC & sweep=1'],
  ],
};

test('the default state needs no hash', () => {
  expect(encodeHash(DEFAULT_STATE)).toBe('');
  expect(decodeHash('')).toEqual(DEFAULT_STATE);
  expect(decodeHash('#')).toEqual(DEFAULT_STATE);
});

test('decode ∘ encode = identity with every field set', () => {
  expect(decodeHash(encodeHash(FULL))).toEqual(FULL);
  expect(decodeHash(`#${encodeHash(FULL)}`)).toEqual(FULL);
});

test('decode ∘ encode = identity for each field alone', () => {
  for (const key of Object.keys(FULL) as (keyof ViewState)[]) {
    const one = { ...DEFAULT_STATE, [key]: FULL[key] };
    expect(decodeHash(encodeHash(one))).toEqual(one);
  }
  for (const view of VIEW_NAMES) expect(decodeHash(encodeHash({ ...FULL, view })).view).toBe(view);
  for (const granularity of GRANULARITIES) {
    expect(decodeHash(encodeHash({ ...FULL, granularity })).granularity).toBe(granularity);
  }
});

test('all nodes of the call graph is a word in the link', () => {
  expect(encodeHash({ ...DEFAULT_STATE, graphNodes: 0 })).toBe('gn=all');
  expect(decodeHash('gn=all').graphNodes).toBe(0);
  expect(decodeHash('gn=0').graphNodes).toBe(80);
});

test('nonsense is ignored', () => {
  const hashes = [
    '#view=nope&granularity=&zoom=0,5,1&noinlines=2&inverted=maybe',
    '#n=abc&nf=-1&trim=perhaps&off=nothing,q&g=bytes',
    '#n=1e5&nf=Infinity&f=&mean=',
    '#zoom=0,NaN,1',
    '#zoom=0,0.5,0.25',
    '#zoom=-1',
    '#zoom=1+2+3',
    '#zoom=0,0,2',
    '#%E0%A4%A=%',
    '#&&&===',
  ];
  for (const hash of hashes) expect(decodeHash(hash)).toEqual(DEFAULT_STATE);
});

test('trim is said only where it does not follow from the limits', () => {
  const limited = { ...DEFAULT_STATE, nodecount: 50 };
  expect(encodeHash({ ...DEFAULT_STATE, trim: true })).toBe('trim=t');
  expect(encodeHash({ ...limited, trim: true })).toBe('n=50');
  expect(encodeHash({ ...limited, trim: false })).toBe('n=50&trim=f');
  for (const trim of [true, false]) expect(decodeHash(encodeHash({ ...limited, trim }))).toEqual({ ...limited, trim });
});

test('what means nothing is told', () => {
  expect(readHash('#n=abc&mean=maybe&g=bytes&view=nope').problems).toEqual([
    'mean=maybe in the link is neither t nor f, and is ignored.',
    'n=abc in the link is no number that can be used, and is ignored.',
    `view=nope in the link is none of ${VIEW_NAMES.join(', ')}, and is ignored.`,
    'g=bytes in the link is none of functions, filefunctions, files, packages, lines, addresses, and is ignored.',
  ]);
  expect(readHash('gz=here')).toEqual({ state: DEFAULT_STATE, problems: ['gz=here in the link is no place, and is ignored.'] });
  expect(readHash('gz=all').problems).toEqual([]);
  expect(readHash(encodeHash(FULL)).problems).toEqual([]);
  // -1 is pprof's word for "nobody chose a number".
  expect(readHash('n=-1').problems).toEqual([]);
});

test('yes and no are read as pprof reads them, in any case; an empty value is none', () => {
  for (const yes of ['true', 't', 'yes', 'y', '1', 'T', 'Yes']) expect(decodeHash(`mean=${yes}`).mean).toBe(true);
  for (const no of ['false', 'f', 'no', 'n', '0', 'FALSE', '']) expect(decodeHash(`mean=${no}`).mean).toBe(false);
});

test('the queries of pprof’s own page', () => {
  // In the form that pprof’s page gives them: Focus on a method, Ignore of two functions, a click on a box.
  const page =
    'f=%5Eencoding%2Fjson%5C.%5C%28%5C%2AdecodeState%5C%29%5C.object%24&i=%5Eruntime%5C.mallocgc%24%7C%5Eruntime%5C.memmove%24&si=alloc_space&p=%5Eregexp%5C.compile%24';
  expect(decodeHash(page)).toEqual({
    ...DEFAULT_STATE,
    steps: [
      { kind: 'focus', text: '^encoding/json\\.\\(\\*decodeState\\)\\.object$' },
      { kind: 'ignore', text: '^runtime\\.mallocgc$|^runtime\\.memmove$' },
    ],
    sample: 'alloc_space',
    sel: 'regexp.compile',
  });
  // Options from its command line stand in its links, too; what the page does not have is told and passed over.
  const line =
    'g=lines&noinlines=t&showcolumns=t&mean=t&rel=t&unit=ms&n=40&nf=0.01&ef=0.02&dropneg=t&calltree=t&sort=cum&trim=f&tf=bytes%3D1kb%3A&ti=a&ts=b&th=c&h=d&s=e&sf=g&prunefrom=j&si=1&norm=t&intel=f&compact=t';
  expect(decodeHash(line)).toEqual({
    ...DEFAULT_STATE,
    granularity: 'lines',
    noinlines: true,
    showcolumns: true,
    mean: true,
    relative: true,
    unit: 'ms',
    nodecount: 40,
    nodefraction: 0.01,
    dropneg: true,
    calltree: true,
    sort: 'cum',
    steps: [
      { kind: 'hide', text: 'd' },
      { kind: 'show', text: 'e' },
      { kind: 'show_from', text: 'g' },
      { kind: 'prune_from', text: 'j' },
      { kind: 'tagfocus', text: 'bytes=1kb:' },
      { kind: 'tagignore', text: 'a' },
      { kind: 'tagshow', text: 'b' },
      { kind: 'taghide', text: 'c' },
    ],
    sample: '1',
  });
  expect(readHash(line).problems).toEqual([
    'ef=0.02 in the link has no meaning here, and is ignored.',
    'norm=t in the link has no meaning here, and is ignored.',
    'intel=f in the link has no meaning here, and is ignored.',
    'compact=t in the link has no meaning here, and is ignored.',
  ]);
  expect(decodeHash('p=json%7Cxml').search).toBe('json|xml');
});

test('the names of older links are read', () => {
  expect(decodeHash('sample=cpu&granularity=files')).toEqual({ ...DEFAULT_STATE, sample: 'cpu', granularity: 'files' });
});

test('a query moves into the hash, which has the last word', () => {
  expect(moveQuery('', '#view=top')).toBeNull();
  expect(moveQuery('?utm=1', '#view=top')).toBeNull();
  const moved = moveQuery('?f=json&si=alloc_space&ef=0.1&calltree=t&utm=1', '#file=demo/heap.pb.gz&si=cpu');
  expect(moved?.query).toBe('utm=1');
  const state = decodeHash(moved?.hash ?? '');
  expect(state.calltree).toBe(true);
  expect(readHash(moved?.hash ?? '').problems).toHaveLength(1);
  expect(filterText(state.steps, 'focus')).toBe('json');
  expect(state.sample).toBe('cpu');
  expect(state.sources).toEqual(['demo/heap.pb.gz']);
});
