/** How the tests use the page, and what holds in every one of them. */
import { expect, test as base } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import type { NamedFile } from './archive';

/** The views, by the names of their tabs, with the names that the URL and `data-ready` use. */
export const VIEWS = {
  Summary: 'summary',
  'Flame graph': 'flame',
  Top: 'top',
  'Hot paths': 'hotpaths',
  'Callers & callees': 'callers',
  Allocations: 'allocations',
  Report: 'report',
} as const;
/** Name of a tab. */
export type Tab = keyof typeof VIEWS;

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

/** Waits until a view is drawn. */
export async function ready(page: Page, tab: Tab): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-ready', VIEWS[tab]);
}

/** Goes to a view by its tab and waits until it is drawn. */
export async function goTo(page: Page, tab: Tab): Promise<void> {
  await page.getByRole('tab', { name: tab, exact: true }).click();
  await ready(page, tab);
}

/** Rows of a table as texts of their cells, for as many rows as are drawn and filled. */
export async function cells(table: Locator): Promise<string[][]> {
  return table.locator('tbody tr').evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')),
  );
}

/** A row of the Top table. */
export interface PageRow {
  flat: string;
  flatPct: string;
  sumPct: string;
  cum: string;
  cumPct: string;
  name: string;
  inline: string;
}

/** The first rows of the Top table. */
export async function topRows(page: Page, count: number): Promise<PageRow[]> {
  const table = page.getByRole('table', { name: 'Top', exact: true });
  await expect(table.locator('tbody tr').nth(count - 1)).toContainText(/\S/);
  const rows = await table.locator('tbody tr').evaluateAll((all) =>
    all.map((row) => {
      const [flat = '', flatPct = '', sumPct = '', cum = '', cumPct = ''] = [...row.querySelectorAll('td')].map(
        (cell) => cell.textContent ?? '',
      );
      const name = row.querySelector('.frame-cut')?.textContent ?? '';
      const inline = row.querySelector('.frame-mark')?.textContent ?? '';
      return { flat, flatPct, sumPct, cum, cumPct, name, inline };
    }),
  );
  return rows.slice(0, count);
}
