// The engine's thread: the only module that runs the wasm package.
//
// It owns one Session, answers one verb per message and reads dropped files piece by piece, so
// that a cancel or a question gets its turn between two pieces.

import { initSync, Session } from './pkg/dropprof.js';
import { firstModule } from './modules';
import { linkWith, more, needsMore } from './more';
import type { OpenProgress } from './pkg/dropprof.js';
import type { Progress, Reply, Request, Verb } from './protocol';

/** Bytes handed to the core at a time: small enough to cancel at once, large enough to be cheap. */
const CHUNK = 1 << 20;
/** Bytes of a file that tell what it is. */
const HEAD = 512;
/** Decompressed bytes one file may have: half of what wasm32 can address; its analysis needs the rest. */
const LIMIT = 2 * 1024 ** 3;
/** Milliseconds between two progress messages. */
const PROGRESS_EVERY = 100;
/** Milliseconds without a question after which the core's second half is fetched unasked. */
const IDLE = 2000;

// The DOM typings describe `self` as a window; `Worker` has the postMessage that is meant here.
const port = self as unknown as Worker;

/** Tickets of files that wait or are being read. A cancel for another one comes too late. */
const live = new Set<number>();
const cancelled = new Set<number>();
const waiting: { ticket: number; file: File }[] = [];
/** The files of opened traces, by their session ids: a timeline is made of a second reading. */
const traces = new Map<number, File>();
let timing = Promise.resolve();
let busy = false;
let dead = false;

function send(reply: Reply, transfer: Transferable[] = []): void {
  port.postMessage(reply, transfer);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A trap leaves the core's memory in an unknown state: nothing after it can be believed. */
function isTrap(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

/** Reports the end, once: whatever fails after it fails because of it. */
function die(error: unknown, ticket?: number): void {
  if (dead) return;
  dead = true;
  send({ type: 'dead', message: message(error), ...(ticket === undefined ? {} : { ticket }) });
}

async function startCore(): Promise<Session> {
  // The glue's own way to it has much that nobody here needs.
  const exports = initSync({ module: await firstModule() });
  linkWith(exports as unknown as WebAssembly.Exports);
  return new Session(LIMIT);
}

const started = startCore();
started.then(
  () => {
    send({ type: 'ready' });
    whenIdle();
  },
  (error: unknown) => die(error),
);

let pause: ReturnType<typeof setTimeout> | undefined;

/** Puts off fetching the core's second half until nothing was asked for a while. */
function whenIdle(): void {
  clearTimeout(pause);
  pause = setTimeout(() => {
    if (busy) whenIdle();
    // Whoever needs it asks again, and is told if it fails again.
    else more().catch(() => {});
  }, IDLE);
}

/** What the core answers in columns: they are read by getters of its class. */
interface Boxed {
  free(): void;
}

/** Copies the columns out of wasm memory, so that they can be transferred, and frees the original. */
function copied(boxed: Boxed): [object, Transferable[]] {
  const columns: Record<string, unknown> = {};
  const buffers: Transferable[] = [];
  for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(boxed) as object))) {
    let value: unknown = get?.call(boxed);
    if (ArrayBuffer.isView(value)) {
      value = (value as Uint32Array).slice();
      buffers.push((value as Uint32Array<ArrayBuffer>).buffer);
    }
    if (get !== undefined) columns[name] = value;
  }
  boxed.free();
  return [columns, buffers];
}

function call(session: Session, id: number, verb: Verb, args: unknown[]): void {
  const method = session[verb] as (...args: unknown[]) => unknown;
  const value = method.apply(session, args);
  const [answer, buffers] = (value as Boxed | null)?.free === undefined ? [value] : copied(value as Boxed);
  send({ type: 'answer', id, value: answer }, buffers);
}

/**
 * Hands over a file piece by piece, up to its end or to where `push` gives it up. Says false when it was
 * cancelled on the way, or when the core died meanwhile.
 */
async function hand(ticket: number, file: File, push: (piece: Uint8Array, at: number) => Promise<OpenProgress>): Promise<boolean> {
  let told = 0;
  let untold: Progress | undefined;
  for (let at = 0, length = HEAD; at < file.size; at += length, length = CHUNK) {
    const piece = await file.slice(at, at + length).arrayBuffer();
    if (dead || cancelled.delete(ticket)) return false;
    const progress = await push(new Uint8Array(piece), at);
    untold = progress;
    if (progress.failed) break;
    const now = performance.now();
    if (now - told >= PROGRESS_EVERY) {
      told = now;
      untold = undefined;
      send({ type: 'progress', ticket, progress });
    }
  }
  // What follows is long calls, one for the file and one for each member of an archive: until the end of
  // the first these are the figures to be seen.
  if (untold !== undefined) send({ type: 'progress', ticket, progress: untold });
  // A turn of the event loop: a cancel that arrived during the last piece still counts.
  await new Promise((resolve) => setTimeout(resolve, 0));
  return !dead && !cancelled.delete(ticket);
}

/** Feeds one file to the core, and says false as `hand` does. */
async function feed(session: Session, handle: number, ticket: number, file: File): Promise<boolean> {
  const push = async (piece: Uint8Array, at: number): Promise<OpenProgress> => {
    // A trace is read as it comes, by code that is kept apart; its first bytes only tell what it is.
    if (at > 0 && session.openReadsWithMore(handle)) await more();
    return session.openPush(handle, piece);
  };
  if (!(await hand(ticket, file, push))) return false;
  for (let unread = true; unread; ) {
    if (session.openNeedsMore(handle)) await more();
    const step = session.openStep(handle);
    unread = step.more;
    if (unread) send({ type: 'progress', ticket, progress: step.progress });
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (dead || cancelled.delete(ticket)) return false;
  }
  return true;
}

async function open(session: Session, ticket: number, file: File): Promise<void> {
  if (cancelled.delete(ticket)) {
    send({ type: 'cancelled', ticket });
    return;
  }
  const handle = session.openStart(file.name, file.size);
  let complete: boolean;
  try {
    complete = await feed(session, handle, ticket, file);
  } catch (error) {
    if (isTrap(error)) throw error;
    // The file vanished, changed on disk, or may not be read: the browser's words are all there is.
    session.openCancel(handle);
    send({ type: 'unreadable', ticket, message: message(error) });
    return;
  }
  if (dead) return;
  if (!complete) {
    session.openCancel(handle);
    send({ type: 'cancelled', ticket });
    return;
  }
  const files = session.openFinish(handle);
  for (const { id, kind } of files) if (kind === 'trace') traces.set(id, file);
  send({ type: 'opened', ticket, files });
}

/** Reads an opened trace once more, for its timeline. */
async function time(session: Session, ticket: number, id: number): Promise<void> {
  const file = traces.get(id);
  try {
    await more();
    // It was closed while another was being read.
    if (file === undefined) throw new Error('this file is closed');
    session.timelineStart(id, file.name, file.size);
    const push = async (piece: Uint8Array): Promise<OpenProgress> => {
      const progress = session.timelinePush(piece);
      const opened = session.timelinePart();
      if (opened !== undefined) send({ type: 'timed', ticket, opened });
      return progress;
    };
    if (await hand(ticket, file, push)) send({ type: 'timed', ticket, opened: session.timelineFinish() });
    else {
      session.timelineCancel();
      send({ type: 'untimed', ticket, message: '' });
    }
  } catch (error) {
    if (isTrap(error)) throw error;
    session.timelineCancel();
    send({ type: 'untimed', ticket, message: message(error) });
  }
  live.delete(ticket);
}

/** Opens what waits, one file after the other: two at once would only double the peak of memory. */
async function drain(session: Session): Promise<void> {
  if (busy) return;
  busy = true;
  for (let next = waiting.shift(); next !== undefined && !dead; next = waiting.shift()) {
    try {
      await open(session, next.ticket, next.file);
    } catch (error) {
      if (isTrap(error)) die(error, next.ticket);
      else send({ type: 'unreadable', ticket: next.ticket, message: message(error) });
    }
    live.delete(next.ticket);
    cancelled.delete(next.ticket);
  }
  busy = false;
}

async function handle(request: Request): Promise<void> {
  const session = await started;
  if (dead) return;
  whenIdle();
  switch (request.type) {
    case 'call':
      try {
        if (needsMore(request.verb, request.args)) await more();
        if (dead) return;
        call(session, request.id, request.verb, request.args);
      } catch (error) {
        if (isTrap(error)) die(error);
        else send({ type: 'refused', id: request.id, message: message(error) });
      }
      break;
    case 'open':
      live.add(request.ticket);
      waiting.push({ ticket: request.ticket, file: request.file });
      await drain(session);
      break;
    case 'cancel':
      if (live.has(request.ticket)) cancelled.add(request.ticket);
      break;
    case 'close':
      session.close(request.file);
      traces.delete(request.file);
      break;
    case 'timeline':
      live.add(request.ticket);
      // One after the other: the core makes one at a time, and what was cancelled has to end first.
      await (timing = timing.then(() => time(session, request.ticket, request.file)));
      break;
  }
}

self.addEventListener('message', (event: MessageEvent<Request>) => {
  handle(event.data).catch((error: unknown) => die(error));
});
