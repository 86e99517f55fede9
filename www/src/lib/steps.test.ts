import { expect, test } from 'vitest';
import { FILTERS } from './filters';
import { active, decodeStep, encodeSteps, filterText, moved, placeOf, switched, TRANSFORMS, withFilter, without, written } from './steps';
import type { Step } from './steps';

const list: Step[] = [
  { kind: 'focus', text: 'a' },
  { kind: 'merge_function', text: 'b', off: true },
  { kind: 'hide', text: 'c' },
];

test('every step has a parameter and every transform a letter of its own', () => {
  const params = [...FILTERS, ...TRANSFORMS].map(({ param }) => param);
  expect(new Set(params).size).toBe(12 + 11);
  expect(new Set(TRANSFORMS.map(({ letter }) => letter)).size).toBe(11);
});

test('what is switched off stays in the list and does not apply', () => {
  expect(active(list)).toEqual([{ kind: 'focus', text: 'a' }, { kind: 'hide', text: 'c' }]);
  expect([0, 1, 2].map((at) => placeOf(list, at))).toEqual([0, 2, -1]);
  expect(active(switched(list, [0, 1], true)).map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  expect(active(switched(list, [0, 2], false))).toEqual([]);
  expect(switched(switched(list, [1], true), [1], false)).toEqual(list);
});

test('a new filter stands where pprof has it, after the last transform; one of its kind is replaced', () => {
  const texts = (steps: readonly Step[]): string => steps.map(({ text }) => text).join('');
  expect(texts(withFilter([{ kind: 'hide', text: 'h' }], 'focus', 'f'))).toBe('fh');
  expect(texts(withFilter(list, 'focus', 'x'))).toBe('abxc');
  expect(texts(withFilter(list, 'tagroot', 'x'))).toBe('abcx');
  expect(texts(withFilter(list, 'hide', 'x'))).toBe('abx');
  expect(texts(withFilter(list, 'hide', ''))).toBe('ab');
  expect(texts(withFilter(list, 'ignore', ''))).toBe('abc');
  expect(filterText(list, 'hide')).toBe('c');
  // The focus before the transform is another one.
  expect(filterText(list, 'focus')).toBe('');
});

test('a step that is written replaces what it was opened for, or stands where a new one goes', () => {
  expect(written(list, 'focus', 'x', 0)).toEqual({ steps: [{ kind: 'focus', text: 'x' }, list[1], list[2]], place: 0 });
  expect(written(list, 'merge_function', 'x', 0)).toEqual({ steps: [...list, { kind: 'merge_function', text: 'x' }], place: 3 });
  expect(written(list, 'ignore', 'x', 0).place).toBe(2);
  expect(written(list, 'focus', '', 0).steps).toEqual(without(list, 0));
});

test('a step is moved, and not out of the list', () => {
  const texts = (steps: readonly Step[]): string => steps.map(({ text }) => text).join('');
  expect(texts(moved(list, 0, 2))).toBe('bca');
  expect(texts(moved(list, 2, 0))).toBe('cab');
  expect(moved(list, 0, 3)).toEqual(list);
  expect(moved(list, 0, -1)).toEqual(list);
});

test('pprof’s filters in its order are its parameters, anything else is a list', () => {
  const plain: Step[] = [{ kind: 'focus', text: 'a' }, { kind: 'hide', text: 'b', off: true }];
  expect(encodeSteps(plain)).toEqual([['f', 'a'], ['h', 'b'], ['off', 'h']]);
  expect(encodeSteps(list)).toEqual([['t', 'f:a'], ['t', '-mf:b'], ['t', 'h:c']]);
  expect(encodeSteps(moved(plain, 0, 1))).toEqual([['t', '-h:b'], ['t', 'f:a']]);
  for (const step of list) expect(decodeStep(encodeSteps([step, ...list])[0]?.[1] ?? '')).toEqual(step);
  for (const wrong of ['', 'f', 'f:', 'zz:a', ':a', '--f:a']) expect(decodeStep(wrong)).toBeNull();
});
