// Pictures of every view for people to look at: node e2e/shots.mjs URL [DIRECTORY].
// Light, dark and narrow; a CPU and a heap profile, a comparison, a very large one where `cargo xtask bench` has made
// it; the landing page, an error, nothing found.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withBrowser } from './chromium.mjs';

const [url, directory = '../target/shots'] = process.argv.slice(2);
const demo = (name) => join(import.meta.dirname, '..', 'public', 'demo', `${name}.pb.gz`);
const LARGE = join(import.meta.dirname, '..', '..', 'target', 'bench', 'cpu-1m-v1.pb.gz');
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
  trace: 'Trace',
  benchmarks: 'Benchmarks',
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
  await page.locator('.add-filter').click();
  await page.getByRole('dialog').waitFor();
  await save('filter-panel');
  await page.keyboard.press('Escape');
  await page.evaluate(() => (location.hash = location.hash.replace(/&(f|h|i|off)=[^&]*/g, '')));
  for (const [what, key] of [['palette', 'Control+k'], ['keys', '?']]) {
    await page.keyboard.press(key);
    await page.getByRole('dialog').waitFor();
    await page.waitForTimeout(200);
    await save(what);
    await page.keyboard.press('Escape');
  }
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
  await compared(page, save);
  await benchmarks(page, save);
  await large(page, save);
  await page.close();
}

/** Two profiles against each other. */
async function compared(page, save) {
  await page.goto('about:blank');
  await page.goto(`${url}#file=demo/cpu.pb.gz&file=demo/cpu-tuned.pb.gz&view=compare&name=cpu.pb.gz&base=cpu-tuned.pb.gz`);
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'compare');
  await page.waitForTimeout(300);
  await save('diff-compare');
  for (const view of ['flame', 'top', 'graph']) {
    await show(page, view);
    await save(`diff-${view}`);
  }
}

/** Results of benchmarks: two files and three, a row selected, keys unfolded, few runs, a filter that is none, many rows. */
async function benchmarks(page, save) {
  const take = async (hash, files) => {
    await page.goto('about:blank');
    await page.goto(`${url}#view=benchmarks${hash}`);
    await page.locator('input[type=file]').setInputFiles(files.map(([name, text]) => ({ name, mimeType: '', buffer: Buffer.from(text) })));
    await page.waitForFunction(
      (count) => document.documentElement.dataset.ready === 'benchmarks' && document.querySelectorAll('.bench-file-name').length === count,
      files.length,
    );
    await page.waitForTimeout(300);
  };
  const [old, ...later] = ['old.txt', 'new.txt', 'newer.txt'].map((name, at) => [name, results(at, 10, 9)]);
  await take('', [old, later[0]]);
  await save('bench-two');
  await page.locator('.vt tbody tr').nth(3).click();
  await page.waitForTimeout(300);
  await save('bench-selected');
  await page.getByRole('button', { name: 'Group by' }).click();
  await page.waitForTimeout(300);
  await save('bench-keys');
  await take('', [old, ...later]);
  await page.locator('.vt tbody tr').nth(1).click();
  await page.waitForTimeout(300);
  await save('bench-three');
  await take('', [0, 1].map((at) => [`few-${at}.txt`, results(at, 2, 3)]));
  await save('bench-few');
  await take('&b.filter=size', [old, later[0]]);
  await save('bench-error');
  await take('', [0, 1, 2].map((at) => [`many-${at}.txt`, results(at, 10, 10_000)]));
  await save('bench-many');
}

/** Results of so many benchmarks, each run so often: noise of a percent, and every third changes from file to file. */
function results(file, runs, count) {
  let seed = file + 1;
  const noise = () => ((seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5) * 0.02;
  const lines = Array.from({ length: count }, (_, i) => {
    const time = 1000 * (1 + i) * (1 + [-0.12, 0, 0.07][i % 3]) ** file;
    const name = `Benchmark${['Encode', 'Decode'][i % 2]}/format=${['json', 'gob', 'xml'][i % 3]}/size=${1 + i}k-8`;
    return Array.from({ length: runs }, () => `${name} 1000 ${(time * (1 + noise())).toFixed(1)} ns/op ${64 + i} B/op\n`).join('');
  });
  return `goos: linux\ngoarch: amd64\npkg: example.com/codec\n${lines.join('')}PASS\n`;
}

/** The largest profile that measuring has made, where it has; with a menu, and between callers and callees. */
async function large(page, save) {
  if (!existsSync(LARGE)) return;
  await page.goto('about:blank');
  await page.goto(url);
  await page.locator('input[type=file]').setInputFiles(LARGE);
  for (const view of ['summary', 'flame', 'top', 'graph', 'source', 'hotpaths']) {
    await show(page, view);
    await save(`huge-${view}`);
  }
  await show(page, 'flame');
  const canvas = await page.locator('.flame-scroll').boundingBox();
  await page.mouse.click(canvas.x + canvas.width / 3, canvas.y + 150, { button: 'right' });
  await page.getByRole('menu').waitFor();
  await save('huge-menu');
  await page.keyboard.press('Escape');
  await page.mouse.click(canvas.x + canvas.width / 3, canvas.y + 150);
  await page.waitForFunction(() => /[#&]sel=/.test(location.hash));
  await page.keyboard.press('v');
  await page.waitForFunction(() => document.querySelector('.sandwich') !== null && document.documentElement.dataset.ready === 'flame');
  await page.waitForTimeout(300);
  await save('huge-sandwich');
}

async function show(page, view) {
  await page.getByRole('tab', { name: VIEWS[view], exact: true }).click();
  await page.waitForFunction((key) => document.documentElement.dataset.ready === key, view);
  // Colours fade in where motion is allowed.
  await page.waitForTimeout(300);
}
