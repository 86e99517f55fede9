/** The flame graph of a difference: red for more, blue for less, and a sign with the amount before each name. */
import type { JSX } from 'preact';
import { core } from '../../core';
import type { Query } from '../../core';
import { Entry, hatchOf } from '../../flame/hover';
import type { Look } from '../../flame/look';
import { paletteFor, Special } from '../../flame/palette';
import type { Palette } from '../../flame/palette';
import { css, oklch } from '../../lib/colour';
import type { Rgb } from '../../lib/colour';
import { BoxFlag, NO_NODE } from '../../protocol';
import type { FlameColumns } from '../../protocol';
import { dark } from '../../shell/theme';
import { search } from '../../state';

/**
 * Where one shade ends and the next begins, as the difference's share of both together: 2 % is a change of
 * some 4 %, 20 % one and a half times as much, a third twice, 60 % four times.
 */
const STEPS = [0.02, 0.05, 0.12, 0.2, 0.34, 0.6];
/** Places of a palette before the shades; those of packages are not used. */
const FIRST = Object.keys(Special).length;
/** Shades on each side, and the one between them. */
const SHADES = STEPS.length;

/** Place of a share of -1 to 1. */
export function placeOfChange(change: number): number {
  const step = STEPS.filter((edge) => Math.abs(change) >= edge).length;
  return FIRST + SHADES + (change < 0 ? -step : step);
}

const RED = 27;
const BLUE = 255;

function shade(isDark: boolean, step: number): Rgb {
  const strength = Math.abs(step) / SHADES;
  const hue = step < 0 ? BLUE : RED;
  return isDark
    ? oklch(0.34 + 0.12 * strength, 0.005 + 0.125 * strength, hue)
    : oklch(0.935 - 0.165 * strength, 0.003 + 0.125 * strength, hue);
}

function build(isDark: boolean): Palette {
  const plain = paletteFor(isDark);
  const shades = Array.from({ length: 2 * SHADES + 1 }, (_, i) => shade(isDark, i - SHADES));
  const rgb = [...plain.rgb.slice(0, FIRST), ...shades];
  return { ...plain, rgb, fills: rgb.map(css) };
}

const built = { light: build(false), dark: build(true) };

/** The palette for light or dark. */
export function differencePalette(isDark: boolean): Palette {
  return isDark ? built.dark : built.light;
}

/** Boxes narrower than this many CSS pixels have no room for an amount. */
const ROOM = 56;

async function prefixes(query: Query, columns: FlameColumns): Promise<ReadonlyMap<number, string>> {
  const wide = [...columns.w.keys()].filter((i) => {
    const isOne = columns.node[i] !== NO_NODE && ((columns.flags[i] as number) & BoxFlag.merged) === 0;
    return isOne && (columns.w[i] as number) >= ROOM * devicePixelRatio;
  });
  const texts = await core.compareTexts(query, Float64Array.from(wide, (i) => columns.value[i] as number));
  const isSaid = (text: string): boolean => text !== '' && text !== '0';
  return new Map(wide.flatMap((i, at) => (isSaid(texts[at] ?? '') ? [[i, `${texts[at]?.replace('-', '−')} `]] : [])));
}

function Legend(): JSX.Element {
  const palette = differencePalette(dark.value);
  const { fills } = palette;
  const at = (step: number): string => fills[FIRST + SHADES + step] ?? '';
  return (
    <ul class="flame-legend" aria-label="Colours">
      {search.value === '' ? (
        <>
          <Entry background={`${hatchOf(palette.minus, undefined, 45)}, ${at(-SHADES)}`}>− gone, or ¼</Entry>
          <Entry background={`${hatchOf(palette.minus, undefined, 45)}, ${at(-3)}`}>− less</Entry>
          <Entry background={at(0)}>the same</Entry>
          <Entry background={at(3)}>+ more</Entry>
          <Entry background={at(SHADES)}>+ new, or 4×</Entry>
        </>
      ) : (
        <>
          <Entry background={fills[Special.match]}>match</Entry>
          <Entry background={fills[Special.dimmed]}>no match</Entry>
        </>
      )}
      <Entry background={hatchOf(palette.hatch, fills[Special.merged], 135)}>several thin boxes</Entry>
      <li class="legend-note">width = both together</li>
    </ul>
  );
}

/** How a difference looks. */
export const DIFFERENCE: Look = {
  palette: differencePalette,
  place: (columns, i) => placeOfChange(columns.change[i] ?? 0),
  prefixes,
  legend: Legend,
};
