// The bar over the view: tabs, the sample-type menu, the search box.

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { keyed, useAnswer } from '../core';
import type { SearchInfo } from '../core';
import { file, query, search, update, view, VIEW_NAMES } from '../state';
import type { ViewName } from '../state';
import { Icon } from './icons';

/** Names of the tabs. */
export const VIEW_TITLES: Record<ViewName, string> = {
  summary: 'Summary',
  flame: 'Flame graph',
  top: 'Top',
  hotpaths: 'Hot paths',
  callers: 'Callers & callees',
  allocations: 'Allocations',
  report: 'Report',
};

function moveTab(event: KeyboardEvent): void {
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
export function SampleMenu(): JSX.Element {
  const types = file.value?.sampleTypes ?? [];
  return (
    <select class="menu" aria-label="Sample type" value={String(query.value?.sample ?? 0)}
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

/** Milliseconds after the last letter before the search runs. */
const SEARCH_DELAY = 120;

/** What to press to reach the box; the key table uses it, too. */
export function focusSearch(): void {
  const box = document.getElementById('search') as HTMLInputElement | null;
  box?.focus();
  box?.select();
}

function found(info: SearchInfo | undefined): JSX.Element | null {
  if (info === undefined) return null;
  if (info.error !== '') return null;
  if (info.matches === 0) return <span>no match</span>;
  return (
    <span title={`${info.matches} matching; flat ${info.flat} (${info.flatPct}), cum ${info.cum} (${info.cumPct}): samples with at least one match, nothing counted twice`}>
      flat <b>{info.flatPct}</b> cum <b>{info.cumPct}</b>
    </span>
  );
}

function SearchError({ info, text }: { info: SearchInfo | undefined; text: string }): JSX.Element | null {
  if (info === undefined || info.error === '') return null;
  const at = info.errorAt;
  return (
    <p class="search-error" role="alert" id="search-error">
      {at >= 0 && (
        <code>
          {text.slice(0, at)}
          <mark>{text.slice(at, at + 1) || ' '}</mark>
          {text.slice(at + 1)}
        </code>
      )}
      {info.error}
      {at >= 0 && ` (character ${at + 1})`}
    </p>
  );
}

/** The search box with the share of the profile that matches. */
export function SearchBox(): JSX.Element {
  const [text, setText] = useState(search.value);
  const asked = query.value;
  const expression = search.value;
  // Back and links change the expression from outside.
  useEffect(() => setText(expression), [expression]);
  useEffect(() => {
    if (text === search.peek()) return undefined;
    const timer = setTimeout(() => update({ search: text }), SEARCH_DELAY);
    return () => clearTimeout(timer);
  }, [text]);
  const answer = useAnswer(
    () => (asked === null || expression === '' ? null : keyed('search').search(asked, expression)),
    [asked, expression],
  );
  const bad = answer.value !== undefined && answer.value.error !== '';
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') update({ search: text }, { push: true });
    else if (event.key === 'Escape') {
      setText('');
      update({ search: '' });
      event.currentTarget instanceof HTMLElement && event.currentTarget.blur();
    }
  };
  return (
    <div class={bad ? 'search bad' : 'search'} role="search">
      <Icon name="search" />
      <input id="search" type="search" placeholder="Search" aria-label="Search functions by regular expression"
        aria-invalid={bad} aria-describedby="search-found" spellcheck={false} autocomplete="off" value={text}
        onInput={(event) => setText(event.currentTarget.value)} onKeyDown={onKey} />
      <output id="search-found" class="search-found" aria-live="polite">
        {expression === '' ? <kbd aria-hidden="true">/</kbd> : found(answer.value)}
      </output>
      <SearchError info={answer.value} text={expression} />
    </div>
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
      </div>
    </div>
  );
}
