/** The core's second half: there when it is needed, and not in the way of the first picture. */
import type { Page, Request } from '@playwright/test';
// Not the page's own test: a fetch that fails is told in the console, and here it is what is wanted.
import { expect, test } from '@playwright/test';
import { cpu } from './files';
import { drop, goTo, ready, visit } from './page';

const FIRST = /dropprof_bg[^/]*\.wasm$/;
const SECOND = /dropprof_more[^/]*\.wasm$/;

/** Requests whose address ends so, with the time at which each was made. */
function requests(page: Page, ending: RegExp): number[] {
  const times: number[] = [];
  page.context().on('request', (request: Request) => {
    if (ending.test(request.url())) times.push(performance.now());
  });
  return times;
}

/** Calls in the worker what the core's stubs call. */
async function loadAtOnce(page: Page): Promise<string> {
  const said = await page.workers()[0]?.evaluate(() => {
    try {
      (globalThis as unknown as { loadMore: () => void }).loadMore();
      return 'loaded';
    } catch (error) {
      return `${error instanceof WebAssembly.RuntimeError ? 'trap' : 'error'}: ${String(error)}`;
    }
  });
  return said ?? 'no worker';
}

async function expectReport(page: Page): Promise<void> {
  await goTo(page, 'Report');
  await expect(page.locator('.doc h2').first()).toBeVisible();
}

test('it is fetched once, when the page has been idle', async ({ page }) => {
  const first = requests(page, FIRST);
  const second = requests(page, SECOND);
  // The Summary asks for it at once: the rules are in it. So does the flame graph, for its colours.
  await visit(page, 'view=top');
  await drop(page, [cpu]);
  await ready(page, 'Top');
  await expect.poll(() => second.length).toBe(1);
  expect(first).toHaveLength(1);
  // The worker waits for two seconds from its start, and from every question that it is asked.
  expect((second[0] ?? 0) - (first[0] ?? 0)).toBeGreaterThan(1900);
  await expectReport(page);
  expect(second).toHaveLength(1);
});

test('a report does not wait for the page to be idle', async ({ page }) => {
  const second = requests(page, SECOND);
  await visit(page, 'view=report');
  await drop(page, [cpu]);
  await expectReport(page);
  expect(second).toHaveLength(1);
});

test('where it cannot be fetched, reports say so and everything else works', async ({ page }) => {
  let tries = 0;
  await page.route(SECOND, async (route) => {
    tries += 1;
    await route.abort();
  });
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  await page.getByRole('tab', { name: 'Report', exact: true }).click();
  await expect(page.getByText(/a part of this page could not be fetched/)).toBeVisible();
  await page.getByRole('group', { name: 'Export' }).getByRole('button', { name: 'HTML', exact: true }).click();
  await expect(page.getByText(/could not be written: a part of this page could not be fetched/)).toBeVisible();
  expect(tries).toBeGreaterThan(1);
  await goTo(page, 'Top');
  await page.unroute(SECOND);
  await expectReport(page);
});

test('the core can have it brought at once, under the policy of the page', async ({ page }) => {
  const second = requests(page, SECOND);
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  await page.route(SECOND, (route) => route.abort());
  expect(await loadAtOnce(page)).toMatch(/^trap: .*a part of this page could not be fetched/);
  await page.unroute(SECOND);
  expect(await loadAtOnce(page)).toBe('loaded');
  const asked = second.length;
  await expectReport(page);
  expect(second).toHaveLength(asked);
});
