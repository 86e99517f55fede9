import { beforeEach, expect, test, vi } from 'vitest';
import type { FileInfo, Notice } from './core';

const engine = vi.hoisted(() => ({ say: (_notice: Notice): void => {} }));
vi.mock('./core', () => ({
  keyed: () => ({}),
  engineControl: {
    listen: (to: (notice: Notice) => void) => {
      engine.say = to;
    },
    open: () => {},
    cancel: () => {},
    close: () => {},
    restart: () => {},
  },
}));
vi.stubGlobal('history', { pushState: () => {}, replaceState: () => {} });
vi.stubGlobal('document', { baseURI: 'http://here.test/page/' });
vi.stubGlobal('location', { origin: 'http://here.test', hash: '' });

type Session = typeof import('./session');
let session: Session;
let state: typeof import('./state');

beforeEach(async () => {
  vi.resetModules();
  session = await import('./session');
  state = await import('./state');
  session.startSession();
});

const named = (name: string): File => new File(['x'], name);
const names = (files: readonly File[] | undefined): string[] | undefined => files?.map((file) => file.name);
const failed = (id: number, name: string): FileInfo =>
  ({ id, name, size: 1, sizeText: '1B', error: { reason: 'no profile' } }) as unknown as FileInfo;

function tickets(): number[] {
  return session.opening.peek().map((one) => one.ticket);
}

test('a question that kills the engine blames no file, and what was waiting is lost too', () => {
  session.openFiles([named('a'), named('b')]);
  engine.say({ type: 'progress', ticket: tickets()[0] as number, progress: { bytesIn: 1, bytesOut: 1, samples: 0 } });
  engine.say({ type: 'dead', message: 'unreachable' });
  expect(session.crash.peek()?.during).toBeNull();
  expect(names(session.crash.peek()?.lost)).toEqual(['a', 'b']);
});

test('a file that kills the engine is not opened again', () => {
  session.openFiles([named('a'), named('b')]);
  const [first] = tickets();
  engine.say({ type: 'dead', message: 'out of memory', ticket: first as number });
  expect(session.crash.peek()?.during?.name).toBe('a');
  expect(names(session.crash.peek()?.lost)).toEqual(['b']);
});

test('a second crash forgets nothing that the first one took', () => {
  session.openFiles([named('a')]);
  engine.say({ type: 'dead', message: 'out of memory' });
  session.openFiles([named('c')]);
  engine.say({ type: 'dead', message: 'out of memory' });
  expect(names(session.crash.peek()?.lost)).toEqual(['a', 'c']);
});

test('addresses that do not parse are named, and the others open', async () => {
  vi.stubGlobal('fetch', async () => new Response('bytes'));
  await session.openBeside(['%', 'http://[', 'heap.pb.gz']);
  expect(session.notice.peek()).toContain('% could not be loaded');
  expect(session.notice.peek()).toContain('http://[ could not be loaded');
  expect(session.opening.peek().map((one) => one.name)).toEqual(['heap.pb.gz']);
});

test('a file of which only the beginning was read has its whole size', () => {
  const file = new File(['x'.repeat(2048)], 'notes.txt');
  session.openFiles([file]);
  engine.say({ type: 'opened', ticket: tickets()[0] as number, files: [failed(1, 'notes.txt')] });
  expect(state.files.peek()[0]?.sizeText).toBe('2kB');
});

test('files are closed together', () => {
  session.openFiles([named('a.zip')]);
  const members = [failed(1, 'a.zip/1'), failed(2, 'a.zip/2'), failed(3, 'a.zip/3')];
  engine.say({ type: 'opened', ticket: tickets()[0] as number, files: members });
  session.closeFiles([1, 3]);
  expect(state.files.peek().map((info) => info.id)).toEqual([2]);
});
