// What one profile costs in a tab: node e2e/bench.mjs URL FILE, run by `cargo xtask bench`.
//
// Prints key=value lines: CPU seconds of the tab's process (main thread, worker, everything) from the choice of
// the file until its flame graph is drawn; resident memory before and the peak; the longest main-thread task;
// and, for people, CPU seconds of the browser's other processes, wall time and the page's own JavaScript heap.
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

const [url, file] = process.argv.slice(2);
const patience = 600_000;
const root = process.getuid?.() === 0;

const browser = await chromium.launch({
  executablePath: process.env.DROPPROF_CHROMIUM,
  args: ['--disable-gpu', '--no-first-run', '--disable-background-networking', ...(root ? ['--no-sandbox'] : [])],
});
try {
  await measure(browser);
} finally {
  await browser.close();
}

async function measure(browser) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`page: ${message.text()}`);
  });
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.addInitScript(() => {
    window.longestTask = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.longestTask = Math.max(window.longestTask, entry.duration);
    }).observe({ type: 'longtask' });
  });
  await page.goto(url);
  // The engine is loaded and idle: what it costs to get there is not this file's.
  await page.waitForLoadState('networkidle');
  const browserSession = await browser.newBrowserCDPSession();
  const before = await processes(browserSession);
  const idle = memory(before.tab.id).VmRSS;
  await page.evaluate(() => { window.longestTask = 0; });
  const start = Date.now();

  await page.getByLabel('Open files').setInputFiles(file);
  const tab = page.getByRole('tab', { name: 'Flame graph' });
  await tab.click({ timeout: patience });
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'flame', null, { timeout: patience });

  const wall = Date.now() - start;
  const after = await processes(browserSession);
  if (after.tab.id !== before.tab.id) throw new Error('the tab has another process now');
  const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
  print('cpu_s', after.tab.cpuTime - before.tab.cpuTime);
  print('other_cpu_s', after.others - before.others);
  print('wall_s', wall / 1000);
  print('idle_mb', idle);
  print('peak_mb', memory(after.tab.id).VmHWM);
  print('js_heap_mb', heap / 1e6);
  print('longest_task_ms', await page.evaluate(() => window.longestTask));
}

// The tab's process is the renderer that used most; Chromium may hold a spare one.
async function processes(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter((process) => process.type === 'renderer');
  const tab = renderers.reduce((a, b) => (b.cpuTime > a.cpuTime ? b : a));
  const others = processInfo.filter((process) => process !== tab).reduce((sum, process) => sum + process.cpuTime, 0);
  return { tab, others };
}

// Resident memory of a process in 10^6 bytes, as Linux counts it; zeros elsewhere.
function memory(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024 / 1e6;
    return { VmRSS: field('VmRSS'), VmHWM: field('VmHWM') };
  } catch {
    return { VmRSS: 0, VmHWM: 0 };
  }
}

function print(key, value) {
  console.log(`${key}=${value.toFixed(3)}`);
}
