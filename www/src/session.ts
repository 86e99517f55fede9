// The session: which files are open, which are being read, and what happens when the engine dies.

import { effect, signal } from '@preact/signals';
import { engineControl } from './core';
import type { FileInfo, Notice, Progress } from './core';
import { bytesText } from './lib/bytes';
import { file as currentFile, fileKey, files, query, state, update } from './state';

/** A file on its way in. */
export interface Opening {
  /** Number of the request; also the key in lists. */
  ticket: number;
  /** Name as dropped. */
  name: string;
  /** Bytes of the file. */
  size: number;
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
  /** Files that were open or waiting, and can be opened again. */
  lost: File[];
}

/** Files on their way in, in the order of opening. */
export const opening = signal<readonly Opening[]>([]);
/** Set when the engine died, until the user has dealt with it. */
export const crash = signal<Crash | null>(null);
/** Something the page itself could not do, e.g. fetch a demo; empty when all is well. */
export const notice = signal('');

let nextTicket = 1;
/** Ids from here on are the page's own, for files that the engine has never seen. */
const FIRST_FAILED_ID = 0xffff0000;
let nextFailedId = FIRST_FAILED_ID;
/** Every file handed to the engine, by ticket, so that it can be opened again after a crash. */
const handed = new Map<number, File>();
/** Tickets of the files of the session, by file id. */
const ticketOf = new Map<number, number>();
/** Sources that were fetched once; Back and Forward over a link must not fetch them again. */
const linked = new Set<string>();
/** First ticket of the latest drop, and whether its first readable file is still to be shown. */
let batchStart = 0;
let showNext = false;

/** Hands files to the engine. They appear in `opening`, then in `files`. */
export function openFiles(list: readonly File[]): void {
  if (list.length === 0) return;
  notice.value = '';
  batchStart = nextTicket;
  // A link that names one of these files has decided what is shown; otherwise the first to arrive is.
  const linked = state.peek().file;
  const named = list.some(({ name }) => linked === name || linked.startsWith(`${name}/`));
  showNext = currentFile.peek() !== null || !named;
  const added = list.map((file) => {
    const ticket = nextTicket++;
    handed.set(ticket, file);
    return { ticket, name: file.name, size: file.size };
  });
  opening.value = [...opening.value, ...added];
  for (const { ticket } of added) engineControl.open(ticket, handed.get(ticket) as File);
}

/** Fetches files that lie beside the page (demos, `#file=` links) and opens them. */
export async function openBeside(sources: readonly string[]): Promise<void> {
  for (const source of sources) linked.add(source);
  const fetched = await Promise.all(sources.map(fetchBeside));
  openFiles(fetched.filter((one) => one instanceof File));
  const failed = fetched.filter((one) => typeof one === 'string');
  if (failed.length > 0) notice.value = failed.join(' ');
}

/** The file, or why there is none. A link is anybody's text: nothing about it is certain. */
async function fetchBeside(source: string): Promise<File | string> {
  let name = source;
  try {
    const url = new URL(source, document.baseURI);
    name = decodeURIComponent(url.pathname.split('/').pop() || source);
    if (url.origin !== location.origin) throw new Error('it lies on another site');
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return new File([await response.blob()], name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `${name} could not be loaded: ${reason}.`;
  }
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
  patchOpening(ticket, { cancelling: true });
  engineControl.cancel(ticket);
}

/** Takes a file out of the session and frees its memory. */
export function closeFile(id: number): void {
  closeFiles([id]);
}

/** Takes files out of the session, in one go: an archive may have brought thousands. */
export function closeFiles(ids: readonly number[]): void {
  const gone = new Set(ids);
  for (const id of gone) {
    if (id < FIRST_FAILED_ID) engineControl.close(id);
    ticketOf.delete(id);
  }
  const kept = new Set([...ticketOf.values(), ...opening.peek().map((one) => one.ticket)]);
  for (const ticket of handed.keys()) {
    if (!kept.has(ticket)) handed.delete(ticket);
  }
  const wasShown = gone.has(currentFile.peek()?.id ?? -1);
  files.value = files.peek().filter((file) => !gone.has(file.id));
  if (wasShown) update({ file: '', sample: '', sel: '' });
}

/** Shows a file of the session. */
export function showFile(id: number): void {
  showNext = false;
  update({ file: fileKey(files.peek(), id), sample: '' }, { push: true });
}

/** Shows the next (1) or previous (-1) readable file. */
export function stepFile(by: number): void {
  const readable = files.peek().filter((info) => info.error == null);
  const at = readable.findIndex((info) => info.id === currentFile.peek()?.id);
  const next = readable[(at + by + readable.length) % readable.length];
  if (next !== undefined && readable.length > 1) showFile(next.id);
}

/** Shows the next (1) or previous (-1) sample type of the current file. */
export function stepSample(by: number): void {
  const types = currentFile.peek()?.sampleTypes ?? [];
  const at = query.peek()?.sample ?? 0;
  const next = types[(at + by + types.length) % types.length];
  if (next !== undefined && types.length > 1) update({ sample: next.name }, { push: true });
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

function arrived(ticket: number, answered: readonly FileInfo[]): void {
  const infos = answered.map((info) => withWholeSize(ticket, info));
  const hadNone = currentFile.peek() === null;
  for (const info of infos) ticketOf.set(info.id, ticket);
  opening.value = opening.peek().filter((one) => one.ticket !== ticket);
  files.value = [...files.peek(), ...infos];
  const readable = infos.find((info) => info.error == null);
  if (readable === undefined || ticket < batchStart || !showNext) return;
  showNext = false;
  const key = fileKey(files.peek(), readable.id);
  // The first picture replaces the landing page's step of the history, a later drop adds one.
  if (hadNone) update({ file: key });
  else update({ file: key, sample: '', sel: '' }, { push: true });
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
  const tickets = new Set([...ticketOf.values(), ...opening.peek().map((one) => one.ticket)]);
  const gone = [...tickets].map((one) => handed.get(one)).filter((one) => one !== undefined);
  // What an earlier crash took, and nobody has opened again, is still lost.
  const lost = [...new Set([...(crash.peek()?.lost ?? []), ...gone])];
  engineControl.restart();
  handed.clear();
  ticketOf.clear();
  opening.value = [];
  files.value = [];
  crash.value = { message, during: during ?? null, lost: lost.filter((one) => one !== during) };
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
      handed.delete(reply.ticket);
      opening.value = opening.peek().filter((one) => one.ticket !== reply.ticket);
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
