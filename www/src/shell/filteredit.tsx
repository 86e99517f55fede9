// The panel in which a filter is written: its kind, its expression, and what it would leave.

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { keyed } from '../core';
import type { FilterInfo, Query } from '../core';
import { verdictOn } from '../filtering';
import { FILTERS, isAbout, shortened } from '../lib/filters';
import { active, filterText, isFilter, placeOf, stepKind, written } from '../lib/steps';
import type { Step, StepKind, StepName } from '../lib/steps';
import { stepText, WRITTEN } from '../lib/steptexts';
import { setSteps } from '../refine';
import { query, state, wanted } from '../state';
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
  name: StepName;
  expression: string;
  /** Which of the steps that were tried it is. */
  step: number;
  info: FilterInfo;
}

/** The list without what cannot be used: its problem is not that of the step at hand. */
function usableSteps(at: number): Step[] {
  const { steps } = state.peek();
  const bad = (verdictOn(wanted.peek())?.problems ?? []).map(({ step }) => placeOf(steps, step));
  return steps.map((step, place) => (bad.includes(place) && place !== at ? { ...step, off: true } : step));
}

/** `key`: what Enter asks must not be taken back by what typing asks. */
async function tried(key: string, of: Query, name: StepName, expression: string, at: number): Promise<Trial> {
  const { steps, place } = written(usableSteps(at), name, expression, at);
  const info = await keyed(key).filters({ ...of, steps: active(steps) });
  return { of, name, expression, step: active(steps.slice(0, place)).length, info };
}

/** The latest answer; while letters are typed, that to an earlier expression. */
function useTrial(of: Query | null, name: StepName, expression: string, at: number): Trial | null {
  const [trial, setTrial] = useState<Trial | null>(null);
  useEffect(() => {
    if (of === null || expression === '') return undefined;
    // A refusal means that the file was closed meanwhile.
    const timer = setTimeout(() => tried('filters.try', of, name, expression, at).then(setTrial, () => {}), DELAY);
    return () => clearTimeout(timer);
  }, [of, name, expression, at]);
  return trial?.name === name && trial.of === of && expression !== '' ? trial : null;
}

function problemOf(trial: Trial | null): FilterInfo['problems'][number] | undefined {
  return trial?.info.problems.find((one) => one.step === trial.step || one.step < 0);
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
  name: StepName;
  expression: string;
  /** The place of the step that is changed; -1 for a new one. */
  at: number;
}

function Kinds({ label, kinds }: { label: string; kinds: readonly StepKind[] }): JSX.Element {
  const { steps } = state.value;
  const isSet = ({ name }: StepKind): boolean => isFilter(name) && filterText(steps, name) !== '';
  return (
    <optgroup label={label}>
      {kinds.map((one) => (
        <option key={one.name} value={one.name} title={stepText(one.name).about}>
          {isSet(one) ? `${one.label} — set` : one.label}
        </option>
      ))}
    </optgroup>
  );
}

/** The panel. */
export function FilterEditor(start: Props): JSX.Element {
  const [name, setName] = useState(start.name);
  const [text, setText] = useState(start.expression);
  const [touched, setTouched] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const base = query.value;
  const { steps } = state.value;
  // The step that the panel was opened to change; any other filter of the kind that is set is replaced.
  const at = name === start.name ? start.at : -1;
  const trial = useTrial(base, name, text, at);
  const kind = stepKind(name);
  const bad = problemOf(trial) !== undefined;
  const set = (of: StepName): string => (isFilter(of) ? filterText(steps, of) : '');
  const isChange = at >= 0 && (!isFilter(name) || steps[at]?.text === start.expression);
  const before = at >= 0 ? (steps[at]?.text ?? '') : set(name);
  const replacedText = isChange ? '' : before;
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const choose = (next: StepName): void => {
    setName(next);
    // What somebody has written is meant for whatever kind is chosen in the end.
    if (!touched && (text === '' || text === before)) setText(set(next));
  };
  const apply = async (event: Event): Promise<void> => {
    event.preventDefault();
    const now = input.current?.value ?? text;
    if (base === null) return;
    const answer = now === '' ? null : await tried('filters.apply', base, name, now, at).catch(() => null);
    // What cannot be used stays in the box, with the reason, and the view stays as it is.
    if (answer !== null && problemOf(answer) !== undefined) {
      setText(now);
      return;
    }
    const next = written(state.peek().steps, name, now, at);
    setSteps(next.steps);
    closePanel();
    focusChip(next.place);
  };
  return (
    <Panel label="Filter">
      <form class="filter-form" onSubmit={(event) => void apply(event)}>
        <select class="menu" aria-label="Kind of filter" aria-describedby="filter-about" value={name}
          onChange={(event) => choose(event.currentTarget.value as StepName)}>
          <Kinds label="pprof’s filters" kinds={FILTERS} />
          <Kinds label="Transforms" kinds={WRITTEN.filter((one) => !isFilter(one.name))} />
        </select>
        <input ref={input} class={bad ? 'filter-input bad' : 'filter-input'} type="text" aria-label={`${kind.label} expression`}
          aria-invalid={bad} aria-describedby="filter-about" placeholder={stepText(name).example} spellcheck={false}
          autocomplete="off" autocapitalize="off" value={text}
          onInput={(event) => {
            setTouched(true);
            setText(event.currentTarget.value);
          }} />
        <button type="submit" class="button primary">
          {applyText(before, replacedText, text)}
        </button>
        <button type="button" class="button" onClick={closePanel}>
          Cancel
        </button>
      </form>
      <p id="filter-about" class="panel-about">
        {stepText(name).about}
        {replacedText !== '' && (
          <span class="remark">
            replaces <code>{shortened(replacedText, MOST_REPLACED)}</code>
          </span>
        )}
      </p>
      <Verdict trial={trial} fresh={trial?.expression === text} />
    </Panel>
  );
}
