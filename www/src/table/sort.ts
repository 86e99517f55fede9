/** The order of a table as the URL writes it: a column key, `+` before it for ascending. */
import type { TableOrder } from '../core';
import type { Sort } from './column';

/** Reads the URL's form; an empty text means `fallback`, descending. */
export function parseSort(text: string, fallback: string): Sort {
  const ascending = text.startsWith('+');
  return { column: (ascending ? text.slice(1) : text) || fallback, ascending };
}

/** Writes the URL's form. */
export function formatSort(sort: Sort): string {
  return (sort.ascending ? '+' : '') + sort.column;
}

/** The order after a click on a heading: the same column turns round, names start with A, numbers with the largest. */
export function nextSort(now: Sort, column: string): Sort {
  if (now.column === column) return { column, ascending: !now.ascending };
  return { column, ascending: column === 'name' };
}

/** What the core is asked with. */
export function orderOf(sort: Sort, search: string): TableOrder {
  return { column: sort.column, ascending: sort.ascending, search };
}
