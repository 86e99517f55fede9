/** What the view asks the core with: the state's words, and the files that its names mean. */
import { computed } from '@preact/signals';
import type { BenchQuery, BenchTableInfo } from '../../core';
import { benchParams, readBench } from '../../lib/benchstate';
import type { BenchState } from '../../lib/benchstate';
import { files, state, update } from '../../state';
import type { SessionFile } from '../../state';

const reading = computed(() => readBench(state.value.bench));
/** The part of the state that is about benchmarks. */
export const bench = computed<BenchState>(() => reading.value.state);
/** What the link says of it and nobody can follow. */
export const misread = computed<readonly string[]>(() => reading.value.problems);

/** The state with some of that changed, for `update`. */
export function withBench(patch: Partial<BenchState>): { bench: ReturnType<typeof benchParams> } {
  return { bench: benchParams({ ...bench.peek(), ...patch }) };
}

/** Changes some of it, as a step that Back undoes. */
export function step(patch: Partial<BenchState>): void {
  update(withBench(patch), { push: true });
}

/** All benchmark results of the session, in the order of their arrival. */
export const benchFiles = computed<readonly SessionFile[]>(() =>
  files.value.filter((info) => info.kind === 'bench' && info.error == null),
);

/** The files that the state names, base first, of those that are here; empty where it leaves that to the core. */
export const chosenFiles = computed<readonly SessionFile[]>(() => {
  const all = benchFiles.value;
  return bench.value.files.flatMap((name) => all.find((info) => info.key === name) ?? []);
});

/** Files that the state names and that are not here. */
export const missingFiles = computed<readonly string[]>(() => {
  const all = benchFiles.value;
  return bench.value.files.filter((name) => !all.some((info) => info.key === name));
});

/** Which files there are is part of every answer, though not of every question. */
const askedText = computed(() => {
  const { files: _names, unit: _unit, sel: _sel, ...how } = bench.value;
  const asked: BenchQuery = { ...how, files: chosenFiles.value.map((info) => info.id), search: state.value.search };
  return JSON.stringify({ asked, of: benchFiles.value.map((info) => info.id) });
});

/** A question, and a text that is the same as long as its answer is. */
export interface Asked {
  query: BenchQuery;
  text: string;
}

/** What is asked; null without any file of results. The same object as long as it is the same. */
export const asked = computed<Asked | null>(() => {
  const text = askedText.value;
  const { asked: query, of } = JSON.parse(text) as { asked: BenchQuery; of: number[] };
  return of.length === 0 ? null : { query, text };
});

/** A table's keys, one text for each. */
export function keyLines(table: Pick<BenchTableInfo, 'keys'>): string[] {
  return table.keys.map(({ name, value }) => `${name}: ${value}`);
}

/** How the state writes a row of a table: by its label, the unit, and where several tables have it, the keys. */
export function rowText(label: string, table: BenchTableInfo, all: readonly BenchTableInfo[]): string {
  const isOnly = all.filter(({ unit }) => unit === table.unit).length === 1;
  return [label, table.unit, ...(isOnly ? [] : keyLines(table))].join('\n');
}

/** A row that was chosen, and where it is in its table: its name need not be looked up. */
let chosen: { asked: Asked; text: string; at: number } | null = null;

/** Selects a row by its text. */
export function choose(of: Asked, text: string, at: number, push: boolean): void {
  chosen = { asked: of, text, at };
  update(withBench({ sel: text }), { push });
}

/** Where a chosen row is in its table; -1 where that is not known. */
export function placeOfChosen(of: Asked, text: string): number {
  return chosen?.asked === of && chosen.text === text ? chosen.at : -1;
}

/** The row that such a text means. */
export interface Wanted {
  label: string;
  /** Place of its table; -1 where there is no such table. */
  table: number;
}

/** Reads such a text; null for an empty one. */
export function wantedRow(text: string, all: readonly BenchTableInfo[]): Wanted | null {
  if (text === '') return null;
  const [label = '', unit = '', ...lines] = text.split('\n');
  const fits = (table: BenchTableInfo): boolean => {
    const own = keyLines(table);
    return (unit === '' || table.unit === unit) && lines.every((line) => own.includes(line));
  };
  return { label, table: all.findIndex(fits) };
}
