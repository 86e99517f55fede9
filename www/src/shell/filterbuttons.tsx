// Buttons that filter by the selected function.

import type { JSX } from 'preact';
import type { FrameName } from '../core';
import { filterKind } from '../lib/filters';
import { stepText } from '../lib/steptexts';
import { choose, CHOSEN, chosenExpression } from './choose';

/** The buttons; none for what no expression can tell. */
export function FilterButtons({ name }: { name: FrameName }): JSX.Element | null {
  if (chosenExpression(name) === '') return null;
  return (
    <p class="details-go" role="group" aria-label="Filter by this">
      {CHOSEN.map((filter) => (
        <button key={filter} type="button" class="button small" title={stepText(filter).about} onClick={() => choose(filter, name)}>
          {filterKind(filter).label}
        </button>
      ))}
    </p>
  );
}
