import { expect, test, vi } from 'vitest';
import type { Reply, Request } from './protocol';

const said: (Reply | string)[] = [];
let hear: (event: { data: Request }) => void = () => {};

vi.stubGlobal('self', {
  postMessage: (reply: Reply) => said.push(reply),
  addEventListener: (_type: string, listener: typeof hear) => {
    hear = listener;
  },
});
vi.mock('./pkg/dropprof.js', () => ({
  default: async () => {},
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
    openFinish(): unknown {
      said.push('finish');
      return [];
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
  const finish = said.indexOf('finish');
  expect(said[finish - 1]).toMatchObject({ type: 'progress', ticket: 7, progress: { bytesIn: 2_500_000 } });
});

test('a file that is cancelled while it waits is not begun', async () => {
  said.length = 0;
  hear({ data: { type: 'open', ticket: 8, file: new File(['x'], 'first') } });
  hear({ data: { type: 'open', ticket: 9, file: new File(['x'], 'second') } });
  hear({ data: { type: 'cancel', ticket: 9 } });
  await vi.waitFor(() => expect(said.at(-1)).toEqual({ type: 'cancelled', ticket: 9 }));
  expect(said.filter((one) => one === 'finish')).toHaveLength(1);
});
