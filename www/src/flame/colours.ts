// What colours tell, other than packages by their hue: groups of functions, as many as can be told apart.

import { computed, effect, signal } from '@preact/signals';
import type { ColourGroups, FrameName, Query } from '../core';
import type { Colour } from '../lib/hash';
import type { FlameColumns } from '../protocol';
import { setSettings, setting } from '../settings';
import { query, state } from '../state';
import { isNegative, look, PACKAGES } from './look';
import type { Look } from './look';
import { OTHERS } from './picture';
import { groupPlace, paletteFor, placeOf, safePaletteFor, Special } from './palette';
import type { Palette } from './palette';

/** Whether colours are those that the colour-blind tell apart. */
export const safeColours = computed(() => setting('palette').value === 'safe');

/** Chooses them, or the usual ones. */
export function setSafeColours(safe: boolean): void {
  setSettings({ palette: safe ? 'safe' : 'usual' });
}

/** The palette that groups are drawn with. */
export const groupPalette = computed<(dark: boolean) => Palette>(() => (safeColours.value ? safePaletteFor : paletteFor));

/** Place of a function's box by its group. Packages keep their hue unless hues are not to be told apart. */
export function placeInPalette(colour: Colour, safe: boolean, name: { class: string; hue: number }, group: number): number {
  return colour === 'package' && !safe ? placeOf(name) : groupPlace(group);
}

/** How boxes are coloured; `lit` is the one group that is not dimmed, -1 for all, 255 for the others. */
export function lookOf(colour: Colour, safe: boolean, lit: number): Look {
  if (colour === 'package' && !safe && lit < 0) return PACKAGES;
  return {
    by: colour,
    safe,
    palette: safe ? safePaletteFor : paletteFor,
    place: (columns: FlameColumns, i: number, name: FrameName, group: number) => {
      if (lit >= 0 && group !== lit) return Special.dimmed;
      return isNegative(columns, i) ? Special.negative : placeInPalette(colour, safe, name, group);
    },
  };
}

/** What the state calls the group of all that have no place of their own. */
export const OTHERS_KEY = '-';

/** The groups of the query that is shown, once the core has told them. */
export const found = signal<{ query: Query; colour: Colour; groups: ColourGroups } | null>(null);

/** Colour, whether it is safe, and the place of the lit group: all that a look is made of. */
const wanted = computed<string>(() => {
  const { colour, lit } = state.value;
  const known = found.value?.query === query.value && found.value?.colour === colour ? found.value.groups : null;
  const isOthers = lit === OTHERS_KEY && known?.others != null;
  const at = lit === '' || known === null ? -1 : isOthers ? OTHERS : known.groups.findIndex((group) => group.key === lit);
  return JSON.stringify([colour, safeColours.value, at]);
});
const asked = computed<Look>(() => lookOf(...(JSON.parse(wanted.value) as [Colour, boolean, number])));

// The graph was there first; from now on it has the colours that the state asks for.
effect(() => {
  look.value = asked.value;
});
