// One line that says what came of an action that leaves no trace on the page, as copying does.

import { signal } from '@preact/signals';

/** Milliseconds that it stays: long enough to be read twice. */
const STAY = 4000;

/** The line; empty for none. */
export const said = signal('');
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something, to eyes and ears. */
export function say(what: string): void {
  clearTimeout(timer);
  said.value = what;
  timer = setTimeout(() => (said.value = ''), STAY);
}
