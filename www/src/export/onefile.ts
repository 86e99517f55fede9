// The page with its profiles as one HTML file: what goes into it, how large it gets, and putting it together.

import { core } from '../core';
import type { Query } from '../core';
import { emptyPage } from '../host';
import { fileKeys } from '../lib/filekey';
import { encodeHash } from '../lib/hash';
import type { ViewState } from '../lib/hash';
import { escaped } from '../lib/markup';
import { UNFILTERED } from '../lib/query';
import { droppedFor } from '../session';
import type { SessionFile } from '../state';

/** What of a session goes into the file. */
export interface Choice {
  files: readonly SessionFile[];
  /** Stacks of each profile at most; 0 for the files as they are. */
  stacks: number;
  /** Index of the sample type by which stacks are the heaviest, of the file with this id. */
  by: { file: number; sample: number };
}

/** A profile as the file carries it. */
interface Carried {
  name: string;
  packed: Blob;
}

/** Everything that the file is made of. */
export interface Parts {
  page: string;
  profiles: readonly Carried[];
  /** The names by which the state knows the files here, and those that they have there. */
  keys: ReadonlyMap<string, string>;
  /** Bytes of the file without the profiles, and of these in it. */
  pageSize: number;
  profileSize: number;
}

function gzipped(file: Blob): Promise<Blob> {
  return new Response(file.stream().pipeThrough(new CompressionStream('gzip'))).blob();
}

/** Whether only stacks are in it: results of benchmarks and what a dump says beside its stacks would be lost. */
export function canBeTrimmed(info: SessionFile, most: number): boolean {
  return info.stacks > most && !['bench', 'goroutine', 'goroutineleak'].includes(info.kind ?? '');
}

/** A file name may be that of a member of an archive. */
function plainName(name: string): string {
  return name.replaceAll(/[\\/]/g, '-');
}

/** Files and the names they bring into a session, in the order of opening. */
interface Source {
  file: File;
  brings: { key: string; name: string }[];
}

async function sourcesOf({ files, stacks, by }: Choice): Promise<Source[]> {
  const trimmed = stacks === 0 ? [] : files.filter((info) => canBeTrimmed(info, stacks));
  const sources: Source[] = [];
  for (const { file, infos } of droppedFor(files.map((info) => info.id))) {
    if (!infos.some((info) => trimmed.includes(info))) {
      sources.push({ file, brings: infos.map(({ key, name }) => ({ key, name })) });
      continue;
    }
    // Of an archive each profile is a file of its own then.
    for (const info of infos) {
      const sample = info.id === by.file ? by.sample : info.defaultSample;
      const bytes = await core.trimmed(info.id, sample, stacks);
      const name = plainName(info.name);
      sources.push({ file: new File([bytes as Uint8Array<ArrayBuffer>], name), brings: [{ key: info.key, name }] });
    }
  }
  // What was made here of other files has never been one: it goes as a profile of its own.
  const brought = new Set(sources.flatMap(({ brings }) => brings.map(({ key }) => key)));
  for (const info of files.filter(({ key }) => !brought.has(key))) {
    const bytes = await core.pprof(wholeOf(info), { report: 'proto', symbol: '', format: '', cum: false, callTree: false, trim: false });
    const name = `${plainName(info.name)}.pb.gz`;
    sources.push({ file: new File([bytes as Uint8Array<ArrayBuffer>], name), brings: [{ key: info.key, name }] });
  }
  return sources;
}

/** The query of all of a file. */
function wholeOf(info: SessionFile): Query {
  return { ...UNFILTERED, file: info.id, sample: info.defaultSample, granularity: 'functions', noinlines: false };
}

/** Characters of base64 for so many bytes. */
function base64Size(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

/** Gathers what the file is made of, and with it how large it gets. */
export async function gather(choice: Choice): Promise<Parts> {
  const [page, sources] = await Promise.all([emptyPage(), sourcesOf(choice)]);
  const profiles: Carried[] = [];
  for (const { file } of sources) profiles.push({ name: file.name, packed: await gzipped(file) });
  const brought = sources.flatMap((source) => source.brings).filter(({ key }) => key !== '');
  const keys = fileKeys(brought.map(({ name }) => name), []);
  return {
    page,
    profiles,
    keys: new Map(brought.map(({ key }, i) => [key, keys[i] ?? ''])),
    pageSize: new Blob([page]).size,
    profileSize: profiles.reduce((sum, { packed }) => sum + base64Size(packed.size), 0),
  };
}

/** Bytes turned into base64 at a time; a multiple of 3, so that the pieces join. */
const PIECE = 3 << 20;

function base64(piece: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('a part could not be read'));
    reader.readAsDataURL(piece);
  });
}

/** The state that the file opens with: the same picture, of the files that it carries. */
export function stateInFile(state: ViewState, shown: string, keys: ReadonlyMap<string, string>): ViewState {
  return { ...state, sources: [], file: keys.get(shown) ?? '', base: keys.get(state.base) ?? '' };
}

/** Puts the file together. `state` is what it opens with. */
export async function compose({ page, profiles }: Parts, title: string, state: ViewState): Promise<Blob> {
  const at = page.indexOf('<div id="app">');
  if (at < 0) throw new Error('the page as one file is not what was expected');
  const head = page.slice(0, at).replace(/<title>[^<]*<\/title>/, () => `<title>${escaped(title)}</title>`);
  const parts: string[] = [head, `<div id="profiles" hidden data-state="${escaped(encodeHash(state))}">`];
  for (const { name, packed } of profiles) {
    parts.push(`\n<script type="application/octet-stream" data-name="${escaped(name)}">`);
    for (let from = 0; from < packed.size; from += PIECE) parts.push(await base64(packed.slice(from, from + PIECE)));
    parts.push('</script>');
  }
  return new Blob([...parts, '\n</div>\n', page.slice(at)], { type: 'text/html' });
}
