// Names that come without their parts: the core sends those of rows split.

import type { Fitted } from './text';

/** Cuts a Go symbol behind the dot of its package; other names are all function. */
export function splitSymbol(full: string): Fitted {
  const found = full.includes('::') ? null : /^(?:[^[( ]*\/)?[^/.[( ]*\./.exec(full);
  const cut = found?.[0].length ?? 0;
  return { dim: full.slice(0, cut), strong: full.slice(cut) };
}
