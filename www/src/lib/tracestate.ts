// The part of the view state that is about traces, and its parameters in the link. Pure.

import type { Params } from './benchstate';

/** Everything that changes what the Trace view shows. */
export interface TraceState {
  /** The section that is shown, as the core calls it; empty for the first that has rows. */
  section: string;
  /** Whose rows of it; empty for all. */
  of: string;
  /** The section that led there, where it is not the one that usually does. */
  via: string;
  /** The opened row, by the core's number; -1 for none. */
  row: number;
  /** Order of the rows: number of a column, `+` before it for ascending; empty for the section's own. */
  sort: string;
  /** The runtime's own goroutines one by one. */
  system: boolean;
  /** The part of the trace that all sections are about, as two times in nanoseconds; empty for the whole. */
  range: string;
  /** The part that the timeline shows, likewise. */
  window: string;
  /** Lanes that stand at the timeline's top: numbers of goroutines with a comma between; empty for none. */
  pins: string;
}

/** That of a fresh page. */
export const TRACE_DEFAULTS: TraceState = { section: '', of: '', via: '', row: -1, sort: '', system: false, range: '', window: '', pins: '' };

const TEXTS = ['section', 'of', 'via'] as const;

/** The parameters; what equals the default is left out. */
export function traceParams(state: TraceState): Params {
  const out: [string, string][] = [];
  const put = (name: string, value: string): void => {
    if (value !== '') out.push([`tr.${name}`, value]);
  };
  for (const name of TEXTS) put(name, state[name]);
  put('row', state.row < 0 ? '' : String(state.row));
  put('sort', state.sort);
  put('system', state.system ? 't' : '');
  for (const name of ['range', 'window', 'pins'] as const) put(name, state[name]);
  return out;
}

/** A part of a trace, in nanoseconds from its beginning. */
export interface Part {
  from: number;
  to: number;
}

/** Times that can be numbers of nanoseconds without loss. */
const PART = /^\d{1,15},\d{1,15}$/;

/** A part as the link writes it; null for none. */
export function partOf(text: string): Part | null {
  const [from = 0, to = 0] = PART.test(text) ? text.split(',').map(Number) : [];
  return to > from ? { from, to } : null;
}

/** As the link writes it: whole nanoseconds. */
export function partText({ from, to }: Part): string {
  const start = Math.max(0, Math.floor(from));
  return `${start},${Math.max(start + 1, Math.ceil(to))}`;
}

/** What parameters ask for, and a sentence about each that means nothing. */
export function readTrace(params: Params): { state: TraceState; problems: string[] } {
  const state = { ...TRACE_DEFAULTS };
  const problems: string[] = [];
  for (const [param, value] of params) {
    const name = param.slice(3);
    const text = TEXTS.find((one) => one === name);
    const refuse = (what: string): void => void problems.push(`${param}=${value} in the link ${what}, and is ignored.`);
    if (text !== undefined) state[text] = value;
    else if (name === 'row') {
      // Numbers cross the boundary as 32 bits.
      if (/^\d{1,9}$/.test(value)) state.row = Number(value);
      else refuse('is no row');
    } else if (name === 'sort') {
      if (/^\+?\d{1,2}$/.test(value)) state.sort = value;
      else refuse('is no order');
    } else if (name === 'range' || name === 'window') {
      if (partOf(value) !== null) state[name] = value;
      else refuse('is no part of a trace');
    } else if (name === 'pins') {
      if (/^\d{1,15}(,\d{1,15}){0,49}$/.test(value)) state.pins = value;
      else refuse('is no list of goroutines');
    } else if (name === 'system') state.system = /^(true|t|yes|y|1)$/i.test(value);
    else refuse('has no meaning here');
  }
  return { state, problems };
}
