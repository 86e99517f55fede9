// The row under the tabs: the filters as chips, what they leave, and the options of the query.

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { FilterInfo, FilterProblem, Query } from '../core';
import { hasFilters, verdictOn } from '../filtering';
import { filterKind, setNames, shortened } from '../lib/filters';
import type { FilterName } from '../lib/filters';
import { DEFAULT_STATE } from '../lib/hash';
import { file, misread, query, setFilter, state, switchFilters, unfit, update, view, wanted } from '../state';
import type { ViewState } from '../state';
import { GranularityControls } from '../table/controls';
import { Drawn } from '../table/view';
import { Icon } from './icons';
import { Marked } from './marked';
import { closePanel, openPanel, panel, togglePanel } from './panel';
import './filterbar.css';

/** Characters of an expression on a chip. */
const CHIP = 32;

/** The problem of a filter that cannot be used. */
function problemOf(name: FilterName): FilterProblem | undefined {
  return verdictOn(wanted.value)?.problems.find((one) => one.option === name);
}

function Chip({ name }: { name: FilterName }): JSX.Element {
  const { filters, off } = state.value;
  const kind = filterKind(name);
  const text = filters[name];
  const on = !off.includes(name);
  const bad = on && problemOf(name) !== undefined;
  const help = `${kind.label}: ${text}\n${kind.about}\n${on ? 'Click switches it off.' : 'It is off; a click switches it on.'}`;
  return (
    <li class={`chip${on ? '' : ' off'}${bad ? ' bad' : ''}`}>
      <button type="button" class="chip-switch" aria-pressed={on} aria-label={`${kind.label} ${text}`} title={help}
        onClick={() => switchFilters([name], !on)}>
        <span class="chip-kind">{kind.label}</span>
        <code>{shortened(text, CHIP)}</code>
      </button>
      <button type="button" class="chip-button" aria-label={`Edit ${kind.label}`} title="Edit" data-panel
        onClick={() => openPanel({ is: 'filter', name, expression: text })}>
        <Icon name="edit" />
      </button>
      <button type="button" class="chip-button" aria-label={`Remove ${kind.label}`} title="Remove"
        onClick={() => setFilter(name, '')}>
        <Icon name="close" />
      </button>
    </li>
  );
}

function Problem({ problem }: { problem: FilterProblem }): JSX.Element {
  if (problem.option === '') return <p class="query-problem">The filters cannot be used: {problem.reason}</p>;
  const name = problem.option as FilterName;
  const before = query.value?.filters[name] ?? '';
  return (
    <p class="query-problem">
      <b>{filterKind(name).label}</b>
      {problem.at >= 0 ? <Marked text={state.value.filters[name]} at={problem.at} /> : <code>{state.value.filters[name]}</code>}
      <span>
        {problem.reason}
        {problem.at >= 0 && ` (character ${problem.at + 1})`}.{' '}
        {before === '' ? 'It is left out.' : `The view still has ${before}.`}
      </span>
    </p>
  );
}

/** What is left, as the bar and the panel say it. */
export function leftText(info: FilterInfo, of: Query): string {
  const total = file.value?.sampleTypes[of.sample]?.total ?? '';
  return `${info.pct} of ${total} · ${info.samples} of ${info.allSamples} records`;
}

/** What the filters leave, and what is to be said about them. */
function Left(): JSX.Element | null {
  const asked = query.value;
  // While the next answer is on its way, the last one stays, or the row would come and go.
  const last = useRef('');
  const info = verdictOn(asked)?.info;
  if (asked !== null && info !== undefined) last.current = leftText(info, asked);
  return (
    <p class="query-left" role="status">
      {last.current}
      {info?.remarks.map((remark) => (
        <span key={remark} class="remark">
          {remark}
        </span>
      ))}
    </p>
  );
}

/** Takes out of the link what nobody can follow. */
function forget(): void {
  misread.value = [];
  update({ ...(unfit.value.sample ? { sample: '' } : {}), ...(unfit.value.unit ? { unit: '' } : {}) });
}

function Notes(): JSX.Element | null {
  const problems = verdictOn(wanted.value)?.problems ?? [];
  const notes = [...misread.value, ...Object.values(unfit.value)];
  const filtered = query.value !== null && hasFilters(query.value);
  if (problems.length === 0 && notes.length === 0 && !filtered) return null;
  return (
    <div class="query-notes">
      {filtered && <Left />}
      {problems.length > 0 && (
        <div role="alert">
          {problems.map((one) => (
            <Problem key={one.option} problem={one} />
          ))}
        </div>
      )}
      {notes.length > 0 && (
        <p class="query-note">
          <span role="status">{notes.join(' ')}</span>{' '}
          <button type="button" class="link" onClick={forget}>
            Forget {notes.length === 1 ? 'it' : 'them'}
          </button>
        </p>
      )}
    </div>
  );
}

/** The panels; they are not part of the first load. */
const panels = signal<typeof import('./panels') | null>(null);
const unloaded = signal('');

async function loadPanels(): Promise<void> {
  if (panels.peek() !== null) return;
  try {
    panels.value = await import('./panels');
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
      return <loaded.FilterEditor key={open.name + open.expression} name={open.name} expression={open.expression} />;
    case 'options':
      return <loaded.OptionsPanel />;
    case 'save':
      return <loaded.SavePanel />;
  }
}

/** Opens the panel for a filter that is not set yet. */
export function addFilter(expression = ''): void {
  const { filters } = state.peek();
  openPanel({ is: 'filter', name: 'focus', expression: expression || filters.focus });
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
  const names = setNames(state.value.filters);
  const open = panel.value?.is === 'filter';
  return (
    <section class="query-bar" aria-label="Filters and options">
      <div class="query-row">
        {names.length > 0 && (
          <ul class="chips" aria-label="Filters">
            {names.map((name) => (
              <Chip key={name} name={name} />
            ))}
          </ul>
        )}
        <button type="button" class="button small add-filter" data-panel aria-expanded={open}
          title="Focus, ignore, hide, show … by name or label (f)" onClick={() => (open ? closePanel() : addFilter())}>
          <Icon name="plus" />
          Filter
        </button>
        <Tools />
      </div>
      <Notes />
      <OpenPanelView />
    </section>
  );
}

/** Whether the filters leave nothing of what is shown. */
export function nothingIsLeft(): boolean {
  return verdictOn(query.value)?.info?.value === '0';
}

/** Stands in place of every view of the profile while the filters leave nothing. */
export function NothingLeft(): JSX.Element {
  const { filters, off } = state.value;
  const on = setNames(filters).filter((name) => !off.includes(name));
  const info = verdictOn(query.value)?.info;
  const type = file.value?.sampleTypes[query.value?.sample ?? 0]?.name ?? '';
  const words = on.map((name) => filterKind(name).label).join(', ');
  return (
    <div class="nothing-left">
      <p>
        <b>The filters leave nothing.</b>{' '}
        {info?.samples === '0'
          ? `No sample of this profile passes ${words}.`
          : `${info?.samples} records pass ${words}, but ${type} is 0 in all of them. Another sample type may have more.`}
      </p>
      <button type="button" class="button primary" onClick={() => switchFilters(on, false)}>
        {on.length === 1 ? 'Switch the filter off' : 'Switch the filters off'}
      </button>
      <Drawn view={view.value} of={query.value} />
    </div>
  );
}
