// What files of benchmark results cost in a tab: node e2e/results.mjs URL FILE…, run by `cargo xtask bench`.
//
// Prints key=value lines, as bench.mjs does: from the choice of the files until the table of all of them is drawn.
import { basename } from 'node:path';
import { longestTask, print, processes, usedByTab, watchTasks, withBrowser } from './chromium.mjs';

const [url, ...files] = process.argv.slice(2);
/** Milliseconds in which an idle page has fetched its view and the half of the core that compares. */
const IDLE = 4000;

await withBrowser(async (browser) => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await watchTasks(page);
  await page.goto(`${url}#view=benchmarks`);
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(IDLE);
  const session = await browser.newBrowserCDPSession();
  const before = await processes(session);
  await page.evaluate(() => {
    window.longestTask = 0;
  });
  const start = Date.now();
  await page.getByLabel('Open files').setInputFiles(files);
  const last = basename(files.at(-1) ?? '');
  await page.waitForFunction(
    (name) => {
      const headings = [...document.querySelectorAll('#view table th')];
      const rows = document.querySelectorAll('#view table tbody tr th, #view table tbody tr td');
      return document.documentElement.dataset.ready === 'benchmarks' && rows.length > 0 && headings.some((heading) => heading.textContent?.includes(name));
    },
    last,
    { timeout: 600_000, polling: 20 },
  );
  const wall = Date.now() - start;
  const { own } = await usedByTab(session, before);
  print('cpu_s', own.cpu);
  print('wall_s', wall / 1000);
  print('idle_mb', own.idle);
  print('peak_mb', own.VmHWM);
  print('longest_task_ms', await longestTask(page));
});
