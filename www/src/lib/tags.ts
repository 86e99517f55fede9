// Filters of labels, and keys whose values become frames: small changes of their texts. Pure.

import { filterAt, moved as movedTo, replaced, withFilter } from './steps';
import type { Step } from './steps';

/** The keys of `tagroot` or `tagleaf`, outermost first. */
export function keysOf(text: string): string[] {
  return text.split(',').filter((key) => key !== '');
}

/** Whether a key can stand in such a list. */
export function isListable(key: string): boolean {
  return key !== '' && !key.includes(',');
}

/** The keys with one moved by so many places; as they are where there is no such place. */
export function moved(keys: readonly string[], key: string, by: number): string[] {
  const from = keys.indexOf(key);
  return movedTo(keys, from, from + by);
}

/** The key before the first equals sign, with it; empty for an expression that is about no key. */
function headOf(expression: string): string {
  return expression.slice(0, expression.indexOf('=') + 1);
}

/** Whether it is a text to match, and not a range of numbers: of those one filter can take several. */
function isText(part: string): boolean {
  return part.startsWith('^');
}

/** What a filter of labels is made of: of several texts of one key each as an expression of its own. */
export function partsOf(filter: string): string[] {
  const head = headOf(filter);
  if (head === '' || filter === head) return filter === '' ? [] : [filter];
  return filter.slice(head.length).split(',').map((part) => head + part);
}

/** The filter that also takes the expression: several texts of one key are one filter, all else replaces it. */
export function joined(filter: string, expression: string): string {
  const head = headOf(expression);
  const rest = filter.slice(head.length);
  const fits = head !== '' && headOf(filter) === head && isText(rest) && isText(expression.slice(head.length));
  if (!fits) return expression;
  return partsOf(filter).includes(expression) ? filter : `${filter},${expression.slice(head.length)}`;
}

/** The filter without one of its expressions. */
export function parted(filter: string, expression: string): string {
  const head = headOf(filter);
  const left = partsOf(filter).filter((part) => part !== expression);
  return left.length === 0 ? '' : head + left.map((part) => part.slice(head.length)).join();
}

/** Numbers from one to another, as filters have them; either may be left out, and each may have a unit. */
const RANGE = /^([+-]?\d+[a-z]*)?(:([+-]?\d+[a-z]*)?)?$/i;

/** Whether a step keeps numbers of the key that an expression is about. */
function isRangeOf({ kind, text }: Step, expression: string): boolean {
  const head = headOf(expression);
  return kind === 'tagfocus' && head !== '' && text.startsWith(head) && RANGE.test(text.slice(head.length));
}

/** Without the steps that keep numbers of the key that the expression is about. */
export function withoutRange(steps: readonly Step[], expression: string): Step[] {
  return steps.filter((step) => !isRangeOf(step, expression));
}

/**
 * With only a range of a key's numbers kept: in place of another range of them, beside what else is kept.
 * Both then apply, which one filter of pprof's cannot say.
 */
export function withRange(steps: readonly Step[], expression: string): Step[] {
  const step: Step = { kind: 'tagfocus', text: expression };
  const own = steps.findIndex((one) => isRangeOf(one, expression));
  if (own >= 0) {
    const next = replaced(steps, own, step);
    return next.filter((one) => one === step || !isRangeOf(one, expression));
  }
  const other = filterAt(steps, 'tagfocus');
  return other < 0 ? withFilter(steps, 'tagfocus', expression) : [...steps.slice(0, other + 1), step, ...steps.slice(other + 1)];
}
