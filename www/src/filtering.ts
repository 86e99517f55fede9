// Between what the state asks for and what the views may ask the core: a filter that cannot be used
// would be refused by every verb, so the core is asked about new filters before anything uses them.

import { signal } from '@preact/signals';
import { keyed } from './core';
import type { FilterInfo, FilterProblem, Query } from './core';

type Steps = Query['steps'];

/** What the core said about the filters of a file. */
export interface Verdict {
  /** Which filters of which file, and what of it they are to leave. */
  key: string;
  /** The steps that can be used: in place of a bad one stands the last good one of its kind, if there was one. */
  steps: Steps;
  problems: readonly FilterProblem[];
  /** The key of what can be used, and what that leaves. */
  left: string;
  info: FilterInfo | undefined;
}

const latest = signal<Verdict | null>(null);
/** What the core is being asked about. */
let asking = '';

/** Whether the query has any filter; only own code is one, too. */
export function hasFilters({ steps, mine }: Query): boolean {
  return mine || steps.length > 0;
}

/** Whether there is something that the core may have to say: a module may be named that no function is of. */
function isJudged(query: Query): boolean {
  return query.main !== '' || hasFilters(query);
}

function keyOf({ file, sample, steps, unit, main, mine }: Query): string {
  return JSON.stringify([file, sample, steps, unit, main, mine]);
}

/** The verdict on the filters of a query; null when there is none, or none yet. */
export function verdictOn(query: Query | null): Verdict | null {
  const verdict = latest.value;
  return query !== null && verdict?.key === keyOf(query) ? verdict : null;
}

/** What the filters of a query that is shown leave; undefined for one without filters. */
export function leftOf(query: Query | null): FilterInfo | undefined {
  const verdict = latest.value;
  return query !== null && verdict?.left === keyOf(query) ? verdict.info : undefined;
}

/** Whether the core has to be asked before the query can be used. */
export function isUnchecked(query: Query | null): boolean {
  return query !== null && isJudged(query) && verdictOn(query) === null;
}

/** What can be shown of what is wanted: while that is not known, what is shown already. */
export function usable(wanted: Query | null, shown: Query | null): Query | null {
  if (wanted === null || !hasFilters(wanted)) return wanted;
  const verdict = verdictOn(wanted);
  if (verdict === null) return shown;
  const query = { ...wanted, steps: verdict.steps };
  return shown !== null && JSON.stringify(query) === JSON.stringify(shown) ? shown : query;
}

/** Asks the core about the filters of a query, unless that has been done. */
export function check(wanted: Query | null, shown: Query | null): void {
  if (wanted === null) {
    asking = '';
    latest.value = null;
  } else if (isUnchecked(wanted)) void ask(wanted, shown?.file === wanted.file ? shown.steps : []);
}

async function ask(wanted: Query, before: Steps): Promise<void> {
  const key = (asking = keyOf(wanted));
  const verdict = await judge(wanted, before);
  // A reader that was started again refuses what was asked of the one before it.
  if (asking === key) latest.value = { key, ...verdict };
}

async function judge(wanted: Query, before: Steps): Promise<Omit<Verdict, 'key'>> {
  const verbs = keyed('filters.check');
  try {
    const info = await verbs.filters(wanted);
    if (info.problems.length === 0) return { steps: wanted.steps, problems: [], left: keyOf(wanted), info };
    const steps = wanted.steps.flatMap((step, at) => {
      if (!info.problems.some((problem) => problem.step === at)) return [step];
      const nth = wanted.steps.slice(0, at).filter(({ kind }) => kind === step.kind).length;
      return before.filter(({ kind }) => kind === step.kind).slice(nth, nth + 1);
    });
    const usable = { ...wanted, steps };
    const left = isJudged(usable) ? await verbs.filters(usable) : undefined;
    return { steps, problems: info.problems, left: keyOf(usable), info: left };
  } catch (error) {
    // Of what cannot be done at all it is not known which filter is to blame.
    const reason = error instanceof Error ? error.message : String(error);
    return { steps: before, problems: [{ step: -1, reason, at: -1 }], left: '', info: undefined };
  }
}
