// The table of the view that is shown, as CSV.

import { core } from '../core';
import type { Query } from '../core';
import type { ViewState } from '../lib/hash';
import { search } from '../state';
import { orderOf } from '../table/sort';

/** The tables that the core writes, by view; of any other view it is Top's. */
const TABLES = {
  top: 'Top',
  hotpaths: 'Hot paths',
  callers: 'Callers & callees',
  allocations: 'Allocations',
  goroutines: 'Goroutines',
  compare: 'Compare',
} as const;
type TableName = keyof typeof TABLES;

/** Which table stands for what is shown. */
export function tableOf(view: string, asked: Query | null): TableName {
  // Without a baseline there is no comparison to write.
  if (view === 'compare' && asked?.base == null) return 'top';
  return view in TABLES ? (view as TableName) : 'top';
}

/** What it is called on the page. */
export function tableTitle(table: TableName): string {
  return TABLES[table];
}

function sortOf(table: TableName, { sort, allocSort, compareSort }: ViewState): string {
  if (table === 'allocations') return allocSort;
  return table === 'compare' ? compareSort : sort;
}

/** The table, all of its rows in the order shown. */
export function tableCsv(table: TableName, asked: Query, state: ViewState, node: number | null): Promise<Uint8Array> {
  return core.tableCsv(asked, { table, order: orderOf(sortOf(table, state), search.peek()), node: node ?? -1 });
}
