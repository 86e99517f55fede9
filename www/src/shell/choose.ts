// Filters that are made of a function: from the details, and from the menu of a box or row.

import { signal } from '@preact/signals';
import type { FrameName, Query } from '../core';
import { expressionFor, withChosen } from '../lib/filters';
import type { FilterName } from '../lib/filters';
import { appliedText } from '../lib/steps';
import { setFilter } from '../refine';
import { query, state } from '../state';

/** The filters that can be made of a function, as in pprof's page. */
export const CHOSEN: readonly FilterName[] = ['focus', 'ignore', 'hide', 'show_from'];

/** The expression for what a name stands for; empty where none can tell it. */
export function chosenExpression(name: FrameName): string {
  return expressionFor(name, state.value.granularity);
}

/** Rows that one filter can be made of: an expression of more is too long for anybody to read, or for a link. */
const MOST_TOGETHER = 200;

/** The expression that what is chosen joins; what is switched off is not brought back by an addition to it. */
export function joinable(filter: FilterName): string {
  return appliedText(state.peek().steps, filter);
}

/** Filters by a function, as a step of the history. */
export function choose(filter: FilterName, name: FrameName): void {
  chooseAll(filter, [name]);
}

/** The expressions that tell what rows stand for, or why there are none. */
export function expressionsOf(names: readonly FrameName[]): string | string[] {
  if (names.length > MOST_TOGETHER) {
    return `A filter of ${names.length} rows is more than anybody can read: pick ${MOST_TOGETHER} at most, or write an expression.`;
  }
  const chosen = [...new Set(names.map(chosenExpression).filter((one) => one !== ''))];
  return chosen.length === 0 ? 'No expression can tell what these rows stand for.' : chosen;
}

/** Filters by any of some functions, as a step of the history. Says why that cannot be; empty when it is done. */
export function chooseAll(filter: FilterName, names: readonly FrameName[]): string {
  const chosen = expressionsOf(names);
  if (typeof chosen === 'string') return chosen;
  const before = joinable(filter);
  // Each joins what is there, or all of them together replace it.
  const joined = chosen.reduce((so, one) => withChosen(filter, so, one), before);
  setFilter(filter, joined === chosen.at(-1) ? chosen.join('|') : joined);
  return '';
}

/** A box of the flame graph. */
export interface Box {
  id: string;
  inverted: boolean;
}

/** Where a menu opens, in the window: where the pointer is, or under what the keyboard is at. */
export interface MenuPlace {
  clientX: number;
  clientY: number;
  /** Of a pointer: with Shift the browser's own menu stays at hand. */
  shiftKey?: boolean;
  preventDefault?(): void;
}

/** What a table adds to the menu of a row. */
export interface MenuRows {
  /** All that are picked, when it is the menu of more than one row. */
  several?: readonly FrameName[];
  /** Picks the row, or leaves it; for fingers, which have no Ctrl. */
  pick?: () => void;
  /** Copies the rows that it is about, and says what came of it. */
  copy?: (form: 'text' | 'csv') => Promise<string>;
  /** The box that it is about, where it is one. */
  box?: Box | null;
}

/** The open menu of a box or row: whose it is, and where. */
export interface FrameMenu extends MenuRows {
  name: FrameName;
  several: readonly FrameName[];
  asked: Query;
  /** The box, when it is one. */
  box: Box | null;
  x: number;
  y: number;
}

/** The open menu; null for none. */
export const frameMenu = signal<FrameMenu | null>(null);

/** Opens the menu of a function, or of several of which it is one, instead of the browser's. */
export function openFrameMenu(name: FrameName, asked: Query | null, at: MenuPlace, rows: MenuRows = {}): void {
  // A node of an older query is another function.
  if (at.shiftKey === true || asked === null || asked !== query.peek()) return;
  at.preventDefault?.();
  frameMenu.value = { several: [], box: null, ...rows, name, asked, x: at.clientX, y: at.clientY };
}
