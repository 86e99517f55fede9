import { expect, test } from 'vitest';
import { decodeHash, DEFAULT_STATE, encodeHash } from './hash';
import { readTrace, TRACE_DEFAULTS, traceParams } from './tracestate';
import type { TraceState } from './tracestate';

const FULL: TraceState = { section: 'stop_list', of: 'GC sweep & mark = 1', via: 'pools', row: 17, sort: '+3', system: true, range: '0,1000', window: '64,128', pins: '1,17' };

test('a fresh page needs no parameters', () => {
  expect(traceParams(TRACE_DEFAULTS)).toEqual([]);
  expect(readTrace([])).toEqual({ state: TRACE_DEFAULTS, problems: [] });
});

test('what was said is read again, through the link, all of it and each for itself', () => {
  const through = (trace: TraceState): TraceState => {
    const { state, problems } = readTrace(decodeHash(encodeHash({ ...DEFAULT_STATE, trace: traceParams(trace) })).trace);
    expect(problems).toEqual([]);
    return state;
  };
  expect(through(FULL)).toEqual(FULL);
  for (const key of Object.keys(FULL) as (keyof TraceState)[]) {
    const one = { ...TRACE_DEFAULTS, [key]: FULL[key] };
    expect(through(one)).toEqual(one);
  }
  // The first row is a row.
  expect(through({ ...TRACE_DEFAULTS, row: 0 }).row).toBe(0);
});

test('nonsense is told and ignored', () => {
  const wrong = [
    ['tr.row', '-1'],
    ['tr.row', '99999999999'],
    ['tr.sort', 'flat'],
    ['tr.depth', '3'],
    ['tr.range', '5,5'],
    ['tr.window', 'all'],
    ['tr.pins', '1,x'],
  ] as const;
  const { state, problems } = readTrace(wrong);
  expect(state).toEqual(TRACE_DEFAULTS);
  expect(problems).toEqual([
    'tr.row=-1 in the link is no row, and is ignored.',
    'tr.row=99999999999 in the link is no row, and is ignored.',
    'tr.sort=flat in the link is no order, and is ignored.',
    'tr.depth=3 in the link has no meaning here, and is ignored.',
    'tr.range=5,5 in the link is no part of a trace, and is ignored.',
    'tr.window=all in the link is no part of a trace, and is ignored.',
    'tr.pins=1,x in the link is no list of goroutines, and is ignored.',
  ]);
});

test('parameters of the two views do not meet', () => {
  const { bench, trace } = decodeHash('b.sel=x&tr.section=gc&t=nonsense');
  expect(bench).toEqual([['b.sel', 'x']]);
  expect(trace).toEqual([['tr.section', 'gc']]);
});
