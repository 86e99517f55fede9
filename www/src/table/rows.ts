/**
 * Rows of a table by blocks: what has been fetched is kept, what is missing is asked for once.
 * No DOM in here.
 */
import type { RowRange } from './window';

/** Rows fetched at a time. */
export const BLOCK = 128;

/** Blocks kept; the ones asked for longest ago go first. */
const KEPT = 48;

/** Where a table's rows come from. */
export interface RowSource<Row> {
  /** Changes whenever the same index may stand for another row: query, order, search. */
  key: string;
  /** Where it stays the same the table stays where it was scrolled to: rows were added or taken away. */
  scroll?: string;
  /** What nodes of the rows refer to; rows about another thing can be seen but not used. */
  about?: unknown;
  /** Rows in all. */
  rows: number;
  /** Rows `start .. start + count`, fewer at the end. */
  fetch(start: number, count: number): Row[] | Promise<Row[]>;
}

/** A source over rows that are all here already. */
export function arraySource<Row>(key: string, all: readonly Row[]): RowSource<Row> {
  return { key, rows: all.length, fetch: (start, count) => all.slice(start, start + count) };
}

/** The rows of one source that have been fetched. */
export class RowCache<Row> {
  readonly source: RowSource<Row>;
  private readonly blocks = new Map<number, Row[]>();
  private readonly pending = new Map<number, Promise<void>>();

  constructor(source: RowSource<Row>) {
    this.source = source;
  }

  /** The row, if it is here. */
  row(index: number): Row | undefined {
    return this.blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  }

  /** Whether every row of the range is here. */
  has(range: RowRange): boolean {
    return this.blocksOf(range).every((block) => this.blocks.has(block));
  }

  /** Index of the first row here that passes the test, -1 for none. */
  find(test: (row: Row) => boolean): number {
    for (const [block, rows] of this.blocks) {
      const at = rows.findIndex(test);
      if (at >= 0) return block * BLOCK + at;
    }
    return -1;
  }

  /** Fetches what is missing of a range. Resolves at once (to undefined) when nothing is. */
  load(range: RowRange): Promise<unknown> | undefined {
    const waits = this.blocksOf(range).map((block) => this.loadBlock(block));
    const real = waits.filter((wait) => wait !== undefined);
    return real.length === 0 ? undefined : Promise.all(real);
  }

  private loadBlock(block: number): Promise<void> | undefined {
    const kept = this.blocks.get(block);
    if (kept !== undefined) {
      // Map order is the order of use: what is taken out and put back is the youngest.
      this.blocks.delete(block);
      this.blocks.set(block, kept);
      return undefined;
    }
    const under = this.pending.get(block);
    if (under !== undefined) return under;
    const start = block * BLOCK;
    const answer = this.source.fetch(start, Math.min(BLOCK, this.source.rows - start));
    if (Array.isArray(answer)) {
      this.put(block, answer);
      return undefined;
    }
    const wait = answer.then(
      (rows) => this.put(block, rows),
      (error: unknown) => {
        this.pending.delete(block);
        throw error;
      },
    );
    this.pending.set(block, wait);
    return wait;
  }

  private put(block: number, rows: Row[]): void {
    this.pending.delete(block);
    this.blocks.set(block, rows);
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size <= KEPT) break;
      this.blocks.delete(oldest);
    }
  }

  private blocksOf(range: RowRange): number[] {
    const end = Math.min(range.first + range.count, this.source.rows);
    const blocks = [];
    for (let block = Math.floor(range.first / BLOCK); block * BLOCK < end; block++) blocks.push(block);
    return blocks;
  }
}
