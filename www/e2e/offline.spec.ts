/** After the first visit the page opens without a network, and it can be installed. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { cpu } from './files';
import { TABS, drop, expect, goTo, ready, test, visit } from './page';

test.use({ serviceWorkers: 'allow' });

/** Waits until the service worker has kept everything and waits for the next visit. */
async function kept(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state), { timeout: 30_000 })
    .toBe('activated');
}

test('after one visit the page opens, reads a file and shows every view without a network', async ({ page, context }) => {
  await visit(page);
  await kept(page);
  await context.setOffline(true);
  await page.reload();
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  for (const tab of TABS) await goTo(page, tab);
  // A filter takes the second half of the core; of a page that is loaded anew nothing is there yet.
  await visit(page, 'view=top&f=runtime');
  await page.reload();
  await drop(page, [cpu]);
  await ready(page, 'Top');
  await expect(page.locator('.query-left')).toContainText('of 23.13s');
});

test('a link opens without a network, too', async ({ page, context }) => {
  await visit(page);
  await kept(page);
  await context.setOffline(true);
  await page.goto('./?f=runtime#view=flame');
  await drop(page, [cpu]);
  await ready(page, 'Flame graph');
});

test('what is kept is one build: all scripts, styles and modules, and no profile', async ({ page }) => {
  await visit(page);
  await kept(page);
  const found = await page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await (await caches.open(names[0] ?? '')).keys();
    return { names, urls: requests.map((request) => request.url) };
  });
  expect(found.names.length).toBe(1);
  const base = page.url().replace(/#.*$/, '');
  const files = found.urls.map((url) => url.slice(base.length)).sort();
  const assets = readdirSync(join(import.meta.dirname, '..', '..', 'dist', 'assets')).map((name) => `assets/${name}`);
  expect(files.filter((name) => name.startsWith('assets/'))).toEqual(assets.sort());
  expect(files).toContain('index.html');
  expect(files.filter((name) => name.startsWith('demo/'))).toEqual([]);
});

test('the caches of other builds go, those of other pages stay', async ({ page }) => {
  await visit(page);
  await page.evaluate(async () => {
    const scope = new URL('./', document.baseURI).href;
    await caches.open(`dropprof ${scope} 0`);
    await caches.open('another page');
  });
  await kept(page);
  const names = await page.evaluate(() => caches.keys());
  expect(names).toContain('another page');
  expect(names.filter((name) => name.startsWith('dropprof ')).length).toBe(1);
});

test('the manifest makes the page installable', async ({ page, request }) => {
  await visit(page);
  const address = await page.locator('link[rel=manifest]').evaluate((link: HTMLLinkElement) => link.href);
  const response = await request.get(address);
  expect(response.headers()['content-type']).toBe('application/manifest+json');
  const manifest = (await response.json()) as { start_url: string; scope: string; icons: { src: string; sizes: string; type: string }[] };
  // Relative, so that it works under any sub-path.
  expect(new URL(manifest.start_url, address).href).toBe(page.url());
  expect(new URL(manifest.scope, address).href).toBe(page.url());
  for (const icon of manifest.icons) {
    const picture = await request.get(new URL(icon.src, address).href);
    expect(picture.headers()['content-type']).toBe(icon.type);
    const [width = ''] = icon.sizes.split('x');
    // Bytes 16 to 19 of a PNG are its width.
    if (icon.type === 'image/png') expect((await picture.body()).readUInt32BE(16)).toBe(Number(width));
  }
});
