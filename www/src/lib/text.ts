// Fitting names into boxes. Too long a name loses its beginning: the end tells functions apart.

/** A name cut to fit: `dim` is written lighter, before `strong`. */
export interface Fitted {
  /** What is left of package and path. */
  dim: string;
  /** What is left of the function. */
  strong: string;
}

/** Fewer characters than this say nothing. */
const LEAST = 3;

/** The longest end of `dim` that fits, cut where a path element begins; empty when none does. */
function endOfPath(dim: string, room: number): string {
  for (let at = dim.indexOf('/'); at >= 0; at = dim.indexOf('/', at + 1)) {
    // "…" stands for what is cut, the slash included.
    if (dim.length - at <= room) return `…${dim.slice(at + 1)}`;
  }
  return '';
}

/** Cuts a name to at most `room` characters of a monospaced face; both parts empty when nothing fits. */
export function fit(dim: string, strong: string, room: number): Fitted {
  if (dim.length + strong.length <= room) return { dim, strong };
  if (strong.length <= room) return { dim: endOfPath(dim, room - strong.length), strong };
  if (room < LEAST) return { dim: '', strong: '' };
  return { dim: '', strong: `…${strong.slice(strong.length - room + 1)}` };
}
