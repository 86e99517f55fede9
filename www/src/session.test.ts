import { beforeEach, expect, test, vi } from 'vitest';
import type { FileInfo, Notice } from './core';
import type { SessionFile, ViewState } from './state';

const engine = vi.hoisted(() => ({ say: (_notice: Notice): void => {}, closed: [] as number[] }));
vi.mock('./core', () => ({
  keyed: () => ({}),
  engineControl: {
    listen: (to: (notice: Notice) => void) => {
      engine.say = to;
    },
    open: () => {},
    cancel: () => {},
    close: (id: number) => engine.closed.push(id),
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
  engine.closed = [];
  session = await import('./session');
  state = await import('./state');
  session.startSession();
});

const named = (name: string): File => new File(['x'], name);
const names = (files: readonly File[] | undefined): string[] | undefined => files?.map((file) => file.name);
const failed = (id: number, name: string): FileInfo =>
  ({ id, name, size: 1, sizeText: '1B', error: { reason: 'no profile' } }) as unknown as FileInfo;

const sound = (id: number, name: string): FileInfo =>
  ({ id, name, size: 1, sizeText: '1B', sampleTypes: [{ name: 'cpu' }], defaultSample: 0 }) as unknown as FileInfo;

/** Lets the engine answer the file that waits first. */
function answer(...infos: FileInfo[]): void {
  engine.say({ type: 'opened', ticket: tickets()[0] as number, files: infos });
}

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

test('the key of a file is its own whatever is closed, and unreadable files take none', () => {
  session.openFiles([named('cpu'), named('cpu'), named('cpu')]);
  answer(failed(1, 'cpu'));
  answer(sound(2, 'cpu'));
  answer(sound(3, 'cpu'));
  expect(state.files.peek().map((info) => info.key)).toEqual(['', 'cpu', 'cpu (2)']);
  session.stepFile(1);
  expect(state.file.peek()?.id).toBe(3);
  session.closeFiles([1, 2]);
  expect(state.file.peek()?.id).toBe(3);
});

test('a link to the second of two files of one name shows it', () => {
  state.update({ file: 'cpu (2)' });
  session.openFiles([named('cpu'), named('cpu'), named('heap')]);
  answer(sound(1, 'cpu'));
  expect(state.state.peek().file).toBe('cpu (2)');
  answer(sound(2, 'cpu'));
  answer(sound(3, 'heap'));
  expect(state.file.peek()?.id).toBe(2);
});

test('a link to a file that does not come is asked about when all have come', () => {
  state.update({ file: 'other', sel: 'main.main', zoom: { root: '5+2', left: 0, right: 1 }, graphZoom: '1_2_3' });
  session.openFiles([named('cpu'), named('heap')]);
  answer(sound(1, 'cpu'));
  expect(session.missed.peek()).toBe('');
  answer(sound(2, 'heap'));
  expect(session.missed.peek()).toBe('other');
  expect(state.state.peek().file).toBe('other');
  session.showInstead(state.files.peek()[0] as SessionFile);
  expect(state.state.peek()).toMatchObject({ file: 'cpu', sel: 'main.main', zoom: { root: '5+2' }, graphZoom: '1_2_3' });
});

test('a place in the call graph is forgotten with another graph, and when something is selected in another view', () => {
  const graphZoom = '1_2_3';
  const placed: ViewState = { ...state.state.peek(), view: 'graph', sel: 'main.main', graphZoom };
  const after = (patch: Partial<ViewState>): string => {
    state.update(placed);
    state.update(patch);
    return state.state.peek().graphZoom;
  };
  // Of the same graph: what it looks like, what is selected in it, and what other views show.
  for (const patch of [{ sel: 'main.f' }, { unit: 'ms' }, { search: 'x' }, { inverted: true }, { view: 'top' }] as const) {
    expect(after(patch), JSON.stringify(patch)).toBe(graphZoom);
  }
  // Nothing has to be in sight when Escape is pressed in another view.
  state.update({ ...placed, view: 'top' });
  state.update({ sel: '' });
  expect(state.state.peek().graphZoom).toBe(graphZoom);
  const others: Partial<ViewState>[] = [{ graphNodes: 20 }, { calltree: true }, { graphLabels: '-' }, { file: 'other' }, { sample: 'cpu' }];
  others.push({ steps: [{ kind: 'focus', text: 'x' }] }, { mine: true }, { granularity: 'files' }, { dropneg: true });
  others.push({ view: 'top', sel: 'main.g' });
  for (const patch of others) expect(after(patch), JSON.stringify(patch)).toBe('');
  expect(after({ file: 'other', graphZoom: '2_3_4' })).toBe('2_3_4');
});

test('the right file after another one is shown as the link says', () => {
  state.update({ file: 'other', sel: 'main.main' });
  session.openFiles([named('cpu')]);
  answer(sound(1, 'cpu'));
  session.openFiles([named('other')]);
  answer(sound(2, 'other'));
  expect(state.file.peek()?.id).toBe(2);
  expect(state.state.peek()).toMatchObject({ file: 'other', sel: 'main.main' });
});

test('what was dropped is known by what came of it, in its order', () => {
  const [zip, cpu] = [named('a.zip'), named('cpu')];
  session.openFiles([zip, cpu]);
  answer(sound(1, 'a.zip/1'), sound(2, 'a.zip/2'));
  answer(sound(3, 'cpu'));
  const dropped = session.droppedFor([3, 2]);
  expect(dropped.map(({ file }) => file)).toEqual([zip, cpu]);
  expect(dropped.map(({ infos }) => infos.map(({ id }) => id))).toEqual([[1, 2], [3]]);
});

const filled = (id: number, name: string, kind: string, samples: number): FileInfo => ({ ...sound(id, name), kind, samples }) as FileInfo;

test('of a drop the worthiest file is shown: one with samples, a CPU profile before others', () => {
  session.openFiles([named('a'), named('b'), named('c'), named('d')]);
  answer(filled(1, 'a', 'cpu', 0));
  expect(state.file.peek()?.id).toBe(1);
  answer(filled(2, 'b', 'mutex', 7));
  expect(state.file.peek()?.id).toBe(2);
  answer(failed(9, 'c'));
  answer(filled(4, 'd', 'cpu', 3));
  expect(state.file.peek()?.id).toBe(4);
});

test('a worthier file does not take the place of one that is being looked at', () => {
  session.openFiles([named('a'), named('b')]);
  answer(filled(1, 'a', 'mutex', 7));
  state.update({ view: 'top' });
  answer(filled(2, 'b', 'cpu', 7));
  expect(state.file.peek()?.id).toBe(1);
});

test('a file that arrives after it was cancelled is closed and not shown', () => {
  session.openFiles([named('a.zip')]);
  session.cancelOpening(tickets()[0] as number);
  answer(sound(4, 'a.zip/1'), failed(5, 'a.zip/2'));
  expect(engine.closed).toEqual([4, 5]);
  expect(state.files.peek()).toEqual([]);
  expect(session.opening.peek()).toEqual([]);
});

test('a source is listed while it is fetched, fetched once, and can be cancelled', async () => {
  const answers: ((response: Response) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => answers.push(resolve)));
  const first = session.openBeside(['demo/heap.pb.gz', 'demo/cpu.pb.gz']);
  await session.openBeside(['demo/heap.pb.gz']);
  expect(session.opening.peek()).toMatchObject([
    { name: 'heap.pb.gz', loading: true },
    { name: 'cpu.pb.gz', loading: true },
  ]);
  expect(answers).toHaveLength(2);
  session.cancelOpening(tickets()[0] as number);
  for (const resolve of answers) resolve(new Response('bytes'));
  await first;
  expect(session.opening.peek()).toMatchObject([{ name: 'cpu.pb.gz', loading: false, size: 5 }]);
  expect(session.notice.peek()).toBe('');
});

test('a view that kills the engine is named, and left', () => {
  session.openFiles([named('cpu')]);
  answer(sound(1, 'cpu'));
  state.update({ view: 'flame' });
  engine.say({ type: 'dead', message: 'unreachable' });
  expect(session.crash.peek()).toMatchObject({ during: null, view: 'flame' });
  expect(state.view.peek()).toBe('summary');
});
