// Which sheet lies over the page. What is on them is fetched when it is first asked for.

import { signal } from '@preact/signals';

/** The sheets. */
export type SheetName = 'keys' | 'howto' | 'settings' | 'terms' | 'palette';

/** The sheet that is open; null for none. */
export const sheet = signal<SheetName | null>(null);
/** The term that the glossary opens at; empty for its beginning. */
export const wantedTerm = signal('');

/** Closes a sheet, at once: what is pressed next may open another one. */
export function closeSheet(name: SheetName, dialog: HTMLDialogElement | null): void {
  // The browser tells that a dialog closed with the next frame. By then the sheet may have gone, and
  // what is open may be another one of the same name.
  if (dialog === null) return;
  // Gives the focus back to where it came from.
  dialog.close();
  if (sheet.peek() === name) sheet.value = null;
}

/** Opens the glossary at a term. */
export function explain(term: string): void {
  wantedTerm.value = term;
  sheet.value = 'terms';
}
