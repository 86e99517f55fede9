// Go source as pieces to colour. A line is lexed by itself, from the state in which the one before it ends:
// only what is on screen is lexed, however long the file.

/** What a piece is; `text` is everything that gets no colour. */
export type Token = 'text' | 'comment' | 'string' | 'number' | 'keyword' | 'type' | 'builtin' | 'func';

/** A piece of a line. */
export interface Piece {
  kind: Token;
  text: string;
}

/** What a line begins inside of. */
export type LineState = 'code' | 'comment' | 'raw';

const KEYWORDS = new Set(
  ('break case chan const continue default defer else fallthrough for func go goto if import interface map package '
    + 'range return select struct switch type var').split(' '),
);
const TYPES = new Set(
  ('any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 '
    + 'uint16 uint32 uint64 uintptr').split(' '),
);
const BUILTINS = new Set(
  ('append cap clear close complex copy delete false imag iota len make max min new nil panic print println real recover '
    + 'true').split(' '),
);

/** Where code stops being plain: a comment, a text, a number, a word. Sticky. */
const NEXT = /\/\/.*|\/\*|`|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|\d[\w.]*(?:[eEpP][+-]\w+)?|[\p{L}_][\p{L}\p{Nd}_]*/uy;

/** The end of a comment or of a raw text that goes over lines. */
const CLOSES = { comment: '*/', raw: '`' } as const;

/** What a word is, by itself and by what stands after it. */
function wordKind(word: string, rest: string): Token {
  if (KEYWORDS.has(word)) return 'keyword';
  if (TYPES.has(word)) return 'type';
  if (BUILTINS.has(word)) return 'builtin';
  return /^\s*\(/.test(rest) ? 'func' : 'text';
}

function kindOf(found: string, rest: string): Token {
  if (found.startsWith('//')) return 'comment';
  if (found.startsWith('"') || found.startsWith("'")) return 'string';
  return /^\d/.test(found) ? 'number' : wordKind(found, rest);
}

/** Goes through a line; `take` gets its pieces in order. Says in what the next line begins. */
function lex(line: string, state: LineState, take: (kind: Token, from: number, to: number) => void): LineState {
  let at = 0;
  let inside = state;
  let plain = 0;
  const flush = (to: number): void => {
    if (to > plain) take('text', plain, to);
  };
  while (at < line.length || inside !== 'code') {
    if (inside !== 'code') {
      const close = CLOSES[inside];
      // The two characters that opened a comment cannot be its end as well.
      const end = line.indexOf(close, at);
      const to = end < 0 ? line.length : end + close.length;
      if (to > plain) take(inside === 'comment' ? 'comment' : 'string', plain, to);
      at = plain = to;
      if (end < 0) return inside;
      inside = 'code';
      continue;
    }
    NEXT.lastIndex = at;
    const found = NEXT.exec(line)?.[0];
    if (found === undefined) {
      // Not half of a pair of surrogates.
      at += (line.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
      continue;
    }
    flush(at);
    plain = at;
    at += found.length;
    if (found === '/*') inside = 'comment';
    else if (found === '`') inside = 'raw';
    else {
      take(kindOf(found, line.slice(at, at + 40)), plain, at);
      plain = at;
    }
  }
  flush(line.length);
  return 'code';
}

/** The pieces of a line, joined they are the line; pieces of one kind that touch are one. */
export function pieces(line: string, state: LineState): Piece[] {
  const found: Piece[] = [];
  lex(line, state, (kind, from, to) => {
    const last = found[found.length - 1];
    const text = line.slice(from, to);
    if (last?.kind === kind) last.text += text;
    else found.push({ kind, text });
  });
  return found;
}

/** Lines that cannot change the state are most, and are not lexed for it. */
const MAY_TURN = /\/\*|`/;

/** What each line begins inside of, from the state at the first of them. */
export function lineStates(lines: readonly string[], from: LineState = 'code'): LineState[] {
  let state = from;
  return lines.map((line) => {
    const before = state;
    if (state !== 'code' || MAY_TURN.test(line)) state = lex(line, state, () => undefined);
    return before;
  });
}
