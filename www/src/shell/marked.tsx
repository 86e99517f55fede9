// An expression with the place where it goes wrong.

import type { JSX } from 'preact';

/** The expression, marked at a place; nothing for no place in particular (below zero). */
export function Marked({ text, at }: { text: string; at: number }): JSX.Element | null {
  if (at < 0) return null;
  // A character outside the basic plane is two units, and no half of it can be shown.
  const width = (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return (
    <code>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + width) || ' '}</mark>
      {text.slice(at + width)}
    </code>
  );
}

/** The same place in words, to follow what is wrong; empty for no place in particular. */
export function placeText(text: string, at: number): string {
  if (at < 0) return '';
  return at >= text.length ? ' at the end' : ` (character ${at + 1})`;
}
