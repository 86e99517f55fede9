// The bar over the view: tabs and the sample-type menu; the search box stands beside them.

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { file, update, view, VIEW_NAMES, wanted, WHOLE } from '../state';
import type { ViewName } from '../state';
import { Icon } from './icons';
import { SearchBox } from './search';
import { sheet } from './sheets';

/** Names of the tabs. */
export const VIEW_TITLES: Record<ViewName, string> = {
  summary: 'Summary',
  flame: 'Flame graph',
  top: 'Top',
  hotpaths: 'Hot paths',
  callers: 'Callers & callees',
  source: 'Source',
  graph: 'Call graph',
  allocations: 'Allocations',
  goroutines: 'Goroutines',
  tags: 'Tags',
  compare: 'Compare',
  trace: 'Trace',
  benchmarks: 'Benchmarks',
  report: 'Report',
};

function moveTab(event: KeyboardEvent): void {
  // With a modifier the arrows are the browser's: Alt+Left is Back.
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const last = VIEW_NAMES.length - 1;
  const at = VIEW_NAMES.indexOf(view.peek());
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = VIEW_NAMES[(to + VIEW_NAMES.length) % VIEW_NAMES.length] as ViewName;
  update({ view: next }, { push: true });
  document.getElementById(`tab-${next}`)?.focus();
}

function Tab({ name }: { name: ViewName }): JSX.Element {
  const shown = view.value === name;
  const self = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (shown) self.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [shown]);
  return (
    <button ref={self} type="button" role="tab" id={`tab-${name}`} class="tab" aria-selected={shown}
      aria-controls="view" tabIndex={shown ? 0 : -1}
      onClick={() => update({ view: name }, { push: true })}>
      {VIEW_TITLES[name]}
    </button>
  );
}

/** The tabs. */
export function Tabs(): JSX.Element {
  return (
    <div class="tabs" role="tablist" aria-label="Views" onKeyDown={moveTab}>
      {VIEW_NAMES.map((name) => (
        <Tab key={name} name={name} />
      ))}
    </div>
  );
}

/** The sample-type menu. */
export function SampleMenu(): JSX.Element | null {
  const types = file.value?.sampleTypes ?? [];
  if (wanted.value === null || WHOLE.includes(view.value)) return null;
  return (
    <select class="menu" aria-label="Sample type" value={String(wanted.value.sample)}
      onChange={(event) => {
        const chosen = types[Number(event.currentTarget.value)];
        if (chosen !== undefined) update({ sample: chosen.name }, { push: true });
      }}>
      {types.map((type, i) => (
        <option key={i} value={String(i)}>
          {type.name} · {type.total}
        </option>
      ))}
    </select>
  );
}

/** The bar. */
export function Bar(): JSX.Element {
  return (
    <div class="bar">
      <Tabs />
      <div class="bar-tools">
        <SampleMenu />
        <SearchBox />
        <button type="button" class="icon-button commands-button" aria-label="Commands" title="Commands (Ctrl+K)"
          onClick={() => (sheet.value = 'palette')}>
          <Icon name="commands" />
        </button>
      </div>
    </div>
  );
}
