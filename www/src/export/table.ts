// The table of the view that is shown, as CSV.

import { core } from '../core';
import type { Query, TableOrder } from '../core';
import type { ViewState } from '../lib/hash';
import { file, search, searchText } from '../state';
import { orderOf } from '../table/sort';
import { canGrow } from '../views/compare/growing';
import { grouping } from '../views/goroutines/grouping';

/** The tables that the core writes, by view or part of one; of any other view it is Top's. */
const TABLES = {
  top: 'Top',
  hotpaths: 'Hot paths',
  callers: 'Callers & callees',
  allocations: 'Allocations',
  goroutines: 'Goroutines',
  compare: 'Compare',
  growth: 'Growth',
} as const;
type TableName = keyof typeof TABLES;

/** Which table stands for what is shown. */
export function tableOf({ view, mode }: ViewState, asked: Query | null): TableName {
  if (view === 'compare' && mode === 'growth') return file.value !== null && canGrow(file.value) ? 'growth' : 'top';
  // Without a baseline there is no comparison to write.
  if (view === 'compare' && asked?.base == null) return 'top';
  return view in TABLES ? (view as TableName) : 'top';
}

/** What it is called on the page. */
export function tableTitle(table: TableName): string {
  return TABLES[table];
}

/** Its order, and what it is searched for. */
function shownOrder(table: TableName, { sort, allocSort, compareSort }: ViewState): TableOrder {
  // Of the sites that grew there is one order, and a text is looked for.
  if (table === 'growth') return orderOf('', searchText.peek());
  // The groups of goroutines are largest first, whatever they are made of.
  if (table === 'goroutines') return orderOf(grouping.peek(), search.peek());
  if (table === 'allocations') return orderOf(allocSort, search.peek());
  return orderOf(table === 'compare' ? compareSort : sort, search.peek());
}

/** The table, all of its rows in the order shown. */
export function tableCsv(table: TableName, asked: Query, state: ViewState, node: number | null): Promise<Uint8Array> {
  return core.tableCsv(asked, { table, order: shownOrder(table, state), node: node ?? -1 });
}
