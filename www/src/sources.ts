// The source trees of this tab: what was dropped, how its paths belong to those of the profile, texts on demand.
//
// Fetched when the first of them is dropped or the Source view is shown. Files stay where they are until one is
// read; nothing of them is kept beyond the tab but the rules that somebody wrote.

import { computed, signal } from '@preact/signals';
import { isProfileName, isSourceName } from './lib/sourcename';
import { matchSources, plainPath, plainPrefix } from './lib/sourcepath';
import type { Match, Rule } from './lib/sourcepath';
import { linesOf, MOST_BYTES } from './lib/sourcetext';
import { zipMembers } from './lib/zipdir';

/** A file that may be read. */
export interface Readable {
  /** Path below what was dropped, with the name of that. */
  path: string;
  read: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** A dropped folder or zip, or single files. */
interface Tree {
  kind: 'folder' | 'zip' | 'files';
  files: Map<string, Readable>;
}

/** Files of all trees: more are a disk, not a project. */
const MOST_FILES = 100_000;
/** Texts kept. */
const MOST_TEXTS = 8;
const STORED_RULES = 'dropprof.sources';

const trees = signal<readonly Tree[]>([]);
/** What could not be added; empty when all is well. */
export const sourceProblem = signal('');
/** Rules that somebody wrote. */
const ownRules = signal<readonly Rule[]>(storedRules());
const removedRules = signal<readonly Rule[]>([]);
/** The files that the profile names, heaviest first. Written by the view. */
export const profileFiles = signal<readonly string[]>([]);

// Whoever drops a tree again has changed it: the later one has the last word.
const files = computed<ReadonlyMap<string, Readable>>(() => {
  const all = new Map<string, Readable>();
  for (const tree of trees.value) for (const [path, file] of tree.files) all.set(path, file);
  return all;
});

/** Counts the trees that came and went: a file may be another one under the same path. */
export const sourceTrees = computed(() => trees.value);

/** Files of all trees. */
export const sourceCount = computed<number>(() => files.value.size);

/** Which file of the trees is which of the profile. */
export const sourceMatch = computed<Match>(() =>
  matchSources(profileFiles.value, [...files.value.keys()], ownRules.value, removedRules.value),
);

/** How many there are of each kind: `1 folder, 2 zips`. */
export const treesText = computed<string>(() => {
  const words = (['folder', 'zip'] as const).map((kind) => {
    const count = trees.value.filter((tree) => tree.kind === kind).length;
    return count === 0 ? '' : `${count} ${kind}${count === 1 ? '' : 's'}`;
  });
  return words.filter((text) => text !== '').join(', ');
});

function storedRules(): Rule[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(STORED_RULES) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.flatMap((one: Partial<Rule>) =>
      typeof one?.from === 'string' && typeof one.to === 'string' ? [{ from: one.from, to: one.to }] : [],
    );
  } catch {
    // No storage here, or something else in it.
    return [];
  }
}

function keepRules(rules: readonly Rule[]): void {
  ownRules.value = rules;
  try {
    sessionStorage.setItem(STORED_RULES, JSON.stringify(rules));
  } catch {
    // Then they last until the page is left.
  }
}

/** Adds a rule, or puts another in the place of `instead`. A prefix has one rule that somebody wrote. */
export function setRule(rule: Rule, instead?: Rule): void {
  const clean = { from: plainPrefix(rule.from), to: plainPrefix(rule.to).replace(/^\//, '') };
  const others = ownRules.peek().filter(({ from }) => from !== clean.from && from !== instead?.from);
  keepRules([...others, clean]);
}

/** Takes a rule away; one that followed from the files does not come back by itself. */
export function removeRule(rule: Rule, own: boolean): void {
  if (own) keepRules(ownRules.peek().filter(({ from }) => from !== rule.from));
  else removedRules.value = [...removedRules.peek(), { from: rule.from, to: rule.to }];
}

function add(kind: Tree['kind'], found: readonly Readable[]): void {
  const left = MOST_FILES - sourceCount.peek();
  sourceProblem.value = found.length > left ? `Only the first ${MOST_FILES} source files are used.` : '';
  const kept = found.slice(0, Math.max(0, left)).map((file): [string, Readable] => [plainPath(file.path).replace(/^\//, ''), file]);
  if (kept.length > 0) trees.value = [...trees.peek(), { kind, files: new Map(kept) }];
}

/** Adds source files that were dropped or chosen. */
export function addSources(found: readonly Readable[], kind: 'folder' | 'files'): void {
  add(kind, found);
}

/** A source file of which the browser has told only where it is. */
export function readableFile(path: string, file: () => Promise<File>): Readable {
  return {
    path,
    read: async () => {
      const there = await file();
      if (there.size > MOST_BYTES) throw new Error(`larger than ${MOST_BYTES / 1024 / 1024} MiB`);
      return new Uint8Array(await there.arrayBuffer());
    },
  };
}

/**
 * Adds the sources of a zip. Says which profiles are in it beside them; null when it has no sources, and is
 * for the reader of profiles.
 */
export async function addZip(file: File): Promise<File[] | null> {
  const members = await zipMembers(file);
  const sources = members.filter(({ path }) => isSourceName(path));
  if (sources.length === 0) return null;
  add('zip', sources.map(({ path, read }) => ({ path, read: () => read(MOST_BYTES) })));
  const profiles: File[] = [];
  for (const { path, read } of members.filter((one) => isProfileName(one.path))) {
    profiles.push(new File([await read(MOST_PROFILE)], path.slice(path.lastIndexOf('/') + 1)));
  }
  return profiles;
}

/** Bytes of a profile that is taken out of a zip of sources. */
const MOST_PROFILE = 512 * 1024 * 1024;

/** Forgets all trees. */
export function removeSources(): void {
  trees.value = [];
  removedRules.value = [];
  sourceProblem.value = '';
  texts.clear();
}

const texts = new Map<Readable, Promise<string[]>>();

/** The lines of a file of the trees; the promise fails when it cannot be read. */
export function sourceLines(path: string): Promise<string[]> {
  const file = files.peek().get(path);
  if (file === undefined) return Promise.reject(new Error('it is not there any more'));
  const kept = texts.get(file);
  const text = kept ?? file.read().then(decode);
  texts.delete(file);
  texts.set(file, text);
  text.catch(() => texts.delete(file));
  for (const oldest of texts.keys()) {
    if (texts.size <= MOST_TEXTS) break;
    texts.delete(oldest);
  }
  return text;
}

function decode(bytes: Uint8Array): string[] {
  if (bytes.subarray(0, 8000).includes(0)) throw new Error('it is no text');
  return linesOf(new TextDecoder().decode(bytes));
}
