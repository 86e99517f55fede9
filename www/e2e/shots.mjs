// Pictures of every view for people to look at: node e2e/shots.mjs URL [DIRECTORY].
// Light, dark and narrow; a CPU and a heap profile; the landing page, an error, nothing found.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withBrowser } from './chromium.mjs';

const [url, directory = '../target/shots'] = process.argv.slice(2);
const demo = (name) => join(import.meta.dirname, '..', 'public', 'demo', `${name}.pb.gz`);
const SCREENS = [
  { name: 'light', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { name: 'dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { name: 'narrow', viewport: { width: 360, height: 740 }, colorScheme: 'light' },
];
const VIEWS = {
  summary: 'Summary',
  flame: 'Flame graph',
  top: 'Top',
  hotpaths: 'Hot paths',
  callers: 'Callers & callees',
  source: 'Source',
  graph: 'Call graph',
  allocations: 'Allocations',
  goroutines: 'Goroutines',
  tags: 'Tags',
  compare: 'Compare',
  report: 'Report',
};

mkdirSync(directory, { recursive: true });
await withBrowser(async (browser) => {
  for (const screen of SCREENS) await shoot(browser, screen);
});

async function shoot(browser, { name, ...options }) {
  const page = await browser.newPage(options);
  const save = (what) => page.screenshot({ path: join(directory, `${name}-${what}.png`) });
  await page.goto(url);
  await page.getByRole('button', { name: 'Open files…' }).waitFor();
  await save('landing');
  for (const kind of ['cpu', 'heap']) {
    await page.goto('about:blank');
    await page.goto(url);
    await page.locator('input[type=file]').setInputFiles([demo(kind)]);
    for (const view of Object.keys(VIEWS)) {
      await show(page, view);
      await save(`${kind}-${view}`);
      if (view === 'top') {
        await page.locator('.vt tbody tr').nth(2).click();
        await page.waitForTimeout(300);
        await save(`${kind}-top-selected`);
      }
    }
  }
  await page.evaluate(() => (location.hash += '&si=alloc_space&f=regexp&h=%5Eruntime&off=h&i=a('));
  await show(page, 'flame');
  await save('filters');
  await page.keyboard.press('f');
  await page.getByRole('dialog').waitFor();
  await save('filter-panel');
  await page.keyboard.press('Escape');
  await page.evaluate(() => (location.hash = location.hash.replace(/&(f|h|i|off)=[^&]*/g, '')));
  await show(page, 'top');
  await page.getByRole('searchbox').fill('nothing is called this');
  await page.getByText('Nothing matches').waitFor();
  await save('no-match');
  await page.goto('about:blank');
  await page.goto(url);
  const half = readFileSync(demo('cpu')).subarray(0, 20_000);
  await page.locator('input[type=file]').setInputFiles([{ name: 'cut.pb.gz', mimeType: '', buffer: half }]);
  await page.getByRole('alert').first().waitFor();
  await save('error');
  await page.close();
}

async function show(page, view) {
  await page.getByRole('tab', { name: VIEWS[view], exact: true }).click();
  await page.waitForFunction((key) => document.documentElement.dataset.ready === key, view);
  // Colours fade in where motion is allowed.
  await page.waitForTimeout(300);
}
