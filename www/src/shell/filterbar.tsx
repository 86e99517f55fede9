// The row under the tabs: the filters as chips, what they leave, and the options of the query.

import type { JSX } from 'preact';
import { keyed, useQueryAnswer } from '../core';
import type { FilterInfo, FilterProblem } from '../core';
import { hasFilters, verdictOn } from '../filtering';
import { filterKind, setNames, shortened } from '../lib/filters';
import type { FilterName } from '../lib/filters';
import { misread, query, setFilter, state, switchFilters, unfit, view, wanted } from '../state';
import { GranularityControls } from '../table/controls';
import { Drawn } from '../table/view';
import { FilterEditor, leftText } from './filteredit';
import { Icon } from './icons';
import { Marked } from './marked';
import { OptionsPanel, optionsSet } from './options';
import { closePanel, openPanel, panel, togglePanel } from './panel';
import { SavePanel } from './saveas';
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

/** What the filters leave, and what is to be said about them. */
function Left(): JSX.Element | null {
  const asked = query.value;
  const answer = useQueryAnswer<FilterInfo>(
    asked,
    (now) => (hasFilters(now) ? keyed('filters.left').filters(now) : null),
    [],
  );
  const info = answer.value;
  if (asked === null || !hasFilters(asked) || info === undefined || info.problems.length > 0) return null;
  return (
    <p class="query-left" role="status">
      <span>{leftText(info, answer.asked ?? asked)}</span>
      {info.remarks.map((remark) => (
        <span key={remark} class="remark">
          {remark}
        </span>
      ))}
    </p>
  );
}

function Notes(): JSX.Element | null {
  const problems = verdictOn(wanted.value)?.problems ?? [];
  const notes = [...misread.value, ...unfit.value];
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
        <p class="query-note" role="status">
          {notes.join(' ')}
        </p>
      )}
    </div>
  );
}

function OpenPanelView(): JSX.Element | null {
  const open = panel.value;
  switch (open?.is) {
    case 'filter':
      return <FilterEditor key={open.name + open.expression} name={open.name} expression={open.expression} />;
    case 'options':
      return <OptionsPanel />;
    case 'save':
      return <SavePanel />;
    case undefined:
      return null;
  }
}

/** Opens the panel for a filter that is not set yet. */
export function addFilter(expression = ''): void {
  const { filters } = state.peek();
  openPanel({ is: 'filter', name: 'focus', expression: expression || filters.focus });
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
        <ul class="chips" aria-label="Filters" hidden={names.length === 0}>
          {names.map((name) => (
            <Chip key={name} name={name} />
          ))}
        </ul>
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

/** Whether the filters leave nothing at all. */
export function nothingIsLeft(): boolean {
  return verdictOn(query.value)?.info?.samples === '0';
}

/** Stands in place of every view of the profile while the filters leave nothing. */
export function NothingLeft(): JSX.Element {
  const { filters, off } = state.value;
  const on = setNames(filters).filter((name) => !off.includes(name));
  const words = on.map((name) => filterKind(name).label).join(', ');
  return (
    <div class="nothing-left">
      <p>
        <b>The filters leave nothing.</b> No sample of this profile passes {words}.
      </p>
      <button type="button" class="button primary" onClick={() => switchFilters(on, false)}>
        {on.length === 1 ? 'Switch the filter off' : 'Switch the filters off'}
      </button>
      <Drawn view={view.value} of={query.value} />
    </div>
  );
}
