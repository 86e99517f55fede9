import { expect, test, vi } from 'vitest';
import { UNFILTERED } from './lib/query';
import type { Reply } from './protocol';

vi.mock('./worker.ts?worker&url', () => ({ default: 'file:///worker.js' }));

/** A worker that the test speaks for. */
class FakeWorker {
  static all: FakeWorker[] = [];
  onmessage: ((event: { data: Reply }) => void) | null = null;
  onerror: unknown = null;
  posted: unknown[] = [];
  constructor() {
    FakeWorker.all.push(this);
  }
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  terminate(): void {}
}
vi.stubGlobal('Worker', FakeWorker);

test('a restart refuses what was asked, and an ended worker is heard no more', async () => {
  const { core, engineControl } = await import('./core');
  const heard: string[] = [];
  engineControl.listen((notice) => heard.push(notice.type));
  const query = { ...UNFILTERED, file: 1, sample: 0, granularity: 'functions', noinlines: false } as const;
  // Two are with the worker, the third waits in the page.
  const asked = [core.summary(query), core.hotPaths(query), core.format(query, 1)];
  const refusals = asked.map((answer) => expect(answer).rejects.toThrow('started again'));
  const first = FakeWorker.all[0] as FakeWorker;
  expect(first.posted).toHaveLength(2);
  first.onmessage?.({ data: { type: 'dead', message: 'out of memory' } });
  engineControl.restart();
  await Promise.all(refusals);

  first.onmessage?.({ data: { type: 'dead', message: 'an echo' } });
  expect(heard).toEqual(['dead']);
  engineControl.start();
  first.onmessage?.({ data: { type: 'dead', message: 'an echo' } });
  expect(heard).toEqual(['dead']);
  expect(FakeWorker.all).toHaveLength(2);
});

test('a question that the core cannot read is another version’s', async () => {
  const { core, OUT_OF_DATE } = await import('./core');
  const worker = FakeWorker.all.at(-1) as FakeWorker;
  const query = { ...UNFILTERED, file: 1, sample: 0, granularity: 'functions', noinlines: false } as const;
  const answer = expect(core.summary(query)).rejects.toThrow(OUT_OF_DATE);
  const { id } = worker.posted.at(-1) as { id: number };
  worker.onmessage?.({ data: { type: 'refused', id, message: 'Failed to deserialize: missing field `format`' } });
  await answer;
});
