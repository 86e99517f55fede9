/** The timeline of the file that is shown: read when it is wanted, as long as its file is open. */
import { computed, signal } from '@preact/signals';
import { engineControl } from '../../../core';
import type { TimelineOpened } from '../../../core';
import type { Progress, Reply, Request } from '../../../protocol';
import { file, files } from '../../../state';
import type { SessionFile } from '../../../state';

/** A timeline, and whose. */
export interface Timed {
  of: SessionFile;
  opened: TimelineOpened;
  /** Milliseconds that its reading took; 0 while it goes on. */
  took: number;
}

/** A reading that goes on, or ended without a timeline. */
export interface Reading {
  of: SessionFile;
  ticket: number;
  progress: Progress | null;
  /** Why there is no timeline; empty while it is on its way, and after a cancel. */
  error: string;
  cancelled: boolean;
}

const held = signal<Timed | null>(null);
const under = signal<Reading | null>(null);
let lastTicket = 0;

/** Only one is kept, by the core too: a file that is gone has none. */
function isHere({ of }: { of: SessionFile }): boolean {
  return of === file.value && files.value.includes(of);
}

/** The timeline of the file that is shown, or its beginning while the rest is being read; null while there is none. */
export const shown = computed<Timed | null>(() => (held.value !== null && isHere(held.value) ? held.value : null));

/** The same, once it is whole. */
export const timed = computed<Timed | null>(() => (shown.value?.opened.whole === true ? shown.value : null));

/** How far its reading is; null when there is none. */
export const reading = computed<Reading | null>(() => (under.value !== null && isHere(under.value) ? under.value : null));

function heard(notice: Reply, started: number): void {
  const now = under.peek();
  if (now === null || !('ticket' in notice) || notice.ticket !== now.ticket) return;
  if (notice.type === 'progress') under.value = { ...now, progress: notice.progress };
  else if (notice.type === 'untimed') {
    held.value = null;
    under.value = { ...now, error: notice.message, cancelled: notice.message === '' };
  } else if (notice.type === 'timed') {
    const { whole } = notice.opened;
    if (whole) under.value = null;
    held.value = { of: now.of, opened: notice.opened, took: whole ? performance.now() - started : 0 };
  }
}

/** Begins to read the file that is shown, unless that is done or under way; `again` after a failure, too. */
export function load(again = false): void {
  const of = file.peek();
  if (of?.kind !== 'trace' || timed.peek() !== null) return;
  const now = reading.peek();
  if (now !== null && !(again && (now.cancelled || now.error !== ''))) return;
  stop();
  held.value = null;
  const ticket = (lastTicket -= 1);
  const started = performance.now();
  under.value = { of, ticket, progress: null, error: '', cancelled: false };
  const worker = engineControl.start();
  const listen = ({ data }: MessageEvent<Reply>): void => {
    heard(data, started);
    if (under.peek()?.ticket !== ticket) worker.removeEventListener('message', listen);
  };
  worker.addEventListener('message', listen);
  const request: Request = { type: 'timeline', ticket, file: of.id };
  worker.postMessage(request);
}

/** Ends a reading that is under way. */
export function stop(): void {
  const now = under.peek();
  if (now !== null && !now.cancelled && now.error === '') engineControl.cancel(now.ticket);
}
