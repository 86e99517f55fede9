// The filters as chips, what they leave, and what is wrong with them.

import type { JSX } from 'preact';
import type { FilterInfo, FilterProblem, Query } from '../core';
import { hasFilters, leftOf, verdictOn } from '../filtering';
import { filterKind, setNames, shortened } from '../lib/filters';
import type { FilterName } from '../lib/filters';
import { setFilter, switchFilters } from '../refine';
import { file, misread, query, state, unfit, update, view, wanted } from '../state';
import { Drawn } from '../table/view';
import { Icon } from './icons';
import { Marked, placeText } from './marked';
import { openPanel } from './panel';

/** Characters of an expression on a chip. */
const CHIP = 32;

/** The problem of a filter that cannot be used. */
function problemOf(name: FilterName): FilterProblem | undefined {
  return verdictOn(wanted.value)?.problems.find((one) => one.option === name);
}

/** Puts the focus on the chip of a filter, or where filters are added when there is none. */
export function focusChip(name: FilterName | undefined): void {
  // The chips are drawn anew after the state has changed.
  setTimeout(() => {
    const chip = document.querySelector<HTMLElement>(`#chip-${name} .chip-switch`);
    (chip ?? document.querySelector<HTMLElement>('.add-filter'))?.focus();
  });
}

function Chip({ name }: { name: FilterName }): JSX.Element {
  const { filters, off } = state.value;
  const kind = filterKind(name);
  const text = filters[name];
  const on = !off.includes(name);
  const bad = on && problemOf(name) !== undefined;
  const help = `${kind.label}: ${text}\n${kind.about}\n${on ? 'Click switches it off.' : 'It is off; a click switches it on.'}`;
  return (
    <li id={`chip-${name}`} class={`chip${on ? '' : ' off'}${bad ? ' bad' : ''}`}>
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
        onClick={(event) => {
          const next = event.currentTarget.closest('li')?.nextElementSibling?.id.replace('chip-', '');
          setFilter(name, '');
          focusChip(next as FilterName | undefined);
        }}>
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
        {placeText(state.value.filters[name], problem.at)}.{' '}
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
function Left(): JSX.Element {
  const asked = query.value;
  const info = leftOf(asked);
  return (
    <p class="query-left" role="status">
      {asked !== null && info !== undefined && leftText(info, asked)}
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

/** Whatever is to be said under the row; nothing when all is well and no filter is set. */
export function Notes(): JSX.Element | null {
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

/** The chips, in one list. */
export function Chips(): JSX.Element | null {
  const names = setNames(state.value.filters);
  if (names.length === 0) return null;
  return (
    <ul class="chips" aria-label="Filters">
      {names.map((name) => (
        <Chip key={name} name={name} />
      ))}
    </ul>
  );
}

/** Stands in place of every view of the profile while the filters leave nothing. */
export function NothingLeft(): JSX.Element {
  const { filters, off } = state.value;
  const on = setNames(filters).filter((name) => !off.includes(name));
  const info = leftOf(query.value);
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
      <button type="button" class="button primary"
        onClick={() => {
          switchFilters(on, false);
          focusChip(on[0]);
        }}>
        {on.length === 1 ? 'Switch the filter off' : 'Switch the filters off'}
      </button>
      <Drawn view={view.value} of={query.value} />
    </div>
  );
}
