/** What the view asks the core with: the state's words, and the file that is shown. */
import { computed, signal } from '@preact/signals';
import type { TraceInfo, TraceQuery, TraceRow, TraceSectionInfo, TraceTableQuery } from '../../core';
import { partOf, readTrace, traceParams } from '../../lib/tracestate';
import type { TraceState } from '../../lib/tracestate';
import { file, searchText, state, update } from '../../state';
import type { ViewState } from '../../state';
import { parseSort } from '../../table/sort';
import { timed } from './timeline/store';

const reading = computed(() => readTrace(state.value.trace));
/** The part of the state that is about traces. */
export const trace = computed<TraceState>(() => reading.value.state);
/** What the link says of it and nobody can follow. */
export const misread = computed<readonly string[]>(() => reading.value.problems);

/** Changes some of it, and of the rest of the state, as a step that Back undoes. */
export function step(patch: Partial<TraceState>, more: Partial<ViewState> = {}): void {
  update({ trace: traceParams({ ...trace.peek(), ...patch }), ...more }, { push: true });
}

/** Opens a row, or none, in place of what is open: arrows are no way that Back should lead along. */
export function openInstead(row: number): void {
  update({ trace: traceParams({ ...trace.peek(), row }) });
}

/** Whether a part of the trace is wanted, and can be counted: that takes the events of its timeline. */
export const ranged = computed<'whole' | 'there' | 'missing'>(() => {
  if (trace.value.range === '') return 'whole';
  return timed.value === null ? 'missing' : 'there';
});

const askedText = computed(() => {
  const info = file.value;
  if (info?.kind !== 'trace') return '';
  const range = ranged.value === 'there' ? partOf(trace.value.range) : null;
  const query: TraceQuery = { file: info.id, from: range?.from ?? 0, to: range?.to ?? 0, system: trace.value.system };
  return JSON.stringify(query);
});

/** What is asked; null for a file of another kind. The same object as long as it is the same. */
export const asked = computed<TraceQuery | null>(() => (askedText.value === '' ? null : (JSON.parse(askedText.value) as TraceQuery)));

/** Sections that rows of another one lead to: their titles, and those others, the usual one first. */
const INNER: Record<string, { title: string; outer: readonly string[] }> = {
  goroutines: { title: 'Single goroutines', outer: ['groups', 'pools'] },
  worst: { title: 'Longest waits to run', outer: ['latency'] },
  stop_list: { title: 'Longest stops', outer: ['stops'] },
  task_list: { title: 'Longest tasks', outer: ['tasks'] },
};

/** A section as it is shown. */
export interface Place {
  id: string;
  title: string;
  about: string;
  hasRows: boolean;
  /** The section that led here; undefined for those that are listed. */
  outer: TraceSectionInfo | undefined;
  /** The section of the single things that this one counts; empty for none. */
  inner: string;
}

/** What a section that is not listed is called. */
export function innerTitle(id: string): string {
  return INNER[id]?.title ?? '';
}

/** The section that is not shown unasked: the file is read a second time for it. */
const UNASKED = 'timeline';

/** The section that the state means; the first with rows where it names none, or none that there is. */
export function placeOf({ sections }: TraceInfo, { section, via }: TraceState): Place {
  const inner = INNER[section];
  if (inner !== undefined) {
    const id = inner.outer.includes(via) ? via : inner.outer[0];
    const outer = sections.find((one) => one.id === id);
    return { id: section, title: inner.title, about: '', hasRows: true, outer, inner: '' };
  }
  const found = sections.find(({ id }) => id === section) ?? sections.find(({ id, hasRows }) => hasRows && id !== UNASKED) ?? sections.find(({ id }) => id !== UNASKED);
  const { id = '', title = '', about = '', hasRows = false } = found ?? {};
  return { id, title, about, hasRows, outer: undefined, inner: Object.keys(INNER).find((one) => INNER[one]?.outer[0] === id) ?? '' };
}

/** Whether the state names a section that there is not. */
export function isUnknown({ sections }: TraceInfo, section: string): boolean {
  return section !== '' && INNER[section] === undefined && !sections.some(({ id }) => id === section);
}

/** Shows a section from its beginning. */
export function goToSection(section: string): void {
  step({ section, of: '', via: '', row: -1, sort: '' });
}

/** Shows the parts of a row; what was searched for were rows of the other section. */
export function goInto(from: string, row: Pick<TraceRow, 'section' | 'of'>): void {
  const usual = INNER[row.section]?.outer[0];
  step({ section: row.section, of: row.of, via: usual === from ? '' : from, row: -1, sort: '' }, { search: '' });
}

/** Which rows are asked for. */
export const tableAsked = computed<Omit<TraceTableQuery, 'section'>>(() => {
  const { of, sort } = trace.value;
  const { column, ascending } = parseSort(sort);
  return { of, search: searchText.value, column: sort === '' ? -1 : Number(column), ascending };
});

/** The row that the keyboard is at while none is open. */
export const cursor = signal<{ section: string; row: number }>({ section: '', row: -1 });

/** Rows that were seen, by section and number: where they lead is not part of what is known of a row in full. */
export const seen = signal<ReadonlyMap<string, TraceRow>>(new Map());
let seenOf = '';

const MOST_SEEN = 5000;

/** Keeps rows of a section of the file that is shown. */
export function keepSeen(section: string, rows: readonly TraceRow[]): void {
  const of = `${file.peek()?.key ?? ''} ${trace.peek().range}`;
  const next = new Map(of === seenOf && seen.peek().size < MOST_SEEN ? seen.peek() : []);
  seenOf = of;
  for (const row of rows) next.set(`${section} ${row.id}`, row);
  seen.value = next;
}

/** Gives the focus to the rows. */
export function focusRows(): void {
  document.querySelector<HTMLElement>('.trace-rows .vt')?.focus({ preventScroll: true });
}
