// Words of benchstat's language: where one ends. What they mean is the core's to say. Pure.

/** In quotation marks; one of its own after a backslash would end nothing, even where that stands for itself. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\\\\', '\\x5c').replaceAll('\\"', '\\x22');
}

/** A text as it is written there: in quotation marks where it would be something else. */
export function wordOf(text: string): string {
  return /^(?![-*/]|AND$|OR$)[^\s\p{Cc}():@,"\\]+$/u.test(text) ? text : quoted(text);
}

/** A key as it is written; a slash before it is part of it, not the beginning of an expression. */
export function keyWord(key: string): string {
  return wordOf(key.replace(/^\//, '')) === key.replace(/^\//, '') ? key : quoted(key);
}

/** The place after a text in quotation marks that begins here; the end where it has none. */
function afterQuoted(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '"' && text[at - 1] !== '\\') return at + 1;
  }
  return text.length;
}

/** The place after an expression between slashes: its last slash stands before a blank, a bracket or the end. */
function afterPattern(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '/' && text[at - 1] !== '\\' && /^([\s()]|$)/.test(text.slice(at + 1, at + 2))) return at + 1;
  }
  return text.length;
}

/**
 * Cuts a text at blanks, and at commas where they part, outside of brackets, quotation marks and expressions.
 */
export function cut(text: string, commas = false): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  let at = 0;
  const end = (): void => {
    if (at > start) parts.push(text.slice(start, at));
  };
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char === '"') at = afterQuoted(text, at);
    else if (char === '/' && text[at - 1] === ':') at = afterPattern(text, at);
    else {
      if (char === '(') depth++;
      else if (char === ')') depth--;
      else if (depth <= 0 && (/\s/.test(char) || (commas && char === ','))) {
        end();
        start = at + 1;
      }
      at++;
    }
  }
  end();
  return parts;
}
