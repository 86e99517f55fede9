// Between what the state asks for and what the views may ask the core: a filter that cannot be used
// would be refused by every verb, so the core is asked about new filters before anything uses them.

import { signal } from '@preact/signals';
import { keyed } from './core';
import type { FilterInfo, FilterProblem, Query } from './core';
import type { FilterName, FilterSet } from './lib/filters';

/** What the core said about the filters of a file. */
export interface Verdict {
  /** Which filters of which file, and what of it they are to leave. */
  key: string;
  /** The filters that can be used: in place of a bad one stands what was used before. */
  filters: FilterSet;
  problems: readonly FilterProblem[];
  /** What they leave; absent when there were problems. */
  info: FilterInfo | undefined;
}

const latest = signal<Verdict | null>(null);

/** Whether the query has any filter. */
export function hasFilters({ filters }: Query): boolean {
  return Object.values(filters).some((expression) => expression !== '');
}

function keyOf({ file, sample, filters, unit }: Query): string {
  return JSON.stringify([file, sample, filters, unit]);
}

/** The verdict on the filters of a query; null when there is none, or none yet. */
export function verdictOn(query: Query | null): Verdict | null {
  const verdict = latest.value;
  return query !== null && verdict?.key === keyOf(query) ? verdict : null;
}

/** Whether the core has to be asked before the query can be used. */
export function isUnchecked(query: Query | null): boolean {
  return query !== null && hasFilters(query) && verdictOn(query) === null;
}

/** What can be shown of what is wanted: while that is not known, what is shown already. */
export function usable(wanted: Query | null, shown: Query | null): Query | null {
  if (wanted === null || !hasFilters(wanted)) return wanted;
  const verdict = verdictOn(wanted);
  if (verdict === null) return shown;
  const query = { ...wanted, filters: verdict.filters };
  return shown !== null && JSON.stringify(query) === JSON.stringify(shown) ? shown : query;
}

/** Asks the core about the filters of a query, unless that has been done. */
export function check(wanted: Query | null, shown: Query | null): void {
  if (wanted === null) latest.value = null;
  else if (isUnchecked(wanted)) void ask(wanted, shown?.file === wanted.file ? shown.filters : undefined);
}

async function ask(wanted: Query, before: FilterSet | undefined): Promise<void> {
  const problems: FilterProblem[] = [];
  const filters = { ...wanted.filters };
  let info: FilterInfo | undefined;
  try {
    info = await keyed('filters.check').filters(wanted);
    problems.push(...info.problems);
  } catch (error) {
    // Of what cannot be done at all it is not known which filter is to blame.
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({ option: '', reason, at: -1 });
    Object.assign(filters, before ?? Object.fromEntries(Object.keys(filters).map((name) => [name, ''])));
  }
  for (const { option } of problems) {
    if (option !== '') filters[option as FilterName] = before?.[option as FilterName] ?? '';
  }
  latest.value = { key: keyOf(wanted), filters, problems, info: problems.length === 0 ? info : undefined };
}
