/**
 * Several rows at a time: picked with Ctrl, with Shift, or with Space, beside the one that is selected.
 * They are kept by key, so that they outlive another order and a search; another query ends them.
 */
import { useRef, useState } from 'preact/hooks';
import type { RowCache } from './rows';

/** Rows that can be picked at a time: more is no choice any longer, and has to be fetched. */
const MOST_PICKED = 1000;

/** What is picked, and how that changes. */
export interface Picks<Row> {
  rows: readonly Row[];
  has(row: Row): boolean;
  clear(): void;
  /**
   * Adds a row or takes it away; the one that is `selected` counts as picked while nothing else is.
   * Says how many are picked then.
   */
  toggle(row: Row, index: number, selected: Row | undefined): number;
  /** Every row from where the last pick began to this one. Resolves to how many. */
  extend(index: number, from: number): Promise<number>;
  /** All rows, or as many as can be picked. Resolves to how many. */
  all(): Promise<number>;
}

interface Kept<Row> {
  rows: ReadonlyMap<string, Row>;
  /** What they are rows of. */
  of: unknown;
}

/** The picks of a table; undefined where rows cannot be told apart. */
export function usePicks<Row>(cache: RowCache<Row>, keyOf: ((row: Row) => string) | undefined): Picks<Row> | undefined {
  const { source } = cache;
  // Rows that are about nothing in particular belong to their source.
  const of = source.about ?? source.key;
  const [kept, keep] = useState<Kept<Row>>({ rows: new Map(), of });
  const start = useRef({ index: -1, key: source.key });
  if (keyOf === undefined) return undefined;
  const now = kept.of === of ? kept.rows : new Map<string, Row>();
  const put = (rows: ReadonlyMap<string, Row>): void => keep({ rows, of });
  const run = async (first: number, count: number): Promise<number> => {
    const range = { first, count: Math.min(count, MOST_PICKED) };
    await cache.load(range);
    const rows = Array.from({ length: range.count }, (_, i) => cache.row(first + i)).filter((row) => row !== undefined);
    put(new Map(rows.map((row) => [keyOf(row), row])));
    return rows.length;
  };
  return {
    rows: [...now.values()],
    has: (row) => now.size > 0 && now.has(keyOf(row)),
    clear: () => {
      start.current.index = -1;
      if (now.size > 0) put(new Map());
    },
    toggle: (row, index, selected) => {
      start.current = { index, key: source.key };
      const next = new Map(now);
      // Adding to one row that is selected means both; the selected row itself is just picked.
      if (now.size === 0 && selected !== undefined && keyOf(selected) !== keyOf(row)) next.set(keyOf(selected), selected);
      if (!next.delete(keyOf(row)) && next.size < MOST_PICKED) next.set(keyOf(row), row);
      put(next);
      return next.size;
    },
    extend: (index, from) => {
      // In another order the beginning is another row.
      const isHere = start.current.key === source.key && start.current.index >= 0;
      if (!isHere) start.current = { index: Math.max(from, 0), key: source.key };
      const first = Math.min(start.current.index, index);
      const last = Math.max(start.current.index, index);
      // Of too long a run the end where it began stays.
      const cut = Math.max(last - first + 1 - MOST_PICKED, 0);
      return run(index < start.current.index ? first + cut : first, last - first + 1 - cut);
    },
    all: () => run(0, source.rows),
  };
}

/** What is said of a number of picked rows. */
export function pickedText(count: number, all: number): string {
  if (count === MOST_PICKED && all > MOST_PICKED) return `${MOST_PICKED} rows picked, the most that can be`;
  return count === 1 ? '1 row picked' : `${count} rows picked`;
}
