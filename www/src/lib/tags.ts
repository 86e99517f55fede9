// Filters of labels, and keys whose values become frames: small changes of their texts. Pure.

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
  const to = from + by;
  if (from < 0 || to < 0 || to >= keys.length) return [...keys];
  const rest = keys.filter((one) => one !== key);
  return [...rest.slice(0, to), key, ...rest.slice(to)];
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
