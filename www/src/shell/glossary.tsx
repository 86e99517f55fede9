// The glossary: what the words on the page mean.

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { wantedTerm } from './sheets';
import { TERM_GROUPS } from './terms';

/** The sheet's content. It opens where a heading asked for it. */
export function Glossary(): JSX.Element {
  const [typed, type] = useState('');
  const self = useRef<HTMLDivElement>(null);
  const wanted = wantedTerm.value;
  useEffect(() => {
    const term = self.current?.querySelector<HTMLElement>(`[data-term="${CSS.escape(wanted)}"]`);
    term?.scrollIntoView({ block: 'center' });
    term?.focus({ preventScroll: true });
    return () => void (wantedTerm.value = '');
  }, []);
  const word = typed.trim().toLowerCase();
  const groups = TERM_GROUPS.map(({ title, terms }) => ({
    title,
    terms: terms.filter((term) => `${term.title} ${term.text}`.toLowerCase().includes(word)),
  })).filter(({ terms }) => terms.length > 0);
  return (
    <div ref={self}>
      <input class="sheet-filter" type="search" aria-label="Filter the terms" placeholder="Filter" spellcheck={false} autocomplete="off"
        value={typed} onInput={(event) => type(event.currentTarget.value)} />
      {groups.map(({ title, terms }) => (
        <section key={title} class="terms">
          <h3>{title}</h3>
          <dl>
            {terms.map(({ key, title: name, text }) => (
              <div key={key} data-term={key} tabIndex={-1} class={key === wanted ? 'term wanted' : 'term'}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      {groups.length === 0 && <p class="dim">Nothing here is called that.</p>}
    </div>
  );
}
