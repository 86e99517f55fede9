// Fitting names into little room: what identifies a function stays, from its beginning on.

/** A name as it is written: `dim` lighter, before `strong`. */
export interface Fitted {
  /** What is left of package and path. */
  dim: string;
  /** What is left of the function. */
  strong: string;
}

/** Fewer letters than two say nothing. */
const SAYING = /[\p{L}\d_]{2}/u;

/**
 * What `…` can stand for: long type arguments, and the directories of a file behind the name. Behind
 * anything but a name stand arrays, and the names of libraries.
 */
const FOLDED = /((?<=[^\s.*&(<[\]]\[)(?:[^[\]]|\[(?:[^[\]]|\[[^[\]]*\])*\]){9,}(?=\])|(?<= )\S*[/\\](?=[^/\\]*$))/g;

/** Width of a text in characters of a monospaced face, some of which are as wide as two. */
export function cells(text: string): number {
  return text.replace(/[\u2e80-\ud7ff\uf900-\uffef]/g, '00').length;
}

/** A function in pieces; those at odd places can be folded. */
export function pieces(strong: string): string[] {
  return strong.split(FOLDED);
}

/** Length of the path to a package. */
export function pathLength(dim: string): number {
  return dim.lastIndexOf('/') + 1;
}

/** The ways to write a name, each shorter than the one before: whole, folded, without path, without package. */
export function ways({ dim, strong }: Fitted): [Fitted, Fitted, Fitted, Fitted] {
  const short = strong.replace(FOLDED, '…');
  return [
    { dim, strong },
    { dim, strong: short },
    { dim: dim.slice(pathLength(dim)), strong: short },
    { dim: '', strong: short },
  ];
}

export function widthOf({ dim, strong }: Fitted): number {
  return cells(dim + strong);
}

/** Cuts a name to at most `room` characters of a monospaced face; both parts empty when nothing fits. */
export function fit(name: Fitted, room: number): Fitted {
  const all = ways(name);
  const found = all.find((one) => widthOf(one) <= room);
  if (found !== undefined) return found;
  let cut = '';
  for (const sign of all[3].strong) {
    if (cells(cut + sign) >= room) break;
    cut += sign;
  }
  return { dim: '', strong: SAYING.test(cut) ? cut.replace(/ ?…?$/, '…') : '' };
}
