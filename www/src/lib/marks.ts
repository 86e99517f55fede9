// Where a search matches in a line of source. Pure.

import type { Piece } from './golex';

/** A piece, or a part of one, that is marked or not. */
export interface Cut extends Piece {
  marked: boolean;
}

/** Lines longer than this (characters) are not searched: no source is written like that. */
const LONGEST = 2000;

/**
 * The page's search as an expression of the browser: letters match in either case unless there is a capital, as
 * for names. What only Go's expressions can say, and what matches nothing at all, marks nothing.
 */
export function searchPattern(expression: string): RegExp | null {
  if (expression === '') return null;
  try {
    const pattern = new RegExp(expression, /[A-Z]/.test(expression) ? 'gu' : 'giu');
    return pattern.test('') ? null : pattern;
  } catch {
    return null;
  }
}

/** The lines that match, from 1, at most `most`. */
export function matchingLines(lines: readonly string[], pattern: RegExp, most: number): number[] {
  const found: number[] = [];
  for (let at = 0; at < lines.length && found.length < most; at++) {
    const line = lines[at] as string;
    pattern.lastIndex = 0;
    if (line.length <= LONGEST && pattern.test(line)) found.push(at + 1);
  }
  return found;
}

/** Cuts the pieces of a line where matches begin and end. */
export function cutAt(pieces: readonly Piece[], pattern: RegExp): Cut[] {
  const text = pieces.map((piece) => piece.text).join('');
  if (text.length > LONGEST) return pieces.map((piece) => ({ ...piece, marked: false }));
  const matches = [...text.matchAll(pattern)].map((match): [number, number] => [match.index, match.index + match[0].length]);
  const out: Cut[] = [];
  let start = 0;
  for (const { kind, text: part } of pieces) {
    const end = start + part.length;
    let at = start;
    for (const [from, to] of matches) {
      const low = Math.max(from, at);
      const high = Math.min(to, end);
      if (low >= high) continue;
      if (low > at) out.push({ kind, text: text.slice(at, low), marked: false });
      out.push({ kind, text: text.slice(low, high), marked: true });
      at = high;
    }
    if (at < end) out.push({ kind, text: text.slice(at, end), marked: false });
    start = end;
  }
  return out;
}
