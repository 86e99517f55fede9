import { expect, test } from 'vitest';
import type { TraceInfo } from '../../core';
import { TRACE_DEFAULTS } from '../../lib/tracestate';
import { barColumn, mainColumn } from './columns';
import { expressionOf } from './flame';
import { isUnknown, placeOf } from './question';
import { neighbour } from './sections';

const section = (id: string, hasRows = true): TraceInfo['sections'][number] => ({ id, title: id.toUpperCase(), about: `about ${id}`, headline: '', hasRows });
const info: TraceInfo = {
  available: true,
  title: '',
  facts: [],
  losses: [],
  length: 1,
  tick: 1,
  lengthText: '',
  sections: [section('procs', false), section('groups'), section('pools'), section('stops')],
};

test('without a name it is the first section that has rows', () => {
  expect(placeOf(info, TRACE_DEFAULTS)).toMatchObject({ id: 'groups', title: 'GROUPS', outer: undefined, inner: 'goroutines' });
  expect(placeOf(info, { ...TRACE_DEFAULTS, section: 'nowhere' }).id).toBe('groups');
  expect(isUnknown(info, 'nowhere')).toBe(true);
  expect(isUnknown(info, '')).toBe(false);
  expect(isUnknown(info, 'stop_list')).toBe(false);
});

test('a section inside another one knows where it was come from', () => {
  const inside = { ...TRACE_DEFAULTS, section: 'goroutines' };
  expect(placeOf(info, inside)).toMatchObject({ title: 'Single goroutines', outer: { id: 'groups' } });
  expect(placeOf(info, { ...inside, via: 'pools' }).outer?.id).toBe('pools');
  // Nobody comes from there.
  expect(placeOf(info, { ...inside, via: 'stops' }).outer?.id).toBe('groups');
});

test('sections follow each other round and round', () => {
  expect(neighbour(info, 'stops', 1)).toBe('procs');
  expect(neighbour(info, 'procs', -1)).toBe('stops');
});

test('a tag is matched as it stands, whatever is in a name', () => {
  expect(expressionOf('goroutine=example.com/a.(*T[int,string]).run.func1')).toBe(
    'goroutine=^example\\.com/a\\.\\(\\*T\\[int\\x2cstring\\]\\)\\.run\\.func1$',
  );
});

test('a row is known by its name, else its text, else its first cell; bars stand behind their figures', () => {
  const columns = (...kinds: [title: string, kind: string][]): { title: string; kind: string; help: string }[] => kinds.map(([title, kind]) => ({ title, kind, help: '' }));
  expect(mainColumn(columns(['For', 'text'], ['Where', 'name']))).toBe(1);
  expect(mainColumn(columns(['At', 'number'], ['Type', 'text']))).toBe(1);
  expect(mainColumn(columns(['P', 'number'], ['Busy', 'number']))).toBe(0);
  expect(barColumn(columns(['P', 'number'], ['Busy', 'number']), 'procs')).toBe(1);
  expect(barColumn(columns(['State', 'text'], ['Total', 'number']), 'blocking')).toBe(1);
  expect(barColumn(columns(['Cycle', 'number']), 'gc')).toBe(-1);
});
