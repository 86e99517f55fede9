// Names of Go's functions as texts, where nothing else is known of them. Pure.

import type { Fitted } from './text';

/** Whether a text is such a name, and not words that stand in its place. */
export function isGoName(text: string): boolean {
  return /^\S+\.\S+$/.test(text);
}

/** A name in its parts: the package, to be dimmed, and the function. Words have no such parts. */
export function goName(text: string): Fitted {
  if (!isGoName(text)) return { dim: '', strong: text };
  // Type arguments have packages of their own.
  const head = text.split('[', 1)[0] ?? '';
  const dot = text.indexOf('.', head.lastIndexOf('/') + 1);
  return { dim: text.slice(0, dot + 1), strong: text.slice(dot + 1) };
}
