/** Holding back what the engine answers, so that a test can act before it is there. */
import type { Page } from '@playwright/test';

interface Held {
  /** What has come while answers are held; null while they pass. */
  held: unknown[] | null;
  worker: Worker;
}

/** To be called before the page is visited. */
export async function prepareHold(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const start = window.Worker;
    const own = window as unknown as Held;
    own.held = null;
    window.Worker = class extends start {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        own.worker = this;
        // Registered before the page's own listener: what is stopped here does not reach it.
        this.addEventListener('message', (event) => {
          if (own.held === null) return;
          event.stopImmediatePropagation();
          own.held.push(event.data);
        });
      }
    };
  });
}

/** From now on nothing that the engine says reaches the page. */
export async function hold(page: Page): Promise<void> {
  await page.evaluate(() => {
    (window as unknown as Held).held = [];
  });
}

/** Lets pass what was held, and everything after it. */
export async function release(page: Page): Promise<void> {
  await page.evaluate(() => {
    const own = window as unknown as Held;
    const held = own.held ?? [];
    own.held = null;
    for (const data of held) own.worker.dispatchEvent(new MessageEvent('message', { data }));
  });
}

/** Says on behalf of the engine that it is dead. */
export async function kill(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { worker } = window as unknown as Held;
    worker.dispatchEvent(new MessageEvent('message', { data: { type: 'dead', message: 'unreachable' } }));
  });
}
