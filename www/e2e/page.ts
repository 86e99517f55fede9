/** How the tests use the page, and what holds in every one of them. */
import { readFile } from 'node:fs/promises';
import { expect, test as base } from '@playwright/test';
import type { FileChooser, Locator, Page } from '@playwright/test';
import type { NamedFile } from './archive';
import type { GoldenRow } from './golden';

/** The views, by the names of their tabs, with the names that the URL and `data-ready` use. */
export const VIEWS = {
  Summary: 'summary',
  'Flame graph': 'flame',
  Top: 'top',
  'Hot paths': 'hotpaths',
  'Callers & callees': 'callers',
  Source: 'source',
  'Call graph': 'graph',
  Allocations: 'allocations',
  Goroutines: 'goroutines',
  Tags: 'tags',
  Compare: 'compare',
  Trace: 'trace',
  Benchmarks: 'benchmarks',
  Report: 'report',
} as const;
/** Name of a tab. */
export type Tab = keyof typeof VIEWS;
/** The tabs from left to right. */
export const TABS = Object.keys(VIEWS) as readonly Tab[];

/** In every test: nothing is asked of another origin, and nothing complains in the console. */
export const test = base.extend<{ clean: void }>({
  clean: [
    async ({ page, baseURL }, use) => {
      const foreign: string[] = [];
      const complaints: string[] = [];
      const origin = new URL(baseURL ?? '').origin;
      page.context().on('request', (request) => {
        const url = new URL(request.url());
        // A blob belongs to the page that made it: its address holds that page's origin.
        const own = url.protocol === 'blob:' ? url.pathname : url.origin;
        if (!own.startsWith(origin) && url.protocol !== 'file:') foreign.push(request.url());
      });
      page.on('console', (message) => {
        // What keeps the page for use without a network is left out of most tests, see playwright.config.ts.
        if (message.text() === 'Service Worker registration blocked by Playwright') return;
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await use();
      expect(foreign, 'requests to other origins').toEqual([]);
      expect(complaints, 'errors and warnings in the console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Opens the page; `hash` is the state as the URL writes it. */
export async function visit(page: Page, hash = ''): Promise<void> {
  await page.goto(hash === '' ? './' : `./#${hash}`);
}

/** Chooses files as a person does in the file dialog. */
export async function choose(page: Page, files: readonly NamedFile[]): Promise<void> {
  await fileInput(page).setInputFiles(
    files.map(({ name, bytes }) => ({ name, mimeType: 'application/octet-stream', buffer: bytes })),
  );
}

/** Chooses files that lie on the disk; for those too large to be handed over in a message. */
export async function choosePaths(page: Page, paths: readonly string[]): Promise<void> {
  await fileInput(page).setInputFiles([...paths]);
}

/** The one file input. */
export function fileInput(page: Page): Locator {
  return page.locator('input[type=file]').and(page.getByLabel('Open files'));
}

/** Drags files over the page and lets go, with a DataTransfer that holds them. */
export async function drop(page: Page, files: readonly NamedFile[]): Promise<void> {
  const transfer = await page.evaluateHandle(
    (list) => {
      const data = new DataTransfer();
      for (const { name, base64 } of list) {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        data.items.add(new File([bytes], name));
      }
      return data;
    },
    files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') })),
  );
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent('body', type, { dataTransfer: transfer });
  }
}

/** Waits until a view is drawn as the state has it: nothing of it waits for an answer. */
export async function ready(page: Page, tab: Tab): Promise<void> {
  // Back, and what was pressed, reach the page as tasks of their own: until then what was drawn before
  // looks ready. A page in the background draws no frames.
  await page.evaluate(
    () => new Promise<void>((done) => {
      const soon = setTimeout(done, 100);
      requestAnimationFrame(() => {
        clearTimeout(soon);
        setTimeout(done);
      });
    }),
  );
  await expect(page.locator('html')).toHaveAttribute('data-ready', VIEWS[tab]);
  await expect(page.locator('#view').locator('[aria-busy=true]')).toHaveCount(0);
}

/** Goes to a view by its tab and waits until it is drawn. */
export async function goTo(page: Page, tab: Tab): Promise<void> {
  await page.getByRole('tab', { name: tab, exact: true }).click();
  await ready(page, tab);
}

/** What the URL says of the state under a key. */
export function param(page: Page, key: string): string | null {
  return new URLSearchParams(new URL(page.url()).hash.slice(1)).get(key);
}

/** Presses Tab until what has the focus is called so. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 250; presses++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    if (name.test(focused.trim())) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never leads to ${name}`);
}

/** Opens the commands by key, types a few letters and runs the first that fits. */
export async function command(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Command or function' })).toBeFocused();
  await page.keyboard.type(typed);
  await page.keyboard.press('Enter');
}

/** The file dialog that `act` opens. */
export async function fileDialog(page: Page, act: () => Promise<void>): Promise<FileChooser> {
  const dialog = page.waitForEvent('filechooser');
  // That dialogs are handed over is a message of its own to the browser: a key could be there before it.
  await page.evaluate(() => {});
  await act();
  return dialog;
}

/** What the page hands to the browser to be saved when `act` is done. */
export async function saved(page: Page, act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const download = page.waitForEvent('download');
  await act();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

/** A row of the Top table; the same fields as a golden row. */
export type PageRow = GoldenRow;

/** The rows of the Top table that are drawn, by their place in the table (0 is the first). */
async function drawnRows(page: Page): Promise<Map<number, PageRow>> {
  const table = page.getByRole('table', { name: 'Top', exact: true });
  const rows = await table.locator('tbody tr').evaluateAll((all) =>
    all.map((row): [number, PageRow] => {
      const text = (at: number): string => row.querySelectorAll('td')[at]?.textContent ?? '';
      const part = (selector: string): string => row.querySelector(selector)?.textContent ?? '';
      // The header is row 1 of the table for assistive technology.
      const index = Number(row.getAttribute('aria-rowindex')) - 2;
      return [
        index,
        {
          flat: text(0),
          flatPct: text(1),
          sumPct: text(2),
          cum: text(3),
          cumPct: text(4),
          name: part('.frame-cut'),
          inline: part('.frame-mark'),
        },
      ];
    }),
  );
  return new Map(rows.filter(([, row]) => row.name !== ''));
}

/** The first rows of the Top table, read by scrolling as far as needed. */
export async function topRows(page: Page, count: number): Promise<PageRow[]> {
  const scroller = page.getByRole('region', { name: 'Top table' });
  const found = new Map<number, PageRow>();
  await scroller.evaluate((element) => element.scrollTo(0, 0));
  const step = async (): Promise<number> => {
    for (const [index, row] of await drawnRows(page)) found.set(index, row);
    let next = 0;
    while (next < count && found.has(next)) next++;
    // 24 is the height of a row.
    if (next < count) await scroller.evaluate((element, top) => element.scrollTo(0, top), next * 24);
    return next;
  };
  await expect.poll(step, { intervals: [30] }).toBe(count);
  return Array.from({ length: count }, (_, index) => found.get(index) as PageRow);
}

/** How many rows the Top table says it has. */
export async function topCount(page: Page): Promise<number> {
  const table = page.getByRole('table', { name: 'Top', exact: true });
  return Number(await table.getAttribute('aria-rowcount')) - 1;
}
