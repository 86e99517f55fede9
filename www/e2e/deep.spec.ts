/** A stack of ten thousand frames. */
import { active, tree } from './flames';
import { drop, expect, goTo, ready, test, visit } from './page';
import { cpuProfile } from './profile';

const DEPTH = 10_000;

/** Frames are called by their depth, 1 for main; half of the samples end half way down. */
const frames = Array.from({ length: DEPTH }, (_, i) => `main.depth${DEPTH - i}`);
const deep = {
  name: 'deep.pb.gz',
  bytes: cpuProfile([
    { stack: frames, values: [5, 50_000_000] },
    { stack: frames.slice(DEPTH / 2), values: [5, 50_000_000] },
  ]),
};

test('ten thousand frames are drawn, scrolled through and walked', async ({ page }) => {
  await visit(page);
  await drop(page, [deep]);
  await goTo(page, 'Flame graph');
  await expect(page.locator('.flame-shape')).toContainText(/10\s001 rows/);
  const graph = page.locator('.flame-scroll');
  await graph.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  const { x, y, height } = (await graph.boundingBox()) ?? { x: 0, y: 0, height: 0 };
  // Half as wide from 5001 on, so only the left half has a bottom.
  await expect(async () => {
    // The scroller shrinks to where the boxes end once that is known.
    await graph.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.mouse.move(x + 50, y + height - 14);
    await page.mouse.move(x + 50, y + height - 10);
    await expect(page.locator('.flame-what')).toHaveText(`main.depth${DEPTH}`, { timeout: 1000 });
  }).toPass();
  await expect(page.locator('.flame-numbers')).toContainText('cum 50ms 50.00%');
  // Keys walk on from there: one up, and the graph follows.
  await page.mouse.click(x + 50, y + height - 10);
  await expect.poll(async () => (await active(page)).label).toMatch(new RegExp(`^main\\.depth${DEPTH}, cum 50ms`));
  await page.keyboard.press('ArrowUp');
  await expect.poll(async () => (await active(page)).label).toMatch(new RegExp(`^main\\.depth${DEPTH - 1}, cum 50ms`));
  expect((await active(page)).level).toBe(DEPTH);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect.poll(async () => (await active(page)).label).toMatch(new RegExp(`^main\\.depth${DEPTH}, `));
});

test('bottom-up and by name they are drawn as well', async ({ page }) => {
  await visit(page, 'view=flame&inverted=1&order=name');
  await drop(page, [deep]);
  await ready(page, 'Flame graph');
  await tree(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  // Two leaves of the same weight; by name 10000 is before 5000.
  await expect.poll(async () => (await active(page)).label).toMatch(/^main\.depth10000, cum 50ms/);
});
