// Values of keys, taken into a filter of benchmark results and out of it again. Pure.

import { cut, keyWord } from './keywords';

/** The words that a filter's term `key:word` or `key:(a OR b)` keeps; none of a term of another form. */
function wordsOf(term: string, key: string): string[] {
  const head = `${keyWord(key)}:`;
  if (!term.startsWith(head)) return [];
  const rest = term.slice(head.length);
  if (rest.startsWith('/')) return [];
  const [, list] = /^\((.*)\)$/s.exec(rest) ?? [];
  if (list === undefined) return rest === '' ? [] : [rest];
  const parts = cut(list);
  // The words, with OR between each two of them.
  const isList = parts.every((part, at) => (part === 'OR') === (at % 2 === 1)) && parts.length % 2 === 1;
  const isPlain = parts.every((part) => !/^[-*/(]/.test(part));
  return isList && isPlain ? parts.filter((_, at) => at % 2 === 0) : [];
}

/** The terms of a filter that all have to hold; one term where they do not stand side by side. */
function terms(filter: string): string[] {
  const parts = cut(filter);
  if (parts.includes('OR')) return [`(${filter.trim()})`];
  return parts.filter((part) => part !== 'AND' && part !== '*');
}

/** The words of a key that a filter keeps; none where it keeps all of them, or says so in another way. */
export function keptWords(filter: string, key: string): string[] {
  return terms(filter).flatMap((term) => wordsOf(term, key));
}

/** The filter that also keeps what has this word for a key, or keeps it no more where it did. */
export function toggled(filter: string, key: string, word: string): string {
  const all = terms(filter);
  const own = all.findIndex((term) => wordsOf(term, key).length > 0);
  const before = wordsOf(all[own] ?? '', key);
  const after = before.includes(word) ? before.filter((one) => one !== word) : [...before, word];
  const [first] = after;
  const said = first === undefined ? [] : [`${keyWord(key)}:${after.length === 1 ? first : `(${after.join(' OR ')})`}`];
  if (own < 0) return [...all, ...said].join(' ');
  return [...all.slice(0, own), ...said, ...all.slice(own + 1)].join(' ');
}
