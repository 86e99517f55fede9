// The session: which files are open, which are being read, and what happens when the engine dies.

import { effect, signal } from '@preact/signals';
import { fetchBeside, nameOf } from './beside';
import { engineControl } from './core';
import type { FileInfo, Notice, Progress } from './core';
import { bytesText } from './lib/bytes';
import { fileKeys, unnumbered } from './lib/filekey';
import { encodeHash } from './lib/hash';
import { setting } from './settings';
import { file as currentFile, files, query, state, update, view } from './state';
import type { SessionFile, ViewName, ViewState } from './state';

/** A file on its way in. */
export interface Opening {
  /** Number of the request; also the key in lists. */
  ticket: number;
  /** Name as dropped. */
  name: string;
  /** Bytes of the file; 0 while it is fetched. */
  size: number;
  /** Where it is fetched from, when it lies beside the page. */
  source?: string;
  /** It is being fetched; the engine has not heard of it. */
  loading?: boolean;
  /** How far it is; absent while it waits for its turn. */
  progress?: Progress;
  /** The user asked to stop. */
  cancelling?: boolean;
}

/** The reader had to be restarted. */
export interface Crash {
  /** The engine's words. */
  message: string;
  /** The file that was being read at that moment, if one was. */
  during: File | null;
  /** The view that was shown, when it was not the reading of a file: it or what it showed was the end. */
  view: ViewName | null;
  /** Files that were open or waiting, and can be opened again. */
  lost: File[];
}

/** Files on their way in, in the order of opening. */
export const opening = signal<readonly Opening[]>([]);
/** Set when the engine died, until the user has dealt with it. */
export const crash = signal<Crash | null>(null);
/** The file that was chosen or dropped and could be read last. */
export const chosen = signal<File | null>(null);
/** The file that a link was about when another one came in its place: Back to that link asks again. Empty for none. */
export const missed = signal('');
/** Something the page itself could not do, e.g. fetch a demo; empty when all is well. */
export const notice = signal('');

let nextTicket = 1;
/** Ids from here on are the page's own, for files that the engine has never seen. */
const FIRST_FAILED_ID = 0xffff0000;
let nextFailedId = FIRST_FAILED_ID;
/** Every file handed to the engine, by ticket, so that it can be opened again after a crash. */
const handed = new Map<number, File>();
/** Tickets of files that a person chose; others were fetched, and can be again. */
const byHand = new Set<number>();
/** Tickets of the files of the session, by file id. */
const ticketOf = new Map<number, number>();
/** Sources that were fetched once; Back and Forward over a link must not fetch them again. */
const linked = new Set<string>();
/** Fetches under way, by ticket. */
const fetches = new Map<number, AbortController>();

/** What the latest drop is to show: one of its files, which one is known when they are there. */
interface Wish {
  /** First ticket of the drop. */
  since: number;
  /** Nothing was shown before it: a link may name one of its files. */
  fresh: boolean;
  /** The best of its readable files so far; of equals the first. */
  best?: SessionFile | undefined;
  /** Which of them is shown meanwhile, and the state that this made. */
  shown?: { file: SessionFile; state: ViewState } | undefined;
}
let wish: Wish | null = null;

/** To be called before a drop gets its tickets. */
function wishForNext(): void {
  notice.value = '';
  // What is missed is still what the link is about.
  const isMissed = missed.peek() !== '' && missed.peek() === state.peek().file;
  wish = { since: nextTicket, fresh: currentFile.peek() === null || isMissed };
}

/** What people look at first; kinds that are not here come after. */
const FIRST_KINDS = ['cpu', 'heap', 'allocs'];

/** How well a file does as the first picture: any with samples before any without, then by kind. */
function worth(info: FileInfo): number {
  const at = FIRST_KINDS.indexOf(info.kind ?? '');
  const byKind = at < 0 ? 0 : FIRST_KINDS.length - at;
  return info.samples > 0 ? 1 + FIRST_KINDS.length + byKind : byKind;
}

/** The worthiest file; of equals the first. */
function bestOf(some: readonly SessionFile[]): SessionFile | undefined {
  return some.reduce<SessionFile | undefined>(
    (best, info) => (best === undefined || worth(info) > worth(best) ? info : best),
    undefined,
  );
}

/** What the settings say about the first picture; a link that says anything has the last word about all of it. */
function startingState(): Partial<ViewState> {
  if (encodeHash({ ...state.peek(), file: '' }) !== '') return {};
  return {
    view: setting('startView').peek(),
    granularity: setting('startGranularity').peek(),
    main: setting('startModules').peek(),
  };
}

/** Shows what the latest drop is for, as soon as that can be told. */
function showWished(): void {
  if (wish === null) return;
  const { since, fresh, best, shown } = wish;
  const named = fresh && shown === undefined ? state.peek().file : '';
  const more = opening.peek().some((one) => one.ticket >= since);
  const isNamed = named !== '' && currentFile.peek()?.key === named;
  // What the link names is shown by itself, and may be among those still on their way.
  if (named !== '' && more && !isNamed) return;
  if (best === undefined && more) return;
  // Whoever has begun to look at something is not taken away from it by a worthier file.
  const isLeft = shown !== undefined && shown.state !== state.peek();
  if (!more || isNamed || isLeft) wish = null;
  if (best === undefined || best === shown?.file || isNamed || isLeft) return;
  // A link is about one file: whether another one will do is for the person to say.
  // A number behind its name only told it from others that were open then.
  if (named !== '' && named !== best.key && unnumbered(named) !== best.name) {
    missed.value = named;
    return;
  }
  // The first picture replaces the landing page's step of the history, a later drop adds one.
  if (fresh) update({ file: best.key, ...startingState() });
  else update({ file: best.key, sample: '', sel: '' }, { push: shown === undefined });
  if (wish !== null) wish.shown = { file: best, state: state.peek() };
}

/** Hands files to the engine. They appear in `opening`, then in `files`. */
export function openFiles(list: readonly File[]): void {
  if (list.length === 0) return;
  wishForNext();
  const added = list.map((file) => ({ ticket: nextTicket++, name: file.name, size: file.size, file }));
  opening.value = [...opening.peek(), ...added.map(({ ticket, name, size }) => ({ ticket, name, size }))];
  for (const { ticket, file } of added) {
    byHand.add(ticket);
    hand(ticket, file);
  }
}

function hand(ticket: number, file: File): void {
  handed.set(ticket, file);
  engineControl.open(ticket, file);
}

/** A file that is on its way to the page. */
export interface Coming {
  /** What it is called. */
  name: string;
  /** Where it is fetched from, when it lies beside the page. */
  source?: string;
  /** The file, or a sentence about why there is none. */
  file: (stop: AbortSignal) => Promise<File | string>;
}

/** Fetches files that lie beside the page (demos, `#file=` links) and opens them. */
export async function openBeside(sources: readonly string[]): Promise<void> {
  for (const source of sources) linked.add(source);
  const underWay = new Set(opening.peek().map((one) => one.source));
  const wanted = sources.filter((source) => !underWay.has(source));
  await openComing(wanted.map((source) => ({ name: nameOf(source), source, file: (stop) => fetchBeside(source, stop) })));
}

/** Opens files as they come. */
export async function openComing(coming: readonly Coming[]): Promise<void> {
  if (coming.length === 0) return;
  wishForNext();
  const added = coming.map((one) => ({ ticket: nextTicket++, ...one }));
  opening.value = [
    ...opening.peek(),
    ...added.map(({ ticket, name, source }) => ({ ticket, name, size: 0, loading: true, ...(source === undefined ? {} : { source }) })),
  ];
  const fetched = added.map(({ ticket, file }) => {
    const stop = new AbortController();
    fetches.set(ticket, stop);
    return { ticket, answer: file(stop.signal) };
  });
  const failed: string[] = [];
  // In their order, whichever is here first: the session lists files in the order of opening.
  for (const { ticket, answer } of fetched) {
    const file = await answer;
    // Nobody waits for one that was cancelled.
    if (!fetches.delete(ticket)) continue;
    if (typeof file === 'string') {
      failed.push(file);
      leave(ticket);
    } else {
      patchOpening(ticket, { size: file.size, loading: false });
      hand(ticket, file);
    }
  }
  if (failed.length > 0) notice.value = failed.join(' ');
}

/** Opens what the link names, each once: at the start, and when an edit of the link names more. */
export function followLinks(): void {
  effect(() => {
    const added = new Set(state.value.sources.filter((source) => !linked.has(source)));
    if (added.size > 0) void openBeside([...added]);
  });
}

/** Stops reading a file; what was read of it is forgotten. */
export function cancelOpening(ticket: number): void {
  const fetching = fetches.get(ticket);
  if (fetching !== undefined) {
    fetches.delete(ticket);
    fetching.abort();
    leave(ticket);
    return;
  }
  patchOpening(ticket, { cancelling: true });
  engineControl.cancel(ticket);
}

function closeInEngine(id: number): void {
  if (id < FIRST_FAILED_ID) engineControl.close(id);
}

/** Takes a file out of the session and frees its memory. */
export function closeFile(id: number): void {
  closeFiles([id]);
}

/** Takes files out of the session, in one go: an archive may have brought thousands. */
export function closeFiles(ids: readonly number[]): void {
  const gone = new Set(ids);
  for (const id of gone) {
    closeInEngine(id);
    ticketOf.delete(id);
  }
  if (gone.has(wish?.best?.id ?? -1)) wish = null;
  const kept = new Set([...ticketOf.values(), ...opening.peek().map((one) => one.ticket)]);
  for (const ticket of handed.keys()) {
    if (!kept.has(ticket)) handed.delete(ticket);
  }
  const wasShown = gone.has(currentFile.peek()?.id ?? -1);
  files.value = files.peek().filter((file) => !gone.has(file.id));
  if (wasShown) update({ file: '', sample: '', sel: '' });
}

/** Shows a file in the place of the one that a link was about, with all else that the link says. */
export function showInstead(info: SessionFile): void {
  const { zoom, graphZoom } = state.peek();
  update({ file: info.key, zoom, graphZoom }, { push: true });
}

/** Shows a file of the session. */
export function showFile(info: SessionFile): void {
  wish = null;
  update({ file: info.key, sample: '' }, { push: true });
}

/** Takes a file into the session that the engine made of others. */
export function addMade(info: FileInfo): SessionFile {
  const [key = info.name] = fileKeys([info.name], files.peek().map((one) => one.key));
  const added = { ...info, key };
  files.value = [...files.peek(), added];
  return added;
}

/** Shows the next (1) or previous (-1) readable file. */
export function stepFile(by: number): void {
  const readable = files.peek().filter((info) => info.error == null);
  const at = readable.findIndex((info) => info.id === currentFile.peek()?.id);
  const next = readable[(at + by + readable.length) % readable.length];
  if (next !== undefined && readable.length > 1) showFile(next);
}

/** Shows the next (1) or previous (-1) sample type of the current file. */
export function stepSample(by: number): void {
  const types = currentFile.peek()?.sampleTypes ?? [];
  const at = query.peek()?.sample ?? 0;
  const next = types[(at + by + types.length) % types.length];
  if (next !== undefined && types.length > 1) update({ sample: next.name }, { push: true });
}

/** A file as it was dropped, and those of the session that came of it: an archive brings several. */
export interface Dropped {
  file: File;
  infos: readonly SessionFile[];
}

/** The files that were dropped for some of the session, each once, in their order. */
export function droppedFor(ids: readonly number[]): Dropped[] {
  const tickets = new Set(ids.map((id) => ticketOf.get(id)).filter((ticket) => ticket !== undefined));
  return [...tickets]
    .sort((a, b) => a - b)
    .flatMap((ticket) => {
      const file = handed.get(ticket);
      const infos = files.peek().filter((info) => ticketOf.get(info.id) === ticket);
      return file === undefined ? [] : [{ file, infos }];
    });
}

/** Opens the files that the crash took, apart from the one that was being read. */
export function reopenLost(): void {
  const lost = crash.peek()?.lost ?? [];
  crash.value = null;
  openFiles(lost);
}

function patchOpening(ticket: number, patch: Partial<Opening>): void {
  opening.value = opening.peek().map((one) => (one.ticket === ticket ? { ...one, ...patch } : one));
}

/** The core stops reading at the first error: how large the file is, then only the page knows. */
function withWholeSize(ticket: number, info: FileInfo): FileInfo {
  const source = handed.get(ticket);
  if (info.error == null || source === undefined || info.name !== source.name) return info;
  return { ...info, size: source.size, sizeText: bytesText(source.size) };
}

/** A file is on its way no more, and nothing of it is here. */
function leave(ticket: number): void {
  handed.delete(ticket);
  opening.value = opening.peek().filter((one) => one.ticket !== ticket);
  showWished();
}

function arrived(ticket: number, answered: readonly FileInfo[]): void {
  if (opening.peek().find((one) => one.ticket === ticket)?.cancelling === true) {
    // The engine was past the point where it could stop.
    for (const { id } of answered) closeInEngine(id);
    leave(ticket);
    return;
  }
  const readable = answered.filter((info) => info.error == null);
  const taken = files.peek().map((info) => info.key);
  const keys = fileKeys(readable.map((info) => info.name), taken);
  const keyOf = new Map(readable.map((info, i) => [info.id, keys[i]]));
  const added = answered.map((info) => ({ ...withWholeSize(ticket, info), key: keyOf.get(info.id) ?? '' }));
  for (const info of added) ticketOf.set(info.id, ticket);
  if (byHand.has(ticket) && readable.length > 0) chosen.value = handed.get(ticket) ?? null;
  opening.value = opening.peek().filter((one) => one.ticket !== ticket);
  files.value = [...files.peek(), ...added];
  if (wish !== null && ticket >= wish.since) {
    const sound = added.filter((info) => info.error == null);
    wish.best = bestOf(wish.best === undefined ? sound : [wish.best, ...sound]);
  }
  showWished();
}

/** A file that the browser could not read, in the shape of one that the core could not read. */
function unreadable(ticket: number, message: string): FileInfo {
  const source = handed.get(ticket);
  return {
    id: nextFailedId++,
    name: source?.name ?? '',
    size: source?.size ?? 0,
    sizeText: bytesText(source?.size ?? 0),
    rawSize: 0,
    rawSizeText: '',
    kind: undefined,
    kindLabel: '',
    containers: [],
    samples: 0,
    samplesText: '0',
    stacks: 0,
    functions: 0,
    duration: '',
    recorded: '',
    timed: false,
    process: '',
    parts: [],
    sampleTypes: [],
    defaultSample: 0,
    facts: [],
    diagnostics: [],
    error: {
      stage: 'browser',
      reason: message,
      position: '',
      looksLike: '',
      advice: 'The file may have been moved or changed, or it is a folder. Choose it again.',
    },
  };
}

/** `ticket` is that of the file whose reading was the end of the engine, if that was it. */
function died(message: string, ticket: number | undefined): void {
  const during = ticket === undefined ? undefined : handed.get(ticket);
  const shown = during === undefined && currentFile.peek() !== null ? view.peek() : null;
  const tickets = new Set([...ticketOf.values(), ...opening.peek().map((one) => one.ticket)]);
  const gone = [...tickets].map((one) => handed.get(one)).filter((one) => one !== undefined);
  // What an earlier crash took, and nobody has opened again, is still lost.
  const lost = [...new Set([...(crash.peek()?.lost ?? []), ...gone])];
  engineControl.restart();
  handed.clear();
  ticketOf.clear();
  // What is still fetched was never with the engine that died.
  opening.value = opening.peek().filter((one) => one.loading === true);
  files.value = [];
  if (wish !== null) wish.best = wish.shown = undefined;
  crash.value = { message, during: during ?? null, view: shown, lost: lost.filter((one) => one !== during) };
  // Opened again, the files must not run into the same question at once.
  if (shown !== null) update({ view: 'summary' });
}

function heard(reply: Notice): void {
  switch (reply.type) {
    case 'ready':
      break;
    case 'progress':
      patchOpening(reply.ticket, { progress: reply.progress });
      break;
    case 'opened':
      arrived(reply.ticket, reply.files);
      break;
    case 'unreadable':
      arrived(reply.ticket, [unreadable(reply.ticket, reply.message)]);
      break;
    case 'cancelled':
      leave(reply.ticket);
      break;
    case 'dead':
      died(reply.message, reply.ticket);
      break;
  }
}

/** Ties the session to the engine. Called once at the start. */
export function startSession(): void {
  engineControl.listen(heard);
}
