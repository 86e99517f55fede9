// Filters by labels as the Tags view and the strip of time set them: the one place that knows how the
// state keeps them.

import type { FilterName } from './lib/filters';
import { appliedText } from './lib/steps';
import { joined, keysOf, parted, partsOf, withoutRange, withRange } from './lib/tags';
import { setFilter, setSteps } from './refine';
import { state } from './state';

/** A filter that applies; empty for one that is not set or switched off. */
function applied(name: FilterName): string {
  return appliedText(state.value.steps, name);
}

/** Filters that keep or drop samples by a label. */
type TagFilterName = 'tagfocus' | 'tagignore';

/** Whether a filter has this expression. */
export function isApplied(name: TagFilterName, expression: string): boolean {
  return expression !== '' && partsOf(applied(name)).includes(expression);
}

/** The expressions of a filter that are about a key. */
export function appliedTo(name: TagFilterName, key: string): string[] {
  return partsOf(applied(name)).filter((part) => part.startsWith(`${key}=`));
}

/** Keeps only samples with the label, or all again. What was to be kept before is replaced. */
export function toggleOnly(expression: string): void {
  setFilter('tagfocus', isApplied('tagfocus', expression) ? parted(applied('tagfocus'), expression) : expression);
}

/** Drops samples with the label, too, or keeps them again. */
export function toggleWithout(expression: string): void {
  const before = applied('tagignore');
  setFilter('tagignore', isApplied('tagignore', expression) ? parted(before, expression) : joined(before, expression));
}

/** Keeps only samples of a range of time, of those that other filters keep. */
export function setTime(expression: string): void {
  setSteps(withRange(state.peek().steps, expression));
}

/** Keeps samples of all times again; the expression is that of any range. */
export function clearTime(expression: string): void {
  setSteps(withoutRange(state.peek().steps, expression));
}

/** Where values of labels stand in stacks. */
export type FrameSide = 'tagroot' | 'tagleaf';

/** The keys whose values are frames there, outermost first. */
export function frameKeys(side: FrameSide): string[] {
  return keysOf(applied(side));
}

/** Makes the values of these keys frames there. */
export function setFrameKeys(side: FrameSide, keys: readonly string[]): void {
  setFilter(side, keys.join());
}
