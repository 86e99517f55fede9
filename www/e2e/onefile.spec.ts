/** The page as one HTML file: it opens from the disk, without a network, with the picture that it was saved with. */
import { readFile, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, Page, TestInfo } from '@playwright/test';
import { cpu, heap, taken } from './files';
import { DEMO, golden } from './golden';
import { TABS, choose, drop, expect, goTo, ready, test, topRows, visit } from './page';
import { cpuProfile } from './profile';

/** A page from the disk, what it complained about, and what it asked for that is not in it. */
interface Opened {
  page: Page;
  complaints: string[];
  asked: string[];
  close: () => Promise<void>;
}

async function openFile(browser: Browser, path: string, hash = ''): Promise<Opened> {
  const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const own = pathToFileURL(path).href;
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith('blob:') && !url.startsWith('data:') && url.split('#')[0] !== own) asked.push(url);
  });
  await page.goto(own + hash);
  return { page, complaints, asked, close: () => context.close() };
}

async function openPanel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save as…' }).click();
  await page.getByRole('button', { name: 'Interactive page (HTML)' }).click();
}

/** Saves the page; says its name and where it lies, and what the page said about its size. */
async function save(page: Page, info: TestInfo): Promise<{ name: string; path: string; said: string }> {
  const part = page.getByRole('region', { name: 'Interactive page' });
  const button = part.getByRole('button', { name: 'Save page' });
  await expect(button).toBeEnabled();
  const said = await part.getByRole('status').first().innerText();
  const download = page.waitForEvent('download');
  await button.click();
  const file = await download;
  const name = file.suggestedFilename();
  const path = info.outputPath(`${Date.now()}-${name}`);
  await file.saveAs(path);
  return { name, path, said };
}

function pixels(page: Page): Promise<string> {
  return page.locator('canvas.flame-canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
}

test('the saved file shows the same flame graph, zoomed, filtered and selected, from the disk and offline', async ({ page, browser }, info) => {
  await visit(page, 'view=flame&i=runtime%5C.mcall');
  await drop(page, [cpu]);
  await ready(page, 'Flame graph');
  await page.locator('canvas.flame-canvas').click({ position: { x: 200, y: 90 } });
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/zoom=/);
  await ready(page, 'Flame graph');
  await openPanel(page);
  const { name, path, said } = await save(page, info);
  expect(name).toBe('cpu.html');
  await page.keyboard.press('Escape');
  await page.mouse.move(5, 795);
  const there = await pixels(page);
  const hash = new URL(page.url()).hash;

  // What was said is what it is: 2 decimals of 1024² bytes, and the state beside it.
  const { size } = await stat(path);
  const [, total = 'NaN'] = /^([\d.]+)MB: page [\d.]+MB \+ profile [\d.]+[kM]B/.exec(said) ?? [];
  expect(Math.abs(size / 1024 ** 2 - Number(total))).toBeLessThan(0.01);

  const file = await openFile(browser, path);
  await ready(file.page, 'Flame graph');
  await file.page.mouse.move(5, 795);
  expect(new URL(file.page.url()).hash).toBe(hash);
  await expect.poll(() => pixels(file.page)).toBe(there);
  await expect(file.page.getByText('Ignore', { exact: false }).first()).toBeVisible();
  expect(file.complaints).toEqual([]);
  expect(file.asked).toEqual([]);
  await file.close();
});

test('every view works in the saved file, also those that the site fetches later', async ({ page, browser }, info) => {
  await visit(page);
  await drop(page, [cpu, heap]);
  await ready(page, 'Summary');
  await openPanel(page);
  const { path } = await save(page, info);
  const file = await openFile(browser, path);
  await ready(file.page, 'Summary');
  await expect(file.page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveCount(2);
  for (const tab of TABS) await goTo(file.page, tab);
  // The layout has a worker of its own, which is in the file, too.
  await goTo(file.page, 'Call graph');
  await expect(file.page.getByRole('list', { name: 'Looks' })).toContainText(/\d+ nodes, \d+ calls/);
  await goTo(file.page, 'Top');
  const wanted = golden(DEMO.cpu, '-top -sample_index=cpu').rows.slice(0, 5).map((row) => row.name);
  expect((await topRows(file.page, 5)).map((row) => row.name)).toEqual(wanted);
  // The other profile came along, and one more can be dropped.
  await file.page.getByRole('button', { name: /^heap\.pb\.gz/ }).first().click();
  await goTo(file.page, 'Allocations');
  await choose(file.page, [{ name: 'more.pb.gz', bytes: cpu.bytes }]);
  await expect(file.page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveCount(3);
  await ready(file.page, 'Allocations');
  expect(file.complaints).toEqual([]);
  expect(file.asked).toEqual([]);

  // What was saved can be saved again, without the site.
  await goTo(file.page, 'Summary');
  await openPanel(file.page);
  const again = await save(file.page, info);
  const second = await openFile(browser, again.path);
  await ready(second.page, 'Summary');
  await expect(second.page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveCount(3);
  expect(second.complaints).toEqual([]);
  await second.close();
  await file.close();
});

test('what was added up of several profiles goes along', async ({ page, browser }, info) => {
  await visit(page);
  await drop(page, [taken(0, 'a', 100), taken(60, 'b', 300), taken(120, 'c', 200)]);
  await goTo(page, 'Top');
  await page.getByRole('slider', { name: 'Time', exact: true }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowRight');
  await page.getByRole('button', { name: 'Merge 2 profiles' }).click();
  await expect(page.getByRole('navigation', { name: 'Session' })).toContainText('merged: a.pb.gz … b.pb.gz');
  await ready(page, 'Top');
  await openPanel(page);
  const { path } = await save(page, info);
  const file = await openFile(browser, path);
  await ready(file.page, 'Top');
  await expect(file.page.getByRole('navigation', { name: 'Session' })).toContainText('merged: a.pb.gz … b.pb.gz');
  // 100 ms and 300 ms; the three that were dropped are there, too.
  expect((await topRows(file.page, 3)).map((row) => `${row.flat} ${row.cum} ${row.name}`)).toEqual([
    '300ms 300ms b',
    '100ms 100ms a',
    '0 400ms main.main',
  ]);
  await expect(file.page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveCount(4);
  expect(file.complaints).toEqual([]);
  expect(file.asked).toEqual([]);
  await file.close();
});

test('the saved file may fetch nothing and runs no script but its own, whatever its profile is called', async ({ page, browser }, info) => {
  const name = `"><b id="owned" x='&.pb.gz`;
  await visit(page);
  await choose(page, [{ name, bytes: Buffer.from(cpuProfile([{ stack: ['</script><script>alert(1)//', '<!--'], values: [1, 10] }])) }]);
  await ready(page, 'Summary');
  await openPanel(page);
  const { path } = await save(page, info);
  const file = await openFile(browser, path);
  await ready(file.page, 'Summary');
  await expect(file.page.locator('#owned')).toHaveCount(0);
  await expect(file.page.getByRole('list', { name: 'Files' })).toContainText(name);
  const policy = await file.page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  const rules = (policy ?? '').split('; ');
  expect(rules).toContain("default-src 'none'");
  expect(rules).toContain("connect-src 'none'");
  expect(rules.find((rule) => rule.startsWith('script-src'))).toMatch(/^script-src 'sha256-[\w+/]{43}=' 'wasm-unsafe-eval'$/);
  expect(file.complaints).toEqual([]);
  // It is the policy that stops a fetch, in the worker, too.
  const tryFetch = (): Promise<string> => fetch('data:,x').then(() => 'fetched', (error: Error) => error.name);
  expect(await file.page.evaluate(tryFetch)).toBe('TypeError');
  expect(await file.page.workers()[0]?.evaluate(tryFetch)).toBe('TypeError');
  await file.close();
});

test('a smaller file has fewer stacks, says what is lost and keeps the total', async ({ page, browser }, info) => {
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  await openPanel(page);
  const whole = await save(page, info);
  const part = page.getByRole('region', { name: 'Interactive page' });
  await part.getByLabel('Stacks').selectOption('100');
  await expect(part).toContainText(/Lost in cpu\.pb\.gz: [\d\s]+ stacks, with [\d.]+% of cpu, become one called \(trimmed: \d+ stacks\)/);
  const less = await save(page, info);
  expect((await stat(less.path)).size).toBeLessThan((await stat(whole.path)).size);
  const file = await openFile(browser, less.path, '#view=top&si=cpu');
  await ready(file.page, 'Top');
  const { total } = golden(DEMO.cpu, '-top -sample_index=cpu');
  await expect(file.page.locator('.pane-count')).toContainText(`total ${total}`);
  const names = (await topRows(file.page, 10)).map((row) => row.name);
  expect(names.some((name) => /^\(trimmed: \d+ stacks\)$/.test(name))).toBe(true);
  await file.close();
});

test('the page as one file is not fetched before it is asked for, and stands in the site', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('onefile')) asked.push(request.url());
  });
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  await page.getByRole('button', { name: 'Save as…' }).click();
  expect(asked).toEqual([]);
  await page.getByRole('button', { name: 'Interactive page (HTML)' }).click();
  await expect(page.getByRole('button', { name: 'Save page' })).toBeEnabled();
  expect(asked.length).toBe(1);
});

test('the file holds the profile as it was dropped', async ({ page }, info) => {
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  await openPanel(page);
  const { path } = await save(page, info);
  const html = await readFile(path, 'utf8');
  const base64 = /data-name="cpu\.pb\.gz">([\w+/=]+)</.exec(html)?.[1] ?? '';
  const { gunzipSync } = await import('node:zlib');
  expect(gunzipSync(Buffer.from(base64, 'base64')).equals(cpu.bytes)).toBe(true);
});
