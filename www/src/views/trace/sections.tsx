/** The sections, each with its most telling figure; those without rows say what would fill them. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { TraceInfo, TraceSectionInfo } from '../../core';
import { goToSection } from './question';

/** The list. `shown` is the section that is shown, or the one that led to it. */
export function Sections({ info, shown }: { info: TraceInfo; shown: string }): JSX.Element {
  return (
    <nav class="trace-nav" aria-label="Sections of the trace">
      <ul>
        {info.sections.map((section) => (
          <Entry key={section.id} section={section} shown={section.id === shown} />
        ))}
      </ul>
    </nav>
  );
}

function Entry({ section, shown }: { section: TraceSectionInfo; shown: boolean }): JSX.Element {
  const { id, title, headline, about, hasRows } = section;
  const self = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const entry = self.current;
    const nav = entry?.closest('nav');
    if (!shown || entry == null || nav == null) return;
    // The list alone is scrolled, and not what it stands in.
    const [box, place] = [entry.getBoundingClientRect(), nav.getBoundingClientRect()];
    if (box.left < place.left || box.right > place.right) nav.scrollLeft += box.left - place.left - (place.width - box.width) / 2;
    if (box.top < place.top || box.bottom > place.bottom) nav.scrollTop += box.top - place.top - (place.height - box.height) / 2;
  }, [shown]);
  return (
    <li>
      <button ref={self} type="button" class={hasRows ? 'trace-entry' : 'trace-entry without'} aria-current={shown ? 'true' : undefined}
        title={about} onClick={() => goToSection(id)}>
        <span class="trace-entry-title">{title}</span>
        <span class="trace-entry-figure">{hasRows ? headline : about}</span>
      </button>
    </li>
  );
}

/** The section before or after another one, round and round. */
export function neighbour({ sections }: TraceInfo, id: string, by: 1 | -1): string {
  const at = sections.findIndex((section) => section.id === id);
  return sections[(at + by + sections.length) % sections.length]?.id ?? '';
}
