// The filters as chips, what they leave, and what is wrong with them.

import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { FilterInfo, FilterProblem, Query } from '../core';
import { hasFilters, leftOf, verdictOn } from '../filtering';
import { shortened } from '../lib/filters';
import { active, moved, placeOf, stepKind, switched, without } from '../lib/steps';
import type { Step } from '../lib/steps';
import { stepText } from '../lib/steptexts';
import { setSteps, showMine } from '../refine';
import { file, misread, query, state, unfit, update, view, wanted } from '../state';
import { focusSoon } from '../table/inert';
import { Drawn } from '../table/view';
import { Icon } from './icons';
import { Marked, placeText } from './marked';
import { openPanel } from './panel';

/** Characters of an expression on a chip. */
const CHIP = 32;

/** The problem of the step at a place, when it cannot be used. */
function problemAt(place: number): FilterProblem | undefined {
  const { steps } = state.value;
  return verdictOn(wanted.value)?.problems.find((one) => placeOf(steps, one.step) === place);
}

/** What a step is about, where its text does not tell: the core's words. */
function labelAt(place: number): string {
  const { steps } = state.value;
  const labels = leftOf(query.value)?.labels ?? [];
  return steps[place]?.off === true ? '' : (labels[active(steps.slice(0, place)).length] ?? '');
}

/** Puts the focus on the chip at a place, or where filters are added when there is none. */
export function focusChip(place: number): void {
  focusSoon(() => document.querySelector<HTMLElement>(`#chip-${place} .chip-switch`) ?? document.querySelector<HTMLElement>('.add-filter'));
}

/** Moves a step to another place in the list. */
function moveTo(from: number, to: number): void {
  const { steps } = state.peek();
  if (to < 0 || to >= steps.length || to === from) return;
  setSteps(moved(steps, from, to));
  focusChip(to);
}

/** Pixels after which a press on a chip is a drag. */
const DRAG = 8;

/** Drags a chip to another place in the list; says whether it was a drag, which is no click. */
function useDrag(place: number): { onPointerDown: (event: PointerEvent) => void; wasDrag: () => boolean } {
  const dragged = useRef(false);
  const onPointerDown = (event: PointerEvent): void => {
    dragged.current = false;
    const chip = (event.currentTarget as Element).closest('li');
    if (chip === null || event.button !== 0) return;
    const stop = new AbortController();
    const placeUnder = (at: PointerEvent): number => {
      const under = document.elementFromPoint(at.clientX, at.clientY)?.closest<HTMLElement>('li.chip[data-place]');
      return under == null ? -1 : Number(under.dataset['place']);
    };
    const mark = (to: number): void => {
      for (const one of document.querySelectorAll<HTMLElement>('li.chip[data-place]')) {
        one.classList.toggle('drop-here', Number(one.dataset['place']) === to && to !== place);
      }
    };
    const end = (): void => {
      stop.abort();
      mark(-1);
      chip.classList.remove('dragged');
    };
    const move = (at: PointerEvent): void => {
      const far = Math.hypot(at.clientX - event.clientX, at.clientY - event.clientY) > DRAG;
      if (!dragged.current && !far) return;
      dragged.current = true;
      chip.classList.add('dragged');
      mark(placeUnder(at));
    };
    const drop = (at: PointerEvent): void => {
      const to = placeUnder(at);
      end();
      if (dragged.current && to >= 0) moveTo(place, to);
    };
    addEventListener('pointermove', move, { signal: stop.signal });
    addEventListener('pointerup', drop, { signal: stop.signal });
    addEventListener('pointercancel', end, { signal: stop.signal });
  };
  return { onPointerDown, wasDrag: () => dragged.current };
}

function Chip({ step, place }: { step: Step; place: number }): JSX.Element {
  const kind = stepKind(step.kind);
  const isChosen = 'chosen' in kind;
  const { text } = step;
  const shown = labelAt(place) || text;
  const on = step.off !== true;
  const bad = on && problemAt(place) !== undefined;
  const drag = useDrag(place);
  const several = state.value.steps.length > 1;
  const order = several ? ' Drag it, or press Alt with ← or →, to change the order.' : '';
  const help = `${kind.label}: ${shown}\n${stepText(step.kind).about}\n${on ? 'Click switches it off.' : 'It is off; a click switches it on.'}${order}`;
  const onKey = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!event.altKey || by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    moveTo(place, place + by);
  };
  return (
    <li id={`chip-${place}`} data-place={place} class={`chip${on ? '' : ' off'}${bad ? ' bad' : ''}`}>
      <button type="button" class="chip-switch" aria-pressed={on} aria-label={`${kind.label} ${shown}`} title={help}
        aria-keyshortcuts={several ? 'Alt+ArrowLeft Alt+ArrowRight' : undefined} onKeyDown={onKey} onPointerDown={drag.onPointerDown}
        onClick={(event) => {
          // A click of the keyboard has no press before it that could have been a drag.
          if (event.detail === 0 || !drag.wasDrag()) setSteps(switched(state.peek().steps, [place], !on));
        }}>
        <span class="chip-kind">{kind.label}</span>
        <code>{shortened(shown, CHIP)}</code>
      </button>
      {!isChosen && (
        <button type="button" class="chip-button" aria-label={`Edit ${kind.label}`} title="Edit" data-panel
          onClick={() => openPanel({ is: 'filter', name: step.kind, expression: text, at: place })}>
          <Icon name="edit" />
        </button>
      )}
      <button type="button" class="chip-button" aria-label={`Remove ${kind.label}`} title="Remove"
        onClick={() => {
          setSteps(without(state.peek().steps, place));
          focusChip(place);
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
          focusSoon(() => document.querySelector<HTMLElement>('.only-mine'));
        }}>
        <Icon name="close" />
      </button>
    </li>
  );
}

function Problem({ problem }: { problem: FilterProblem }): JSX.Element {
  const { steps } = state.value;
  const step = steps[placeOf(steps, problem.step)];
  if (step === undefined) return <p class="query-problem">The filters cannot be used: {problem.reason}</p>;
  const nth = active(steps).slice(0, problem.step).filter(({ kind }) => kind === step.kind).length;
  const before = query.value?.steps.filter(({ kind }) => kind === step.kind)[nth]?.text ?? '';
  return (
    <p class="query-problem">
      <b>{stepKind(step.kind).label}</b>
      {problem.at >= 0 ? <Marked text={step.text} at={problem.at} /> : <code>{step.text}</code>}
      <span>
        {problem.at >= 0 && 'is not a valid expression and '}
        {before === '' ? 'is not applied' : `is not applied, the view still has ${before}`}: {problem.reason}
        {placeText(step.text, problem.at)}.
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
            <Problem key={one.step} problem={one} />
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

/** The chips, in one list: the steps in their order. */
export function Chips(): JSX.Element | null {
  const { steps, mine } = state.value;
  if (steps.length === 0 && !mine) return null;
  return (
    <ul class="chips" aria-label="Filters">
      {steps.map((step, place) => (
        <Chip key={`${step.kind}:${step.text}:${steps.slice(0, place).filter(({ kind, text }) => kind === step.kind && text === step.text).length}`}
          step={step} place={place} />
      ))}
      {mine && <MineChip />}
    </ul>
  );
}

/** Stands in place of every view of the profile while the filters leave nothing. */
export function NothingLeft(): JSX.Element {
  const { steps, mine } = state.value;
  const on = steps.flatMap(({ off }, place) => (off === true ? [] : [place]));
  const info = leftOf(query.value);
  const type = file.value?.sampleTypes[query.value?.sample ?? 0]?.name ?? '';
  const words = [...active(steps).map(({ kind }) => stepKind(kind).label), ...(mine ? ['Only my code'] : [])].join(', ');
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
          if (on.length > 0) setSteps(switched(state.peek().steps, on, false));
          focusChip(on[0] ?? -1);
        }}>
        {all === 1 ? 'Switch the filter off' : 'Switch the filters off'}
      </button>
      <Drawn view={view.value} of={query.value} />
    </div>
  );
}
