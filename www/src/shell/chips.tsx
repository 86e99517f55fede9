// The filters as chips, what they leave, and what is wrong with them.

import type { JSX } from 'preact';
import type { FilterInfo, FilterProblem, Query } from '../core';
import { hasFilters, leftOf, verdictOn } from '../filtering';
import { filterKind, setNames, shortened } from '../lib/filters';
import type { FilterName } from '../lib/filters';
import { setFilter, showMine, switchFilters } from '../refine';
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

function MineChip(): JSX.Element {
  return (
    <li id="chip-mine" class="chip">
      <span class="chip-switch">Only my code</span>
      <button type="button" class="chip-button" aria-label="Remove Only my code" title="Remove"
        onClick={() => {
          showMine(false);
          setTimeout(() => document.querySelector<HTMLElement>('.only-mine')?.focus());
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

/** How much is left, as the bar says it. */
function shareText(info: FilterInfo, of: Query): string {
  return `${info.pct} of ${file.value?.sampleTypes[of.sample]?.total ?? ''}`;
}

/** What is left, as the panel says it. */
export function leftText(info: FilterInfo, of: Query): string {
  return `${shareText(info, of)} · ${info.samples} of ${info.allSamples} records`;
}

/** What the filters leave; in the row, so that the first filter does not move the view. */
export function Left(): JSX.Element {
  const asked = query.value;
  const info = leftOf(asked);
  const known = asked !== null && info !== undefined && hasFilters(asked);
  return (
    <p class="query-left" role="status" title={known ? leftText(info, asked) : undefined}>
      {known && shareText(info, asked)}
    </p>
  );
}

/** Takes out of the link what nobody can follow. */
function forget(): void {
  misread.value = [];
  update({ ...(unfit.value.sample ? { sample: '' } : {}), ...(unfit.value.unit ? { unit: '' } : {}) });
}

/** Whatever is to be said under the row; nothing when all is well. */
export function Notes(): JSX.Element | null {
  const problems = verdictOn(wanted.value)?.problems ?? [];
  const notes = [...misread.value, ...Object.values(unfit.value)];
  const remarks = leftOf(query.value)?.remarks ?? [];
  if (problems.length === 0 && notes.length === 0 && remarks.length === 0) return null;
  return (
    <div class="query-notes">
      {remarks.length > 0 && (
        <p class="query-remarks" role="status">
          {remarks.map((remark) => (
            <span key={remark} class="remark">
              {remark}
            </span>
          ))}
        </p>
      )}
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
  const { filters, mine } = state.value;
  const names = setNames(filters);
  if (names.length === 0 && !mine) return null;
  return (
    <ul class="chips" aria-label="Filters">
      {names.map((name) => (
        <Chip key={name} name={name} />
      ))}
      {mine && <MineChip />}
    </ul>
  );
}

/** Stands in place of every view of the profile while the filters leave nothing. */
export function NothingLeft(): JSX.Element {
  const { filters, off, mine } = state.value;
  const on = setNames(filters).filter((name) => !off.includes(name));
  const info = leftOf(query.value);
  const type = file.value?.sampleTypes[query.value?.sample ?? 0]?.name ?? '';
  const words = [...on.map((name) => filterKind(name).label), ...(mine ? ['Only my code'] : [])].join(', ');
  const all = on.length + Number(mine);
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
          // In the other order a step would remain that shows nothing, either.
          if (mine) showMine(false);
          if (on.length > 0) switchFilters(on, false);
          focusChip(on[0]);
        }}>
        {all === 1 ? 'Switch the filter off' : 'Switch the filters off'}
      </button>
      <Drawn view={view.value} of={query.value} />
    </div>
  );
}
