/** The page stays alive while it reads a large file. */
import { writeFile } from 'node:fs/promises';
import { choosePaths, expect, goTo, ready, test, visit } from './page';
import { largeProfile } from './profile';

/** Longest task on the main thread that may happen, in ms: below it, a key press feels immediate. */
const LONGEST = 50;

test('no main-thread task over 50 ms while 10 MB load and their pictures are drawn', async ({ page }, info) => {
  const bytes = largeProfile(10_000_000, 2026);
  expect(bytes.length).toBeGreaterThan(10_000_000);
  const path = info.outputPath('large.pb');
  await writeFile(path, bytes);
  await page.addInitScript(() => {
    const tasks: number[] = [];
    (window as unknown as { tasks: number[] }).tasks = tasks;
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({
      type: 'longtask',
    });
  });
  await visit(page);
  await page.waitForLoadState('networkidle');
  // The start of the page is another matter: here a file is read.
  await page.evaluate(() => void ((window as unknown as { tasks: number[] }).tasks.length = 0));
  await choosePaths(page, [path]);
  await ready(page, 'Summary');
  await goTo(page, 'Flame graph');
  await goTo(page, 'Top');
  const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks);
  expect(Math.max(0, ...tasks)).toBeLessThanOrEqual(LONGEST);
});
