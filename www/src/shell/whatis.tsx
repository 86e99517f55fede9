// The way from a heading to what its words mean.

import type { JSX } from 'preact';
import { Icon } from './icons';
import { explain } from './sheets';

/** A small button that opens the glossary at a term. `words` are what it asks about. */
export function WhatIs({ term, words }: { term: string; words: string }): JSX.Element {
  return (
    <button type="button" class="icon-button what-is" aria-label={`What is ${words}?`} title={`What is ${words}?`} onClick={() => explain(term)}>
      <Icon name="help" />
    </button>
  );
}
