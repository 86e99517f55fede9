// What lists say of files that could not be read; panels about them are in `trouble.tsx`.

import type { OpenError } from '../core';
import { countText } from '../lib/bytes';

/** Files that could not be read and have a panel of their own; with nothing else to show there is room for more. */
export const MOST_SPELLED = { overView: 1, alone: 2 };

/** The one line about all of them, the same wherever it stands. */
export function failedText(count: number): string {
  return `${countText(count)} files could not be read in all`;
}

/** What was tried in vain is a long list, and the same for every file. */
export function shortReason({ reason }: OpenError): string {
  return reason.replace(/: neither .*/s, '');
}

/** What a list says of a file: what it is and what to do; the reason where that is not known. */
export function briefText(error: OpenError): string {
  const what = error.looksLike === '' ? shortReason(error) : `Looks like ${error.looksLike}`;
  return error.advice === '' ? what : `${what} — ${error.advice}`;
}
