// Which of many short texts somebody means who types a few of their letters.

/** How well a text fits, and where its letters are that were typed. */
export interface Fit {
  /** Higher is better; texts of the same score stay in their order. */
  score: number;
  /** Ascending. */
  at: readonly number[];
}

const START = 12;
const NEXT = 8;
const GAP = 1;

/** Whether a word begins here. */
function begins(text: string, at: number): boolean {
  const before = text[at - 1];
  return before === undefined || /[^\p{L}\p{N}]/u.test(before);
}

/** A part of what was typed as one piece of the text: best where a word begins. */
function whole(text: string, part: string): Fit | null {
  let found = text.indexOf(part);
  if (found < 0) return null;
  for (let at = found; at >= 0; at = text.indexOf(part, at + 1)) {
    if (begins(text, at)) {
      found = at;
      break;
    }
  }
  const at = Array.from({ length: part.length }, (_, i) => found + i);
  return { score: NEXT * part.length + (begins(text, found) ? START : 0) - Math.min(found, START) / 100, at };
}

/** Its letters in their order, with others between: words should begin with them. */
function scattered(text: string, part: string): Fit | null {
  const at: number[] = [];
  let score = 0;
  let from = 0;
  for (const letter of part) {
    let here = text.indexOf(letter, from);
    // The next beginning of a word is worth a jump, unless the letter is right here.
    for (let later = here; later > from; later = text.indexOf(letter, later + 1)) {
      if (begins(text, later)) {
        here = later;
        break;
      }
    }
    if (here < 0) return null;
    score += begins(text, here) ? START : here === from && at.length > 0 ? NEXT : -GAP * Math.min(here - from, START);
    at.push(here);
    from = here + 1;
  }
  // Any long text has nearly any letters somewhere.
  return score * 2 >= NEXT * part.length ? { score: score / 2, at } : null;
}

/** Fits words typed in any order; null when one of them is not there. Nothing typed fits everything. */
export function fuzzy(text: string, typed: string): Fit | null {
  const lower = text.toLowerCase();
  const at = new Set<number>();
  let score = 0;
  for (const word of typed.toLowerCase().split(/\s+/).filter(Boolean)) {
    const fit = whole(lower, word) ?? scattered(lower, word);
    if (fit === null) return null;
    score += fit.score;
    for (const one of fit.at) at.add(one);
  }
  return { score, at: [...at].sort((one, other) => one - other) };
}

/** A text cut where letters that were typed begin and end. */
export function pieces(text: string, at: readonly number[]): { text: string; hit: boolean }[] {
  const out: { text: string; hit: boolean }[] = [];
  const hits = new Set(at);
  for (let i = 0; i < text.length; i++) {
    const hit = hits.has(i);
    const last = out.at(-1);
    if (last !== undefined && last.hit === hit) last.text += text[i];
    else out.push({ text: text[i] as string, hit });
  }
  return out;
}
