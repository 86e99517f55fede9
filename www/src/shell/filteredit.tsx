// The panel in which a filter is written: its kind, its expression, and what it would leave.

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { keyed } from '../core';
import type { FilterInfo, Query } from '../core';
import { FILTERS, filterKind, isAbout, shortened } from '../lib/filters';
import type { FilterName } from '../lib/filters';
import { setFilter } from '../refine';
import { query, state } from '../state';
import { focusChip, leftText } from './chips';
import { Marked, placeText } from './marked';
import { closePanel, Panel } from './panel';

/** Milliseconds after the last letter before the core is asked. */
const DELAY = 150;
/** Characters of an expression that is replaced. */
const MOST_REPLACED = 60;

/** What the core says about an expression. */
interface Trial {
  of: Query;
  name: FilterName;
  expression: string;
  info: FilterInfo;
}

/** `key`: what Enter asks must not be taken back by what typing asks. */
async function tried(key: string, of: Query, name: FilterName, expression: string): Promise<Trial> {
  const info = await keyed(key).filters({ ...of, filters: { ...of.filters, [name]: expression } });
  return { of, name, expression, info };
}

/** The latest answer; while letters are typed, that to an earlier expression. */
function useTrial(of: Query | null, name: FilterName, expression: string): Trial | null {
  const [trial, setTrial] = useState<Trial | null>(null);
  useEffect(() => {
    if (of === null || expression === '') return undefined;
    // A refusal means that the file was closed meanwhile.
    const timer = setTimeout(() => tried('filters.try', of, name, expression).then(setTrial, () => {}), DELAY);
    return () => clearTimeout(timer);
  }, [of, name, expression]);
  return trial?.name === name && trial.of === of && expression !== '' ? trial : null;
}

function problemOf(trial: Trial | null): FilterInfo['problems'][number] | undefined {
  return trial?.info.problems.find((one) => one.option === trial.name);
}

function Verdict({ trial, fresh }: { trial: Trial | null; fresh: boolean }): JSX.Element {
  const problem = problemOf(trial);
  if (trial === null) return <div class="panel-verdict" />;
  if (problem !== undefined) {
    return (
      <div class="panel-verdict bad" role="alert">
        <Marked text={trial.expression} at={problem.at} />
        {problem.reason}
        {placeText(trial.expression, problem.at)}
      </div>
    );
  }
  return (
    <div class="panel-verdict" role="status" aria-busy={!fresh}>
      Leaves {leftText(trial.info, trial.of)}
      {trial.info.remarks.filter((remark) => isAbout(remark, trial.name)).map((remark) => (
        <span key={remark} class="remark">
          {remark}
        </span>
      ))}
    </div>
  );
}

/** What the button does to a filter that may be set. */
function applyText(before: string, replaced: string, text: string): string {
  if (before !== '' && text === '') return 'Remove';
  return replaced === '' ? 'Apply' : 'Replace';
}

interface Props {
  name: FilterName;
  expression: string;
}

/** The panel. */
export function FilterEditor(start: Props): JSX.Element {
  const [name, setName] = useState(start.name);
  const [text, setText] = useState(start.expression);
  const [touched, setTouched] = useState(false);
  // The filter that the panel was opened to change; any other one that is set is replaced.
  const [changes] = useState(() => state.peek().filters[start.name] === start.expression && start.expression !== '');
  const input = useRef<HTMLInputElement>(null);
  const base = query.value;
  const trial = useTrial(base, name, text);
  const kind = filterKind(name);
  const bad = problemOf(trial) !== undefined;
  const { filters } = state.value;
  const replaced = changes && name === start.name ? '' : filters[name];
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const choose = (next: FilterName): void => {
    setName(next);
    // What somebody has written is meant for whatever kind is chosen in the end.
    if (!touched && (text === '' || text === filters[name])) setText(filters[next]);
  };
  const apply = async (event: Event): Promise<void> => {
    event.preventDefault();
    const now = input.current?.value ?? text;
    if (base === null) return;
    const answer = now === '' ? null : await tried('filters.apply', base, name, now).catch(() => null);
    // What cannot be used stays in the box, with the reason, and the view stays as it is.
    if (answer !== null && problemOf(answer) !== undefined) {
      setText(now);
      return;
    }
    setFilter(name, now);
    closePanel();
    focusChip(name);
  };
  return (
    <Panel label="Filter">
      <form class="filter-form" onSubmit={(event) => void apply(event)}>
        <select class="menu" aria-label="Kind of filter" aria-describedby="filter-about" value={name}
          onChange={(event) => choose(event.currentTarget.value as FilterName)}>
          {FILTERS.map((one) => (
            <option key={one.name} value={one.name} title={one.about}>
              {filters[one.name] === '' ? one.label : `${one.label} — set`}
            </option>
          ))}
        </select>
        <input ref={input} class={bad ? 'filter-input bad' : 'filter-input'} type="text" aria-label={`${kind.label} expression`}
          aria-invalid={bad} aria-describedby="filter-about" placeholder={kind.example} spellcheck={false}
          autocomplete="off" autocapitalize="off" value={text}
          onInput={(event) => {
            setTouched(true);
            setText(event.currentTarget.value);
          }} />
        <button type="submit" class="button primary">
          {applyText(filters[name], replaced, text)}
        </button>
        <button type="button" class="button" onClick={closePanel}>
          Cancel
        </button>
      </form>
      <p id="filter-about" class="panel-about">
        {kind.about}
        {replaced !== '' && (
          <span class="remark">
            replaces <code>{shortened(replaced, MOST_REPLACED)}</code>
          </span>
        )}
      </p>
      <Verdict trial={trial} fresh={trial?.expression === text} />
    </Panel>
  );
}
