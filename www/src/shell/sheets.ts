// Which sheet lies over the page. What is on them is fetched when it is first asked for.

import { signal } from '@preact/signals';

/** The sheets. */
export type SheetName = 'keys' | 'howto' | 'settings' | 'terms' | 'palette';

/** The sheet that is open; null for none. */
export const sheet = signal<SheetName | null>(null);
/** The term that the glossary opens at; empty for its beginning. */
export const wantedTerm = signal('');

/** Opens the glossary at a term. */
export function explain(term: string): void {
  wantedTerm.value = term;
  sheet.value = 'terms';
}
