// What a link to the present state holds, and what it does not.

import { IS_ONE_FILE } from '../host';
import type { ViewState } from '../lib/hash';

/** One sentence or two about a link that was just copied. */
export function linkText({ sources, file, steps, sel, search }: ViewState): string {
  const names = sel !== '' || search !== '' || steps.length > 0;
  const holds = `It holds the view and its settings${names ? ', with the names that are selected, searched or filtered by' : ''}; no data of the profile.`;
  if (IS_ONE_FILE) return `${holds} It leads to this file, where it lies now.`;
  if (sources.length > 0) return `${holds} Who opens it fetches ${sources.join(', ')} from beside this page.`;
  return `${holds} Who opens it is asked for ${file}.`;
}
