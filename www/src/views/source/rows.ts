// The rows of the table of lines, with the text of the file and without.

import type { SourceInfo, SourceInlined, SourceLineRow } from '../../core';
import type { LineState } from '../../lib/golex';
import { rowOfLine, sourceRows } from '../../lib/sourcerows';
import type { SourceRow } from '../../lib/sourcerows';

/** A source file that was found. */
export interface Text {
  /** The path that the profile has for it. */
  of: string;
  /** Its path in the tree. */
  path: string;
  lines: readonly string[];
  /** What each line begins inside of; null for what is not Go. */
  states: readonly LineState[] | null;
}

/** A row: a line, something that was inlined into one, or lines that are folded away. */
export type Row =
  | { kind: 'line'; line: number; cost: SourceLineRow | undefined }
  | { kind: 'inlined'; line: number; at: number; cost: SourceInlined }
  | { kind: 'fold'; from: number; to: number };

/** What opens and closes. */
export interface Opened {
  /** Nothing is folded. */
  all: boolean;
  /** Folds, by their first line. */
  folds: ReadonlySet<number>;
  /** Lines whose inlined calls are listed. */
  lines: ReadonlySet<number>;
}

/** A run of rows that are all there. */
export interface Rows {
  count: number;
  at: (index: number) => Row;
  /** Index of a line's row, or of the fold that it is in; -1 for none. */
  find: (line: number) => number;
}

/** Rows of the text: all of it, apart from folds. `hot` are lines that are seen for another reason than cost. */
export function textRows(info: SourceInfo, text: Text, opened: Opened, hot: readonly number[]): Rows {
  const costs = new Map(info.lines.map((row) => [row.line, row]));
  const shown = new Set([...costs.keys(), ...hot]);
  const rows = sourceRows({
    count: text.lines.length,
    hot: [...shown].sort((a, b) => a - b),
    all: opened.all,
    opened: opened.folds,
    inlined: (line) => (opened.lines.has(line) ? (costs.get(line)?.inlined.length ?? 0) : 0),
  });
  return { count: rows.length, at: (index) => rowOf(rows[index] as SourceRow, costs), find: (line) => rowOfLine(rows, line) };
}

function rowOf(row: SourceRow, costs: ReadonlyMap<number, SourceLineRow>): Row {
  if (row.kind === 'fold') return row;
  const cost = costs.get(row.line);
  if (row.kind === 'line') return { ...row, cost };
  return { ...row, cost: (cost as SourceLineRow).inlined[row.at] as SourceInlined };
}

/** Rows without a text: the lines with a value, in the order asked for. */
export function costRows(info: SourceInfo, opened: Opened, order: string): Rows {
  const inOrder = { flat: info.byFlat, cum: info.byCum }[order]?.map((at) => info.lines[at] as SourceLineRow) ?? info.lines;
  const rows = inOrder.flatMap((cost): Row[] => [
    { kind: 'line', line: cost.line, cost },
    ...(opened.lines.has(cost.line) ? cost.inlined.map((one, at): Row => ({ kind: 'inlined', line: cost.line, at, cost: one })) : []),
  ]);
  return {
    count: rows.length,
    at: (index) => rows[index] as Row,
    find: (line) => rows.findIndex((row) => row.kind === 'line' && row.line === line),
  };
}
