/** The order of a table as the URL writes it: a column key, `+` before it for ascending. */
import type { TableOrder } from '../core';
import type { Sort } from './column';

/** Reads the URL's form. A column that the table does not have stands for its default, as an empty text does. */
export function parseSort(text: string): Sort {
  const ascending = text.startsWith('+');
  return { column: ascending ? text.slice(1) : text, ascending };
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

/** What the core is asked with, by the URL's form and the search. */
export function orderOf(text: string, search: string): TableOrder {
  return { ...parseSort(text), search };
}
