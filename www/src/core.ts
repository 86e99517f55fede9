// The page's side of the worker: every verb of the core as a function that answers later.
//
// The worker does one thing at a time, so questions queue here, where one that nobody waits for
// any more can still be taken back: a new question under the same key replaces an older one.

import { useLayoutEffect, useState } from 'preact/hooks';
import { newWorker } from './host';
import type { Query } from './pkg/dropprof.js';
import type { Reply, Request, Verb, Verbs } from './protocol';

export type * from './pkg/dropprof.js';
export type { FlameColumns, Progress, Verbs } from './protocol';

/** Verbs that the worker may hold at once: one runs, one keeps it from idling. */
const IN_FLIGHT = 2;

interface Question {
  id: number;
  key: string | undefined;
  verb: Verb;
  args: unknown[];
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** What the worker says apart from answers; the session listens. */
export type Notice = Exclude<Reply, { type: 'answer' } | { type: 'refused' }>;

/** Said when the core cannot read a question: it is another version's. */
export const OUT_OF_DATE = 'This page is out of date: load it anew';

let worker: Worker | undefined;
let nextId = 1;
let queue: Question[] = [];
const asked = new Map<number, Question>();
const newest = new Map<string, number>();
let listener: (notice: Notice) => void = () => {};

/** Starts the worker and listens to it. */
function start(): Worker {
  const started = newWorker();
  // What an ended worker had said before its end can still arrive; it speaks of files that are gone.
  started.onmessage = (event: MessageEvent<Reply>) => {
    if (worker === started) receive(event.data);
  };
  started.onerror = (event) => {
    event.preventDefault();
    if (worker === started) listener({ type: 'dead', message: event.message || 'the reader could not be started' });
  };
  return started;
}

/** The running worker; started by the first need for it. */
function engine(): Worker {
  worker ??= start();
  return worker;
}

function post(request: Request): void {
  engine().postMessage(request);
}

function pump(): void {
  while (asked.size < IN_FLIGHT) {
    const question = queue.shift();
    if (question === undefined) return;
    asked.set(question.id, question);
    post({ type: 'call', id: question.id, verb: question.verb, args: question.args });
  }
}

function receive(reply: Reply): void {
  if (reply.type !== 'answer' && reply.type !== 'refused') {
    listener(reply);
    return;
  }
  const question = asked.get(reply.id);
  asked.delete(reply.id);
  if (question !== undefined && isCurrent(question)) {
    if (reply.type === 'answer') question.resolve(reply.value);
    else question.reject(new Error(reply.message.startsWith('Failed to deserialize') ? OUT_OF_DATE : reply.message));
  }
  pump();
}

function isCurrent(question: Question): boolean {
  return question.key === undefined || newest.get(question.key) === question.id;
}

function ask(key: string | undefined, verb: Verb, args: unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const question: Question = { id: nextId++, key, verb, args, resolve, reject };
    if (key !== undefined) {
      newest.set(key, question.id);
      queue = queue.filter((waiting) => waiting.key !== key);
    }
    queue.push(question);
    pump();
  });
}

function facade(key: string | undefined): Verbs {
  return new Proxy({} as Verbs, {
    get: (_target, verb: string) =>
      (...args: unknown[]) => ask(key, verb as Verb, args),
  });
}

/** The core's verbs. Each call is answered, in order. */
export const core: Verbs = facade(undefined);

/**
 * The core's verbs under a key: a newer question under the same key makes older ones void. A void
 * promise never settles, so nothing after its `await` runs. What a view is made of is asked under
 * `view`: only one is shown, so that going to another one takes the question back.
 */
export function keyed(key: string): Verbs {
  return facade(key);
}

/** Control of the worker for the session: opening, cancelling, closing, starting afresh. */
export const engineControl = {
  /** Loads the worker before the first need. Timelines are made with it directly. */
  start(): Worker {
    return engine();
  },
  listen(to: (notice: Notice) => void): void {
    listener = to;
  },
  open(ticket: number, file: File): void {
    post({ type: 'open', ticket, file });
  },
  cancel(ticket: number): void {
    post({ type: 'cancel', ticket });
  },
  close(file: number): void {
    post({ type: 'close', file });
  },
  /** Ends the worker and refuses every open question; the next need starts a new one. */
  restart(): void {
    worker?.terminate();
    worker = undefined;
    const open = [...asked.values(), ...queue].filter(isCurrent);
    queue = [];
    asked.clear();
    newest.clear();
    for (const question of open) question.reject(new Error('the reader was started again'));
  },
};

/** Never: the answer to a question that cannot be asked yet. */
export function notYet<T>(): Promise<T> {
  return new Promise(() => {});
}

/** What `useAnswer` knows at the moment. */
export interface Answer<T> {
  /** The latest answer; kept, marked by `loading`, while the next one is on its way. */
  value: T | undefined;
  /** True while `value` is missing or belongs to an older question. */
  loading: boolean;
  /** Why there is no answer; empty when nothing is wrong. */
  error: string;
}

/**
 * Asks whenever `deps` change and re-renders with the answer. `question` may return null for
 * "nothing to ask"; then the value is undefined. Late answers to older questions are dropped.
 */
export function useAnswer<T>(
  question: () => Promise<T> | null,
  deps: readonly unknown[],
): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T> & { to: readonly unknown[] }>({
    value: undefined,
    loading: true,
    error: '',
    to: [],
  });
  // Before the next frame: the core may work on the answer meanwhile.
  useLayoutEffect(() => {
    let current = true;
    const settle = (value: T | undefined, error: string): void => {
      if (current) setAnswer({ value, error, loading: false, to: deps });
    };
    const promise = question();
    if (promise === null) settle(undefined, '');
    else {
      promise.then(
        (value) => settle(value, ''),
        (error: unknown) => settle(undefined, error instanceof Error ? error.message : String(error)),
      );
    }
    return () => {
      current = false;
    };
  }, deps);
  // The render that sees new deps comes before the effect: it must not pass old for current.
  const fresh = answer.to.length === deps.length && deps.every((dep, i) => dep === answer.to[i]);
  return { value: answer.value, error: answer.error, loading: !fresh };
}

/** An answer about a query. */
export interface QueryAnswer<T> extends Answer<T> {
  /** The query that `value` is about: while the next answer is on its way, an older one. */
  asked: Query | null;
}

/** `useAnswer` about a query; `deps` are what else the question depends on. */
export function useQueryAnswer<T>(
  asked: Query | null,
  question: (asked: Query) => Promise<T> | null,
  deps: readonly unknown[],
): QueryAnswer<T> {
  const answer = useAnswer(() => {
    const promise = asked === null ? null : question(asked);
    return promise === null ? null : promise.then((value) => ({ asked, value }));
  }, [asked, ...deps]);
  return { ...answer, value: answer.value?.value, asked: answer.value?.asked ?? asked };
}
