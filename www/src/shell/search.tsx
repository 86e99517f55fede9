// The search box: an expression that marks boxes of the flame graph and narrows the long tables, and
// what share of the profile it matches.

import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../core';
import type { Query, SearchInfo } from '../core';
import { countText } from '../lib/bytes';
import { commitStep, expressionOf, MATCH_CASE, query, search, searchText, select, state, update, view, WHOLE } from '../state';
import { Icon } from './icons';
import { registerKeys } from './keys';
import { Marked, placeText } from './marked';

/** Milliseconds after the last letter before the search runs. */
const SEARCH_DELAY = 120;

/** Puts the cursor into the box. */
export function focusSearch(): void {
  const box = document.getElementById('search') as HTMLInputElement | null;
  box?.focus();
  box?.select();
}

function Found({ info, at }: { info: SearchInfo | undefined; at: number }): JSX.Element | null {
  if (info === undefined || info.error !== '') return null;
  if (info.matches === 0) return <span>no match</span>;
  const help = `${countText(info.matches)} matching; flat ${info.flat} (${info.flatPct}), cum ${info.cum} (${info.cumPct}): samples with at least one match, nothing counted twice`;
  return (
    <span title={help}>
      {at >= 0 && <span class="found-at">{at + 1} of {countText(info.matches)} </span>}
      <span class="found-flat">
        flat <b>{info.flatPct}</b>{' '}
      </span>
      cum <b>{info.cumPct}</b>
    </span>
  );
}

function Refused({ info, text }: { info: SearchInfo | undefined; text: string }): JSX.Element | null {
  if (info === undefined || info.error === '') return null;
  // The core counts from the beginning of what it was given.
  const before = search.value.length - searchText.value.length;
  const at = info.errorAt < before ? info.errorAt : info.errorAt - before;
  return (
    <p class="search-error" role="alert">
      <Marked text={text} at={at} />
      {info.error.replace(MATCH_CASE, '')}
      {placeText(text, at)}
    </p>
  );
}

/**
 * Selects the next (1) or previous (-1) match of what was typed, heaviest first, round and round.
 * `matches` is how many `expression` has, undefined while that is being found out: then the step is
 * taken when it is known.
 */
function useWalk(asked: Query | null, expression: string, matches: number | undefined): [at: number, walk: (typed: string, by: number) => void] {
  const at = useRef(-1);
  const [stands, setStands] = useState(-1);
  const waiting = useRef<{ typed: string; by: number; before: string } | null>(null);
  useEffect(() => {
    at.current = -1;
    setStands(-1);
  }, [asked, expression]);
  const step = async (by: number): Promise<void> => {
    if (asked === null || matches === undefined || matches === 0) return;
    at.current = at.current < 0 && by < 0 ? matches - 1 : (at.current + by + matches) % matches;
    const order = { column: 'cum', ascending: false, search: expression };
    // A refusal means that the file was closed meanwhile.
    const [row] = await keyed('search.walk').topRows(asked, order, at.current, 1).catch(() => []);
    if (row === undefined) return;
    setStands(at.current);
    select(row.name, asked);
  };
  useEffect(() => {
    const next = waiting.current;
    if (next === null) return;
    if (next.typed === expression) {
      if (matches === undefined) return;
      waiting.current = null;
      void step(next.by);
    } else if (next.before !== expression) {
      // Whoever typed on after Enter waits for nothing. The effect of a render from before Enter can
      // come after it, and that one says nothing.
      waiting.current = null;
    }
  });
  return [stands, (typed, by) => {
    if (typed === expression && matches !== undefined) void step(by);
    else waiting.current = { typed, by, before: expression };
  }];
}

interface Typed {
  text: string;
  setText: (text: string) => void;
  /** Ends the typing: what now stands in the box becomes one step of the history. */
  commit: (text: string) => void;
}

/** What stands in the box: follows the state, and the state follows it after a pause. */
function useText(expression: string): Typed {
  const [text, setText] = useState(expression);
  /** What the box wrote last, and the expression at the last step of the history. */
  const written = useRef(expression);
  const settled = useRef(expression);
  const write = (next: string): void => {
    written.current = next;
    update({ search: next });
  };
  useEffect(() => {
    // Back and links change the expression from outside: that is no typing to be undone.
    if (expression === written.current) return;
    written.current = settled.current = expression;
    setText(expression);
  }, [expression]);
  useEffect(() => {
    if (text === searchText.peek()) return undefined;
    const timer = setTimeout(() => write(text), SEARCH_DELAY);
    return () => clearTimeout(timer);
  }, [text]);
  const commit = (next: string): void => {
    setText(next);
    write(next);
    commitStep({ search: settled.current });
    settled.current = next;
  };
  return { text, setText, commit };
}

/** The box. */
export function SearchBox(): JSX.Element {
  const asked = WHOLE.includes(view.value) ? null : query.value;
  const expression = search.value;
  const { matchCase } = state.value;
  const { text, setText, commit } = useText(searchText.value);
  const answer = useQueryAnswer<SearchInfo>(
    asked,
    (now) => (expression === '' ? null : keyed('search').search(now, expression)),
    [expression],
  );
  // While typing, the last share stays until the next is here; that of another query does not.
  const info = answer.asked === asked ? answer.value : undefined;
  const bad = info !== undefined && info.error !== '';
  const isPending = answer.loading || (expression !== '' && info === undefined);
  const matches = isPending ? undefined : (info?.matches ?? 0);
  const [stands, walk] = useWalk(asked, expression, matches);
  const walkFor = (typed: string, by: number): void => walk(expressionOf(typed), by);
  const latest = useRef(walkFor);
  latest.current = walkFor;
  useEffect(() => registerKeys([
    { keys: ['F3', 'Shift+F3'], label: 'Next or previous match', group: 'Search', run: (event) => {
      const typed = searchText.peek();
      if (typed === '') focusSearch();
      else latest.current(typed, event.shiftKey ? -1 : 1);
    } },
  ]), []);
  const step = (by: number): void => walkFor(searchText.peek(), by);
  const onKey = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    if (event.isComposing) return;
    if (event.key === 'Enter') {
      const typed = event.currentTarget.value;
      commit(typed);
      walkFor(typed, event.shiftKey ? -1 : 1);
    } else if (event.key === 'F3') {
      // The table of keys leaves whoever types alone.
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      // Leaving the box and its text is all that this press does.
      event.preventDefault();
      event.currentTarget.value = '';
      event.currentTarget.blur();
    }
  };
  return (
    <div class={bad ? 'search bad' : 'search'} role="search">
      <Icon name="search" />
      <input id="search" type="search" placeholder="Search" aria-label={asked === null ? 'Search' : 'Search functions by regular expression'}
        aria-invalid={bad} aria-describedby="search-found" spellcheck={false} autocomplete="off" value={text}
        onInput={(event) => setText(event.currentTarget.value)} onKeyDown={onKey}
        onBlur={(event) => commit(event.currentTarget.value)} />
      <output id="search-found" class="search-found" aria-live="polite">
        {expression === '' ? <kbd aria-hidden="true">/</kbd> : <Found info={info} at={stands} />}
      </output>
      {asked !== null && expression !== '' && (
        <span class="search-steps">
          <button type="button" class="search-button" aria-label="Previous match" title="Previous match (Shift+F3)"
            disabled={matches === 0} onClick={() => step(-1)}>
            ‹
          </button>
          <button type="button" class="search-button" aria-label="Next match" title="Next match (F3)"
            disabled={matches === 0} onClick={() => step(1)}>
            ›
          </button>
        </span>
      )}
      <button type="button" class="search-button" aria-label="Match case" aria-pressed={matchCase}
        title="Match case; without it, letters match in either case unless one of them is a capital"
        onClick={() => update({ matchCase: !matchCase }, { push: true })}>
        Aa
      </button>
      <Refused info={info} text={searchText.value} />
    </div>
  );
}
