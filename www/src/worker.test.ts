import { expect, test, vi } from 'vitest';
import type { Reply, Request } from './protocol';

const said: (Reply | string)[] = [];
/** Whether what is opened is an archive. */
let archive = false;
/** What happens while the core is at a step. */
let duringStep: (step: number) => unknown = () => {};
let duringPush: () => unknown = () => {};
let hear: (event: { data: Request }) => void = () => {};

vi.stubGlobal('self', {
  postMessage: (reply: Reply) => said.push(reply),
  addEventListener: (_type: string, listener: typeof hear) => {
    hear = listener;
  },
});
vi.mock('./more', async (original) => ({ ...(await original<object>()), more: async () => {} }));
vi.mock('./modules', () => ({ firstModule: async () => new Uint8Array() }));
vi.mock('./pkg/dropprof.js', () => ({
  initSync: () => {},
  Session: class {
    private taken = 0;
    openStart(): number {
      this.taken = 0;
      return 1;
    }
    openPush(_handle: number, chunk: Uint8Array): unknown {
      this.taken += chunk.length;
      return { bytesIn: this.taken, bytesOut: this.taken, samples: 0, failed: false };
    }
    // An archive of three members; a file is one step.
    openReadsWithMore(): boolean {
      return false;
    }
    openNeedsMore(): boolean {
      return false;
    }
    openStep(): unknown {
      said.push('step');
      const steps = said.filter((one) => one === 'step').length;
      duringStep(steps);
      const progress = { bytesIn: this.taken, bytesOut: this.taken, samples: steps, failed: false };
      return { more: archive && steps < 4, progress };
    }
    openFinish(): unknown {
      said.push('finish');
      return [{ id: 3, kind: 'trace' }];
    }
    timelineStart(file: number, name: string, size: number): void {
      said.push(`start ${file} ${name} ${size}`);
      this.taken = 0;
    }
    timelinePush(chunk: Uint8Array): unknown {
      this.taken += chunk.length;
      said.push(`push ${chunk.length}`);
      duringPush();
      return { bytesIn: this.taken, bytesOut: this.taken, samples: 0, failed: false };
    }
    timelinePart(): unknown {
      return this.taken === 512 + (1 << 20) ? { records: this.taken, whole: false } : undefined;
    }
    timelineFinish(): unknown {
      return { records: this.taken, whole: true };
    }
    timelineCancel(): void {
      said.push('given up');
    }
    openCancel(): void {
      said.push('cancel');
    }
  },
}));

test('the last progress is told before the file is worked out', async () => {
  await import('./worker');
  // Three pieces within the time between two messages.
  hear({ data: { type: 'open', ticket: 7, file: new File([new Uint8Array(2_500_000)], 'a.zip') } });
  await vi.waitFor(() => expect(said.at(-1)).toMatchObject({ type: 'opened', ticket: 7 }));
  const step = said.indexOf('step');
  expect(said[step - 1]).toMatchObject({ type: 'progress', ticket: 7, progress: { bytesIn: 2_500_000 } });
});

test('a file that is cancelled while it waits is not begun', async () => {
  said.length = 0;
  hear({ data: { type: 'open', ticket: 8, file: new File(['x'], 'first') } });
  hear({ data: { type: 'open', ticket: 9, file: new File(['x'], 'second') } });
  hear({ data: { type: 'cancel', ticket: 9 } });
  await vi.waitFor(() => expect(said.at(-1)).toEqual({ type: 'cancelled', ticket: 9 }));
  expect(said.filter((one) => one === 'finish')).toHaveLength(1);
});

test('an archive tells its progress member by member, and stops between two when it is cancelled', async () => {
  archive = true;
  said.length = 0;
  hear({ data: { type: 'open', ticket: 10, file: new File(['x'], 'all.zip') } });
  await vi.waitFor(() => expect(said.at(-1)).toMatchObject({ type: 'opened', ticket: 10 }));
  const told = said.filter((one) => typeof one !== 'string' && one.type === 'progress');
  expect(told.map((one) => (one as { progress: { samples: number } }).progress.samples)).toEqual([0, 1, 2, 3]);
  said.length = 0;
  duringStep = (step) => step === 2 && hear({ data: { type: 'cancel', ticket: 11 } });
  hear({ data: { type: 'open', ticket: 11, file: new File(['x'], 'all.zip') } });
  await vi.waitFor(() => expect(said.at(-1)).toEqual({ type: 'cancelled', ticket: 11 }));
  expect(said.filter((one) => one === 'step')).toHaveLength(2);
  expect(said).not.toContain('finish');
});

test('a timeline is made of the file that was opened, read again; a cancel ends it between two pieces', async () => {
  archive = false;
  hear({ data: { type: 'open', ticket: 12, file: new File([new Uint8Array(2_000_000)], 'a.trace') } });
  await vi.waitFor(() => expect(said.at(-1)).toMatchObject({ type: 'opened', ticket: 12 }));
  said.length = 0;
  hear({ data: { type: 'timeline', ticket: -1, file: 3 } });
  await vi.waitFor(() => expect(said.at(-1)).toMatchObject({ type: 'timed', ticket: -1, opened: { records: 2_000_000 } }));
  expect(said[0]).toBe('start 3 a.trace 2000000');
  // What there is of it can be shown before.
  expect(said.filter((one) => typeof one !== 'string' && one.type === 'timed')).toMatchObject([{ opened: { whole: false } }, { opened: { whole: true } }]);
  expect(said).toContainEqual(expect.objectContaining({ type: 'progress', ticket: -1 }));
  said.length = 0;
  duringPush = () => hear({ data: { type: 'cancel', ticket: -2 } });
  hear({ data: { type: 'timeline', ticket: -2, file: 3 } });
  await vi.waitFor(() => expect(said.at(-1)).toEqual({ type: 'untimed', ticket: -2, message: '' }));
  expect(said.filter((one) => typeof one === 'string')).toEqual(['start 3 a.trace 2000000', 'push 512', 'given up']);
  // The next one begins when the one that is given up has ended.
  said.length = 0;
  duringPush = () => {};
  hear({ data: { type: 'timeline', ticket: -3, file: 3 } });
  hear({ data: { type: 'cancel', ticket: -3 } });
  hear({ data: { type: 'timeline', ticket: -4, file: 3 } });
  await vi.waitFor(() => expect(said.at(-1)).toMatchObject({ type: 'timed', ticket: -4 }));
  const start = 'start 3 a.trace 2000000';
  expect(said.filter((one) => one === start || one === 'given up')).toEqual([start, 'given up', start]);
});
