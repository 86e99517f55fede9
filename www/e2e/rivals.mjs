// A profile in another viewer, from the choice of the file to the flame graph; e2e/bench.mjs is the same for dropprof.
//   node e2e/rivals.mjs speedscope URL FILE
//   node e2e/rivals.mjs pprof COMMAND FILE   (from the start of the command)
//
// Run by `cargo xtask bench`. Prints key=value lines: wall_s; cpu_s of the tab's process and of a server, together;
// peak_mb, the sum of the most memory of both; longest_task_ms of the main thread. Or `crashed`, where the browser
// gave the tab up.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { longestTask, memory, print, processes, usedByTab, watchTasks, withBrowser } from './chromium.mjs';

const [viewer, where, file] = process.argv.slice(2);
const PATIENCE = { timeout: 900_000, polling: 50 };
/** speedscope draws with WebGL, which a machine without a graphics card has in software. */
const WEBGL = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const SHOW = { speedscope: inSpeedscope, pprof: inPprof };

await withBrowser(async (browser) => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await watchTasks(page);
  const session = await browser.newBrowserCDPSession();
  const crash = page.waitForEvent('crash', { timeout: 0 }).then(() => console.log('crashed'), () => {});
  // What waits for the page fails with it, which is not what there is to tell.
  await Promise.race([crash, SHOW[viewer](page, session).catch((error) => (page.isClosed() || /crashed/.test(error.message) ? crash : Promise.reject(error)))]);
}, viewer === 'speedscope' ? WEBGL : undefined);

async function inSpeedscope(page, session) {
  await page.goto(where);
  await page.waitForLoadState('networkidle');
  await measure(page, session, async () => {
    await page.locator('input[type=file]').setInputFiles(file);
    // The bar's views come with the first picture.
    await page.waitForFunction(() => document.body.innerText.includes('Left Heavy') && document.querySelector('canvas') !== null, null, PATIENCE);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0))));
  });
}

async function inPprof(page, session) {
  const port = await freePort();
  let server;
  try {
    await measure(page, session, async () => {
      const args = [`-http=127.0.0.1:${port}`, '-no_browser', file];
      server = spawn(where, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      for await (const line of createInterface({ input: server.stderr })) if (line.includes('Serving')) break;
      await page.goto(`http://127.0.0.1:${port}/ui/flamegraph`, { timeout: PATIENCE.timeout });
      await page.waitForFunction(() => document.querySelector('#stack-chart .boxbg, #stack-chart .box') !== null, null, PATIENCE);
      return server.pid;
    });
  } finally {
    server?.kill();
  }
}

/** Prints what `act` uses; it may return the process of a server that it has started. */
async function measure(page, session, act) {
  const before = await processes(session);
  await page.evaluate(() => {
    window.longestTask = 0;
  });
  const start = performance.now();
  const pid = await act();
  const wall = performance.now() - start;
  const { own } = await usedByTab(session, before);
  print('wall_s', wall / 1000);
  print('cpu_s', own.cpu + (pid === undefined ? 0 : cpuOf(pid)));
  print('peak_mb', own.VmHWM + (pid === undefined ? 0 : memory(pid).VmHWM));
  print('longest_task_ms', await longestTask(page));
}

/** CPU seconds of a process, in user and system mode; fields 14 and 15 of proc(5)'s stat, in ticks of 10 ms. */
function cpuOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
