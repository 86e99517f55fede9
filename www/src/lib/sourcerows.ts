// Which rows of a source file are shown: lines with a value and their surroundings, what was inlined into opened
// ones, and folds in place of what costs nothing. Pure.

/** A row of the code table. */
export type SourceRow =
  | { kind: 'line'; line: number }
  | { kind: 'inlined'; line: number; at: number }
  | { kind: 'fold'; from: number; to: number };

/** What the rows are made of. */
export interface Layout {
  /** Lines of the text. */
  count: number;
  /** Lines that have a value or are to be seen for another reason, ascending. */
  hot: readonly number[];
  /** Nothing is folded. */
  all: boolean;
  /** Folds that were opened, by their first line. */
  opened: ReadonlySet<number>;
  /** How many rows of what was inlined stand below a line; 0 for a closed one. */
  inlined: (line: number) => number;
}

/** Lines shown around one with a value: as many as `pprof -list` shows. */
const AROUND = 5;
/** A fold takes a row itself: shorter ones hide nothing. */
const SHORTEST = 4;

function pushLine(rows: SourceRow[], line: number, inlined: Layout['inlined']): void {
  rows.push({ kind: 'line', line });
  const below = inlined(line);
  for (let at = 0; at < below; at++) rows.push({ kind: 'inlined', line, at });
}

/** The rows from the first line to the last. */
export function sourceRows(layout: Layout): SourceRow[] {
  const rows: SourceRow[] = [];
  const { count, all, opened, inlined } = layout;
  let next = 1;
  const cold = (to: number): void => {
    if (to < next) return;
    if (!all && to - next + 1 >= SHORTEST && !opened.has(next)) rows.push({ kind: 'fold', from: next, to });
    else for (let line = next; line <= to; line++) pushLine(rows, line, inlined);
    next = to + 1;
  };
  for (const hot of layout.hot) {
    if (hot < 1 || hot > count) continue;
    cold(Math.min(hot - AROUND, count) - 1);
    for (const end = Math.min(hot + AROUND, count); next <= end; next++) pushLine(rows, next, inlined);
  }
  cold(count);
  return rows;
}

/** The row of a line, or of the fold that it is in; -1 for none. Rows stand by line. */
export function rowOfLine(rows: readonly SourceRow[], line: number): number {
  return rows.findIndex((row) =>
    row.kind === 'fold' ? row.from <= line && line <= row.to : row.kind === 'line' && row.line === line,
  );
}
