// Filters that are made of a function: from the details, and from the menu of a box or row.

import { signal } from '@preact/signals';
import type { FrameName, Query } from '../core';
import { expressionFor, withChosen } from '../lib/filters';
import type { FilterName } from '../lib/filters';
import { setFilter } from '../refine';
import { query, state } from '../state';

/** The filters that can be made of a function, as in pprof's page. */
export const CHOSEN: readonly FilterName[] = ['focus', 'ignore', 'hide', 'show_from'];

/** The expression for what a name stands for; empty where none can tell it. */
export function chosenExpression(name: FrameName): string {
  return expressionFor(name, state.value.granularity);
}

/** Filters by a function, as a step of the history. */
export function choose(filter: FilterName, name: FrameName): void {
  const { filters, off } = state.peek();
  // What is switched off is not brought back by an addition to it.
  const before = off.includes(filter) ? '' : filters[filter];
  setFilter(filter, withChosen(filter, before, chosenExpression(name)));
}

/** The open menu of a box or row: whose it is, and where. */
export interface FrameMenu {
  name: FrameName;
  asked: Query;
  x: number;
  y: number;
}

/** The open menu; null for none. */
export const frameMenu = signal<FrameMenu | null>(null);

/** Opens the menu of a function, where the pointer is, instead of the browser's. */
export function openFrameMenu(name: FrameName, asked: Query | null, event: MouseEvent): void {
  // With Shift the browser's own menu stays at hand; a node of an older query is another function.
  if (event.shiftKey || asked === null || asked !== query.peek()) return;
  event.preventDefault();
  frameMenu.value = { name, asked, x: event.clientX, y: event.clientY };
}
