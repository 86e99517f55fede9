// What a frame of the flame graph costs: node e2e/frames.mjs URL FILE, run by `cargo xtask bench`.
//
// Opens FILE in a window of 2560×1300 and pans, zooms and drags the minimap. Prints, for each,
// WHAT frames p50 p95 max interval task: CPU milliseconds of the main thread in a frame's callbacks (moving
// and drawing), milliseconds between frames at p95 (which without a graphics card is mostly the browser's
// own drawing), and the CPU milliseconds of the longest task of the main thread, whatever it did. CPU time
// and not wall time, so that a machine that does other things too tells the same.
import { withBrowser } from './chromium.mjs';

const [url, file] = process.argv.slice(2);
const SIZE = { width: 2560, height: 1300 };
const STEPS = 120;
const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'];

await withBrowser(measure);

async function measure(browser) {
  const page = await browser.newPage({ viewport: SIZE });
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(`${url}#view=flame`);
  await page.getByLabel('Open files').setInputFiles(file);
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'flame', null, { timeout: 600_000, polling: 50 });
  // The halves and views that an idle page fetches are not what is measured.
  await page.waitForTimeout(6000);
  const box = await page.locator('.flame-scroll').boundingBox();
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 3 };
  await page.mouse.move(middle.x, middle.y);
  await of(browser, page, 'zoom', () => wheel(page, STEPS / 2, (i) => ({ deltaY: i < STEPS / 4 ? -120 : 100, ctrl: true })));
  await wheel(page, 6, () => ({ deltaY: -240, ctrl: true }));
  await of(browser, page, 'wheel-pan', () => wheel(page, STEPS, (i) => ({ deltaY: i % 40 < 20 ? 90 : -90, shift: true })));
  await of(browser, page, 'drag-pan', () => drag(page, middle, (i) => ({ x: 300 * Math.sin(i / 12), y: 0 })));
  const map = await page.locator('.minimap').boundingBox().catch(() => null);
  if (map !== null) {
    const at = { x: map.x + map.width / 2, y: map.y + 8 };
    await of(browser, page, 'minimap', () => drag(page, at, (i) => ({ x: 400 * Math.sin(i / 12), y: 0 })));
  }
  await of(browser, page, 'hover', () => hover(page, middle));
}

async function of(browser, page, what, act) {
  await browser.startTracing(page, { categories: CATEGORIES });
  await act();
  await page.waitForTimeout(600);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const frames = traceEvents.filter(({ name, ph }) => name === 'FireAnimationFrame' && ph === 'X').sort((a, b) => a.ts - b.ts);
  const { pid, tid } = frames[0] ?? {};
  const work = frames.filter((event) => event.tid === tid && event.pid === pid).map(({ tdur, dur }) => (tdur ?? dur) / 1000);
  const starts = frames.map(({ ts }) => ts);
  const interval = starts.slice(1).map((ts, i) => (ts - starts[i]) / 1000).filter((ms) => ms < 500);
  const tasks = traceEvents.filter((event) => event.pid === pid && event.tid === tid && event.ph === 'X' && /RunTask/.test(event.name));
  const longest = tasks.reduce((most, { tdur, dur }) => Math.max(most, (tdur ?? dur) / 1000), 0);
  const at = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
  const figures = [at(work, 0.5), at(work, 0.95), Math.max(0, ...work), at(interval, 0.95), longest];
  console.log(`frames=${what} ${work.length} ${figures.map((value) => value.toFixed(1)).join(' ')}`);
}

async function wheel(page, steps, step) {
  for (let i = 0; i < steps; i++) {
    const { deltaY, ctrl, shift } = step(i);
    const key = ctrl ? 'Control' : shift ? 'Shift' : '';
    if (key !== '') await page.keyboard.down(key);
    await page.mouse.wheel(0, deltaY);
    if (key !== '') await page.keyboard.up(key);
  }
}

async function drag(page, from, by) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (let i = 0; i < STEPS; i++) {
    const { x, y } = by(i);
    await page.mouse.move(from.x + x, from.y + y);
  }
  await page.mouse.up();
}

async function hover(page, { x, y }) {
  for (let i = 0; i < STEPS; i++) await page.mouse.move(x + 500 * Math.sin(i / 7), y + 200 * Math.cos(i / 5));
}
