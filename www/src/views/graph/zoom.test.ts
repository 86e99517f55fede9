import { expect, test } from 'vitest';
import { WHOLE, zoomPlace, zoomText } from './zoom';

const any = (scale: number): number => scale;

test('the text has the point in the middle, in few digits', () => {
  // 400 CSS pixels from the left edge are 400 - 100 from that of the picture: 300 / 1.5 points; 300 - -30 down: 220.
  expect(zoomText({ scale: 1.5, x: 100, y: -30 }, 800, 600)).toBe('1.5_200_220');
  expect(zoomText({ scale: 1.23456, x: 0.1, y: 700 }, 800, 600)).toBe('1.2346_323.92_-324');
  expect(zoomText({ scale: 0.00123456, x: 400, y: 300 }, 800, 600)).toBe('0.0012346_0_0');
});

test('reading ∘ writing = identity, and less than a pixel off what was written', () => {
  for (const place of [{ scale: 1 / 3, x: -1234.567, y: 89.0123 }, { scale: 6, x: 0, y: -40_000.4 }, { scale: 0.0123456, x: 12, y: 1 }]) {
    const text = zoomText(place, 1000, 700);
    const read = zoomPlace(text, 1000, 700, any);
    expect(read && zoomText(read, 1000, 700)).toBe(text);
    // What is in sight: 1000 pixels, half of them beside the middle.
    const at = (of: { scale: number; x: number }, point: number): number => of.x + point * of.scale;
    for (const x of [0, 500, 1000]) expect(Math.abs(at(read ?? place, (x - place.x) / place.scale) - x)).toBeLessThan(0.1);
  }
});

test('on a canvas of another size the same point is in the middle', () => {
  expect(zoomPlace('1.5_200_220', 800, 600, any)).toEqual({ scale: 1.5, x: 100, y: -30 });
  expect(zoomPlace('1.5_200_220', 400, 200, any)).toEqual({ scale: 1.5, x: -100, y: -230 });
  // Of another scale, too.
  expect(zoomPlace('9_200_220', 800, 600, (scale) => Math.min(scale, 2))).toEqual({ scale: 2, x: 0, y: -140 });
});

test('a text that is none of ours names no place', () => {
  const nonsense = [
    '', WHOLE, '1', '1_2', '1_2_3_4', '1,2,3', '1_2_', '_1_2', ' 1_2_3', '1_2_3\n', '-1_2_3', '1e3_2_3', '1_1e9_3', '1_0x1_3', '1_NaN_3', 'Infinity_2_3',
    '1_Infinity_3', '10_2_3', '1_12345678_3', '1_2.345_3', '.5_2_3', '1._2_3', '1_--2_3', '1_+2_3', '١_2_3', '1_2_3'.repeat(10_000), '<b>_2_3',
  ];
  for (const text of nonsense) expect(zoomPlace(text, 800, 600, any), text.slice(0, 20)).toBeNull();
});
