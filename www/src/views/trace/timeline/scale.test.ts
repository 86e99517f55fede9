import { expect, test } from 'vitest';
import { betweenParts, clampPart, lengthText, niceStep, rulerOf, timeText, zoomPart } from './scale';

test('a part stays inside the trace and is never finer than its clock', () => {
  expect(clampPart({ from: -50, to: 50 }, 1000, 64)).toEqual({ from: 0, to: 100 });
  expect(clampPart({ from: 990, to: 991 }, 1000, 64)).toEqual({ from: 936, to: 1000 });
  expect(clampPart({ from: 0, to: 5000 }, 1000, 64)).toEqual({ from: 0, to: 1000 });
  expect(clampPart({ from: 3, to: 4 }, 10, 64)).toEqual({ from: 0, to: 10 });
});

test('zooming keeps what is under the pointer', () => {
  expect(zoomPart({ from: 100, to: 200 }, 0.25, 0.5)).toEqual({ from: 112.5, to: 162.5 });
  expect(zoomPart({ from: 100, to: 200 }, 0, 2)).toEqual({ from: 100, to: 300 });
});

test('a movement begins and ends where it should, and widens evenly', () => {
  const [one, other] = [{ from: 0, to: 1000 }, { from: 400, to: 410 }];
  expect(betweenParts(one, other, 0)).toEqual(one);
  expect(betweenParts(one, other, 1)).toBe(other);
  const middle = betweenParts(one, other, 0.5);
  expect(middle.to - middle.from).toBeCloseTo(100);
});

test('times are no finer than asked', () => {
  expect(timeText(0, 64)).toBe('0');
  expect(timeText(64, 64)).toBe('64ns');
  expect(timeText(1_234_567, 1)).toBe('1.234567ms');
  expect(timeText(1_234_567, 1000)).toBe('1.235ms');
  expect(timeText(1_234_567, 100_000)).toBe('1.2ms');
  expect(timeText(2_000_000_000, 1000)).toBe('2s');
  // 1500 are 23.4 ticks: 23 are 1472, and the clock tells no hundredth of a microsecond.
  expect(timeText(1_500, 64)).toBe('1.5us');
  expect(timeText(2_001_877_523, 64)).toBe('2.0018775s');
  expect(timeText(1_020_000, 20_000)).toBe('1.02ms');
  expect(timeText(1_050, 50)).toBe('1.05us');
  expect(lengthText(242_364_544)).toBe('242.36ms');
  expect(lengthText(2_000_000)).toBe('2ms');
  expect([0, 1, 63, 640, 1_216, 123_456, 999_960].map(lengthText)).toEqual(['0', '<64ns', '64ns', '640ns', '1.2us', '123.5us', '1ms']);
});

test('rulers have nice lines, as many as there is room for, never finer than a tick', () => {
  expect([0.3, 1, 3, 7, 50, 51].map(niceStep)).toEqual([0.5, 1, 5, 10, 50, 100]);
  const whole = rulerOf({ from: 0, to: 242e6 }, 1000, 100, 64);
  expect(whole.step).toBe(50e6);
  expect(whole.lines.map(({ text }) => text)).toEqual(['0', '50ms', '100ms', '150ms', '200ms']);
  const deep = rulerOf({ from: 1_234_567_000, to: 1_234_567_640 }, 1000, 100, 64);
  expect(deep.step).toBe(100);
  expect(deep.base).toBe(1_234_567_000);
  expect(deep.lines[1]).toEqual({ at: 1_234_567_100, text: '+100ns' });
  expect(rulerOf({ from: 0, to: 64 }, 1000, 100, 64).step).toBe(100);
});
