/** From a row to the stacks behind it: the flame graph of one sample type, of one function's goroutines. */
import { exactly } from '../../lib/filters';
import { appliedText, withFilter } from '../../lib/steps';
import { file, FULL_ZOOM, state, update } from '../../state';

/** The expression that keeps the samples with a tag, as `tagfocus` takes it. A comma would part it. */
export function expressionOf(tag: string): string {
  const at = tag.indexOf('=');
  const value = exactly(tag.slice(at + 1)).replaceAll(',', '\\x2c');
  return `${tag.slice(0, at + 1)}${value}`;
}

/** Shows it, as one step that Back undoes. Without a tag it is of all goroutines: an earlier row's filter goes. */
export function showFlame({ sample, tag }: { sample: number; tag: string }): void {
  const type = file.peek()?.sampleTypes[sample];
  if (type === undefined) return;
  const { steps } = state.peek();
  const isOurs = appliedText(steps, 'tagfocus').startsWith('goroutine=');
  const next = tag === '' ? (isOurs ? withFilter(steps, 'tagfocus', '') : steps) : withFilter(steps, 'tagfocus', expressionOf(tag));
  update({ view: 'flame', sample: type.name, steps: next, sel: '', sandwich: false, search: '', zoom: FULL_ZOOM }, { push: true });
}
