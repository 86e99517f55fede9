/** A table narrowed by the search box: what an expression that cannot be used does to it. */
import type { JSX } from 'preact';
import { keyed } from '../core';
import type { Query, TableOrder } from '../core';

/** A table's outline and the order it was asked for in. */
export interface Filtered<T> {
  info: T;
  order: TableOrder;
  /** Why the expression cannot be used, and the rows are all of them; empty when it can. */
  refused: string;
}

/** Asks for a table; when its expression is not valid, for the table without it. */
export async function filtered<T extends { rows: number }>(
  asked: Query,
  order: TableOrder,
  load: (order: TableOrder) => Promise<T>,
): Promise<Filtered<T>> {
  const info = await load(order);
  // One that is not valid matches nothing: only then is it worth a question.
  if (order.search === '' || info.rows > 0) return { info, order, refused: '' };
  const { error } = await keyed('view').search(asked, order.search);
  if (error === '') return { info, order, refused: '' };
  const all = { ...order, search: '' };
  return { info: await load(all), order: all, refused: error };
}

/** Says so. */
export function Refusal(props: { refused: string }): JSX.Element | null {
  if (props.refused === '') return null;
  return <span class="pane-refused">The search is not a valid expression: all rows are shown.</span>;
}
