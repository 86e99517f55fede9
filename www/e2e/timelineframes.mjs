// What a frame of the timeline costs: node e2e/timelineframes.mjs URL FILE.
//
// Opens FILE, shows its timeline in a window of 2560×1300, and zooms, pans, scrolls and hovers. Prints first=MS:
// from the section being shown to its first picture; kept=TEXT: what the page
// says of its memory; then WHAT frames p50 p95 max task for each: CPU milliseconds
// of the main thread in a frame's callbacks, and of its longest task, whatever it did; then the tab's largest
// memory in 10^6 bytes.
import { print, processes, usedByTab, withBrowser } from './chromium.mjs';

const [url, file] = process.argv.slice(2);
const SIZE = { width: 2560, height: 1300 };
const STEPS = 120;
const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'];
const LONG = { timeout: 600_000, polling: 20 };

await withBrowser(measure);

async function measure(browser) {
  const session = await browser.newBrowserCDPSession();
  const before = await processes(session);
  const page = await browser.newPage({ viewport: SIZE });
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(`${url}#view=trace`);
  await page.getByLabel('Open files').setInputFiles(file);
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'trace', null, LONG);
  // The halves and views that an idle page fetches are not what is measured.
  await page.waitForTimeout(6000);
  await of(browser, page, 'open', async () => {
    print('first', await first(page));
  });
  await page.waitForFunction(() => document.querySelector('.tl-rest') === null, null, LONG);
  console.log(`kept=${await page.locator('.tl-print').textContent()}`);
  // More lanes than there is room for: threads, and goroutines of groups.
  await page.evaluate(() => {
    for (const heading of document.querySelectorAll('.tl-fold[aria-expanded=false]')) heading.click();
    [...document.querySelectorAll('.tl-open')].slice(0, 12).forEach((one) => one.click());
  });
  await page.waitForTimeout(1000);
  console.log(`lanes=${await page.locator('.tl-lane').count()}`);
  const box = await page.locator('.tl-stage').boundingBox();
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await of(browser, page, 'zoom', () => wheel(page, STEPS, (i) => ({ deltaY: i < STEPS * 0.6 ? -120 : 120, ctrl: true })));
  await wheel(page, 8, () => ({ deltaY: -240, ctrl: true }));
  await of(browser, page, 'wheel-pan', () => wheel(page, STEPS, (i) => ({ deltaY: i % 40 < 20 ? 90 : -90, shift: true })));
  await of(browser, page, 'drag-pan', () => drag(page, middle, (i) => ({ x: 300 * Math.sin(i / 12), y: 40 * Math.sin(i / 9) })));
  await of(browser, page, 'scroll', () => wheel(page, STEPS, (i) => ({ deltaY: i % 40 < 20 ? 60 : -60 })));
  await of(browser, page, 'hover', () => hover(page, middle));
  const { own } = await usedByTab(session, before);
  print('memory', own.VmHWM ?? 0);
}

/** Milliseconds from the click on the section to the first picture. */
async function first(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const start = performance.now();
        document.documentElement.removeAttribute('data-ready');
        const entry = [...document.querySelectorAll('.trace-entry')].find((one) => one.textContent.startsWith('Timeline'));
        const look = () => {
          const drawn = document.querySelector('.tl-stage') !== null && document.documentElement.dataset.ready === 'trace';
          if (drawn) resolve(performance.now() - start);
          else requestAnimationFrame(look);
        };
        entry.click();
        look();
      }),
  );
}

async function of(browser, page, what, act) {
  await browser.startTracing(page, { categories: CATEGORIES });
  await act();
  await page.waitForTimeout(600);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const frames = traceEvents.filter(({ name, ph }) => name === 'FireAnimationFrame' && ph === 'X');
  // The page's main thread is the one with the most frames.
  const threads = new Map();
  for (const frame of frames) threads.set(`${frame.pid} ${frame.tid}`, [...(threads.get(`${frame.pid} ${frame.tid}`) ?? []), frame]);
  const own = [...threads.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  const { pid, tid } = own[0] ?? {};
  const work = own.map(({ tdur, dur }) => (tdur ?? dur) / 1000);
  const tasks = traceEvents.filter((event) => event.pid === pid && event.tid === tid && event.ph === 'X' && /RunTask/.test(event.name));
  const longest = tasks.reduce((most, { tdur, dur }) => Math.max(most, (tdur ?? dur) / 1000), 0);
  const at = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
  console.log(`timeline=${what} ${work.length} ${[at(work, 0.5), at(work, 0.95), Math.max(0, ...work), longest].map((value) => value.toFixed(1)).join(' ')}`);
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
