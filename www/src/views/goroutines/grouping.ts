// What the rows of goroutines are made of: for the view, and for its table where it is saved.

import { signal } from '@preact/signals';

/** By the names that the core has for it. */
export const GROUPINGS = {
  stack: 'Stack',
  state: 'State',
  wait: 'Wait reason',
  creator: 'Created by',
  site: 'Blocking place',
} as const;
/** One of them. */
export type Grouping = keyof typeof GROUPINGS;

/** Kept while the page is open: a way of looking, not a part of what is looked at. */
export const grouping = signal<Grouping>('stack');
