// The row under the tabs: the filters, and the options of the query. What is not needed for a first
// picture of an unfiltered profile is loaded after it.

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { FrameName } from '../core';
import { leftOf } from '../filtering';
import { FILTERS } from '../lib/filters';
import { filterAt, filterText } from '../lib/steps';
import { DEFAULT_STATE } from '../lib/hash';
import { query, state, view } from '../state';
import type { ViewState } from '../state';
import { GranularityControls } from '../table/controls';
import { Icon } from './icons';
import { registerKeys } from './keys';
import { closePanel, openPanel, panel, togglePanel } from './panel';
import './filterbar.css';

/** The panels; they are not part of the first load. */
const panels = signal<typeof import('./panels') | null>(null);
const unloaded = signal('');

/** Fetches them. */
export async function loadPanels(): Promise<void> {
  if (panels.peek() !== null) return;
  try {
    const loaded = await import('./panels');
    if (panels.peek() === null) registerKeys(loaded.transformKeys());
    panels.value = loaded;
    unloaded.value = '';
  } catch (error) {
    unloaded.value = `This part of the page could not be loaded: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function OpenPanelView(): JSX.Element | null {
  const open = panel.value;
  // They are fetched as soon as a profile is there, not at the first need: the network may be gone then.
  useEffect(() => void loadPanels(), [open]);
  const loaded = panels.value;
  if (open === null) return null;
  if (loaded === null) return unloaded.value === '' ? null : <p class="query-problem">{unloaded.value}</p>;
  switch (open.is) {
    case 'filter':
      return <loaded.FilterEditor key={open.name + open.expression} name={open.name} expression={open.expression} at={open.at} />;
    case 'module':
      return <loaded.ModulePanel />;
    case 'options':
      return <loaded.OptionsPanel />;
    case 'save':
      return <loaded.SavePanel />;
  }
}

/** Opens the panel for the first filter that is not set yet. */
export function addFilter(): void {
  const { steps } = state.peek();
  const free = FILTERS.find((kind) => filterText(steps, kind.name) === '');
  const name = free?.name ?? 'focus';
  openPanel({ is: 'filter', name, expression: filterText(steps, name), at: filterAt(steps, name) });
}

/** Options that stand in the panel, not in the bar. */
const IN_PANEL = ['mean', 'relative', 'showcolumns', 'dropneg', 'trim', 'unit'] as const;

/** How many of them differ from a fresh page's. */
function optionsSet(now: ViewState): number {
  return IN_PANEL.filter((field) => now[field] !== DEFAULT_STATE[field]).length;
}

function Tools(): JSX.Element {
  const set = optionsSet(state.value);
  const open = panel.value?.is;
  return (
    <div class="query-tools">
      <GranularityControls />
      <button type="button" class="button small" data-panel aria-expanded={open === 'options'}
        aria-label={set === 0 ? 'Options' : `Options, ${set} set`} title="Unit, mean, relative percentages, columns, trim, negative values"
        onClick={() => togglePanel({ is: 'options' })}>
        Options
        {set > 0 && <span class="badge">{set}</span>}
      </button>
      <button type="button" class="button small" data-panel aria-expanded={open === 'save'}
        title="Save what is shown as one of pprof's reports, as a graph or as data" onClick={() => togglePanel({ is: 'save' })}>
        Save as…
      </button>
    </div>
  );
}

/** The row. */
export function FilterBar(): JSX.Element {
  const loaded = panels.value;
  const open = panel.value?.is === 'filter';
  // Without a profile there is nothing that a panel left open could be about.
  useEffect(() => () => void (panel.value = null), []);
  return (
    <section class={view.value === 'report' ? 'query-bar unused' : 'query-bar'} aria-label="Filters and options">
      <div class="query-row">
        {loaded !== null && <loaded.Chips />}
        <button type="button" class="button small add-filter" data-panel aria-expanded={open}
          title="Focus, ignore, hide, show … by name or label (f)" onClick={() => (open ? closePanel() : addFilter())}>
          <Icon name="plus" />
          Filter
        </button>
        {loaded === null ? <span class="own-place" /> : <loaded.OwnCode />}
        {loaded !== null && <loaded.Left />}
        <Tools />
      </div>
      {loaded !== null && <loaded.Notes />}
      <OpenPanelView />
      {loaded !== null && <loaded.FrameMenuView />}
    </section>
  );
}

/** Whose code the program's own is, for a list of facts. */
export function OwnFact(): JSX.Element | null {
  const loaded = panels.value;
  return loaded === null ? null : <loaded.OwnFact />;
}

/** Buttons that filter by a function, for the details. */
export function FilterButtons({ name }: { name: FrameName }): JSX.Element | null {
  const loaded = panels.value;
  return loaded === null ? null : <loaded.FilterButtons name={name} />;
}

/** Whether the filters leave nothing of what is shown. */
export function nothingIsLeft(): boolean {
  return leftOf(query.value)?.value === '0';
}

/** Stands in place of every view of the profile while the filters leave nothing. */
export function NothingLeft(): JSX.Element | null {
  const loaded = panels.value;
  return loaded === null ? null : <loaded.NothingLeft />;
}
