import { expect, test } from 'vitest';
import type { TraceChart } from '../../../core';
import { described, placeText, shareText, timeText, valueText } from './words';

const chart: TraceChart = {
  title: 'What the Ps were used for',
  kind: 'areas',
  x: [0, 40e6, 80e6],
  end: 100e6,
  ticks: [],
  top: 4,
  topText: '4 Ps',
  parts: [
    { name: 'goroutines', role: 'running', values: [1, 1, 2], text: '32.5%' },
    { name: 'GC', role: 'worker', values: [0, 2, 2], text: '30.0%' },
  ],
};
const bars: TraceChart = {
  ...chart,
  title: 'Each wait',
  kind: 'bars',
  x: [1e3, 1e4],
  end: 1e5,
  top: 8,
  topText: '8',
  parts: [{ name: '', role: 'plain', values: [8, 1], text: '' }],
};
const curve: TraceChart = {
  ...chart,
  title: 'Least share',
  kind: 'curve',
  x: [1e4, 1e5, 1e6, 1e7, 1e8],
  end: 1e8,
  top: 1,
  topText: '100%',
  parts: [{ name: 'left', role: 'running', values: [0, 0.25, 0.5, 0.75, 0.99], text: '' }],
};

test.each([
  [0, '0'],
  [647, '647ns'],
  [1000, '1us'],
  [202_750, '202.75us'],
  [12_500_000, '12.50ms'],
  [2e9, '2s'],
  [90e9, '90s'],
])('%d ns is %s', (nanos, text) => {
  expect(timeText(nanos)).toBe(text);
});

test.each([
  [0, '0'],
  [0.000001, '<0.01%'],
  [0.0654, '6.54%'],
  [0.116, '11.6%'],
  [1, '100.0%'],
])('%d is %s', (share, text) => {
  expect(shareText(share)).toBe(text);
});

test('values are written as what they are', () => {
  expect(valueText(chart, 'running', 1)).toBe('25.0%');
  expect(valueText({ ...chart, top: 0 }, 'running', 1)).toBe('0');
  expect(valueText({ ...chart, kind: 'lines' }, 'running', 1.333)).toBe('1.33');
  expect(valueText({ ...chart, kind: 'lines' }, 'heap', 3 << 20)).toBe('3MB');
  expect(valueText(bars, 'plain', 12_345)).toBe('12\u202f345');
  expect(valueText({ kind: 'heat', top: 1 }, 'running', 0.5)).toBe('50.0%');
});

test('places are moments, runs of durations, or lengths of windows', () => {
  expect(placeText(chart, 1)).toBe('at 40ms');
  expect(placeText(bars, 0)).toBe('1us to 10us');
  expect(placeText(bars, 1)).toBe('10us to 100us');
  expect(placeText(curve, 2)).toBe('in any 1ms');
});

test('a picture is told in words', () => {
  expect(described(chart)).toBe('What the Ps were used for, over 100ms: goroutines 32.5%, GC 30.0%; the scale ends at 4 Ps');
  expect(described(bars)).toBe('Each wait: a histogram of 1us to 100us, the most, 8, are from 1us to 10us');
  expect(described(curve)).toBe('Least share: in any 10us 0, in any 100us 25.0%, in any 1ms 50.0%, in any 10ms 75.0%, in any 100ms 99.0%');
});
