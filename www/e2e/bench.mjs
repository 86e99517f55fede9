// What one profile costs in a tab: node e2e/bench.mjs URL FILE [FILTER…], run by `cargo xtask bench`.
//
// Each FILTER is a part of the URL's hash, such as f=json: it is put there once the picture is drawn, and taken
// away again; `filter` lines give the milliseconds until the picture under it is drawn, and the CPU seconds.
//
// Prints key=value lines: CPU seconds of the tab's process (main thread, worker, everything) from the choice of
// the file until its flame graph is drawn; resident memory before and the peak; the longest main-thread task;
// and, for people, CPU seconds of the browser's other processes, wall time and the page's own JavaScript heap.
import { longestTask, print, processes, usedByTab, watchTasks, withBrowser } from './chromium.mjs';

const [url, file, ...filters] = process.argv.slice(2);
const patience = 600_000;
/** Milliseconds in which an idle page has fetched the half of the core that filters. */
const SECOND_HALF = 4000;

await withBrowser(measure);

async function measure(browser) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`page: ${message.text()}`);
  });
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await watchTasks(page);
  await page.goto(`${url}#view=flame`);
  // The engine is loaded and idle: what it costs to get there is not this file's.
  await page.waitForLoadState('networkidle');
  const session = await browser.newBrowserCDPSession();
  const before = await processes(session);
  await page.evaluate(() => {
    window.longestTask = 0;
  });
  const start = Date.now();

  await page.getByLabel('Open files').setInputFiles(file);
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'flame', null, {
    timeout: patience,
    polling: 50,
  });

  const wall = Date.now() - start;
  const { own, all } = await usedByTab(session, before);
  print('cpu_s', own.cpu);
  print('other_cpu_s', all - own.cpu);
  print('wall_s', wall / 1000);
  print('idle_mb', own.idle);
  print('peak_mb', own.VmHWM);
  print('js_heap_mb', (await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0)) / 1e6);
  print('longest_task_ms', await longestTask(page));
  if (filters.length > 0) await page.waitForTimeout(SECOND_HALF);
  const plain = await page.evaluate(() => location.hash);
  for (const filter of filters) {
    const began = await cpuOf(session, own.id);
    const elapsed = await changed(page, `${plain}&${filter}`);
    console.log(`filter=${filter} ${elapsed.toFixed(1)} ${((await cpuOf(session, own.id)) - began).toFixed(3)}`);
    await changed(page, plain);
  }
}

async function cpuOf(session, id) {
  return (await processes(session)).find((process) => process.id === id)?.cpuTime ?? 0;
}

/** Milliseconds from a change of the hash until its picture is drawn. */
function changed(page, hash) {
  return page.evaluate(async (hash) => {
    const start = performance.now();
    const isReady = () => document.documentElement.dataset.ready === 'flame';
    const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
    location.hash = hash;
    // The page takes the mark away when it learns of the change.
    while (isReady() && performance.now() - start < 1000) await turn();
    while (!isReady()) await turn();
    return performance.now() - start;
  }, hash);
}
