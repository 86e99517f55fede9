/** Views that are no part of the first load: there when they are needed, and told of when they cannot be. */
// Not the page's own test: a fetch that fails is told in the console, and here it is what is wanted.
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { cpu } from './files';
import { drop, goTo, ready, visit } from './page';

/** Scripts and styles of views that are fetched; the page's own script is called index. */
const SCRIPT = /assets\/view-[^/]*\.js$/;
const STYLE = /assets\/view-[^/]*\.css$/;

async function open(page: Page): Promise<void> {
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
}

async function expectTryAgain(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Callers & callees', exact: true }).click();
  const panel = page.getByRole('alert').filter({ hasText: 'A part of this page could not be fetched' });
  await expect(panel).toBeVisible();
  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel).toBeVisible();
}

for (const [what, address] of [['script', SCRIPT], ['style', STYLE]] as const) {
  test(`a view whose ${what} cannot be fetched says so, and comes when it is tried again`, async ({ page }) => {
    await page.route(address, (route) => route.abort());
    await open(page);
    await expectTryAgain(page);
    await goTo(page, 'Flame graph');
    await page.unroute(address);
    await goTo(page, 'Callers & callees');
    await expect(page.getByRole('heading', { name: 'Pick a function' })).toBeVisible();
    // The style has come with it: the view asks how wide its place is.
    await expect(page.locator('.callers')).toHaveCSS('container-type', 'inline-size');
  });
}

test('views are there when the network is gone, once the page has been idle', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (SCRIPT.test(request.url())) asked.push(request.url());
  });
  await open(page);
  expect(asked).toEqual([]);
  await expect.poll(() => asked.length).toBeGreaterThan(3);
  const styles = page.locator('link[rel=stylesheet]');
  await expect.poll(() => styles.count()).toBeGreaterThan(3);
  await page.waitForLoadState('networkidle');
  await page.context().setOffline(true);
  await goTo(page, 'Callers & callees');
  await goTo(page, 'Allocations');
});

for (const [width, height] of [[1280, 800], [360, 740]] as const) test(`an empty place is kept for a view that is on its way, ${width} pixels wide`, async ({ page }) => {
  await page.setViewportSize({ width, height });
  let letGo = (): void => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(SCRIPT, async (route) => {
    await gate;
    await route.continue();
  });
  await open(page);
  const place = page.getByRole('tabpanel');
  const before = await place.boundingBox();
  await page.getByRole('tab', { name: 'Hot paths', exact: true }).click();
  await expect(page.locator('.answered')).toHaveAttribute('aria-busy', 'true');
  expect(await place.boundingBox()).toEqual(before);
  letGo();
  await ready(page, 'Hot paths');
  await expect(page.getByRole('button', { name: 'Only my code' })).toBeVisible();
  expect(await place.boundingBox()).toEqual(before);
});
