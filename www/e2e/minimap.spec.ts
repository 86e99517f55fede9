/** The map over the flame graph: where one is, and going elsewhere by it. */
import { drop, expect, goTo, test, visit } from './page';
import { forty, pixels, zoomOf } from './flames';
import { cpuProfile } from './profile';

test('a click goes there, dragging moves and resizes', async ({ page }) => {
  await visit(page);
  await drop(page, [forty]);
  await goTo(page, 'Flame graph');
  const map = page.locator('.minimap');
  await expect(map).toBeVisible();
  // Everything it does has its keys; so nobody is told of it twice.
  await expect(map).toHaveAttribute('aria-hidden', 'true');
  const { x, y, width } = (await map.boundingBox()) ?? { x: 0, y: 0, width: 0 };
  const frame = page.locator('.minimap-frame');
  const edges = async (): Promise<[number, number]> => {
    const box = (await frame.boundingBox()) ?? { x: 0, width: 0 };
    return [(box.x - x) / width, (box.x + box.width - x) / width];
  };
  // The right edge is drawn to the middle.
  await page.mouse.move(x + width - 2, y + 30);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.75, y + 30);
  await page.mouse.move(x + width * 0.5, y + 30);
  await page.mouse.up();
  await expect.poll(() => zoomOf(page)[1]).toBeCloseTo(0.5, 2);
  expect(zoomOf(page)[0]).toBeCloseTo(0, 5);
  await expect.poll(async () => (await edges())[1]).toBeCloseTo(0.5, 1);
  // The frame is taken in its middle and moved by a fifth.
  await page.mouse.move(x + width * 0.25, y + 30);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.35, y + 30);
  await page.mouse.move(x + width * 0.45, y + 30);
  await page.mouse.up();
  await expect.poll(() => zoomOf(page)[0]).toBeCloseTo(0.2, 2);
  expect(zoomOf(page)[1]).toBeCloseTo(0.7, 2);
  // A click outside brings the middle of what is seen there; the frame stays half as wide as all.
  await page.mouse.click(x + width * 0.72, y + 30);
  await expect.poll(() => zoomOf(page)[0]).toBeCloseTo(0.47, 2);
  expect(zoomOf(page)[1]).toBeCloseTo(0.97, 2);
  await page.keyboard.press('0');
  await expect.poll(async () => (await edges())[0]).toBeCloseTo(0, 2);
  await expect.poll(async () => (await edges())[1]).toBeCloseTo(1, 2);
});

test('what matches the search is seen in it', async ({ page }) => {
  await visit(page);
  await drop(page, [forty]);
  await goTo(page, 'Flame graph');
  const canvas = page.locator('.minimap canvas');
  /** Share of the width where a column of the map holds the colour of matches: much more red than blue. */
  const matches = async (): Promise<number> => {
    const { data, width } = await pixels(canvas);
    const columns = new Set<number>();
    for (let i = 0; i < data.length; i += 4) {
      if ((data[i + 3] ?? 0) > 200 && (data[i] ?? 0) - (data[i + 2] ?? 0) > 60) columns.add((i / 4) % width);
    }
    return columns.size / width;
  };
  await expect.poll(matches).toBe(0);
  await page.getByLabel('Search functions').fill('f0[0-9]$');
  // 10 of 40 functions end so.
  await expect.poll(matches).toBeGreaterThan(0.2);
  expect(await matches()).toBeLessThan(0.3);
});

test('a tree of few stacks needs none, and nothing moves', async ({ page }) => {
  await visit(page);
  await drop(page, [{ name: 'one.pb.gz', bytes: cpuProfile([{ stack: ['main.a', 'main.main'], values: [1, 10_000_000] }]) }]);
  await goTo(page, 'Flame graph');
  await expect(page.locator('.minimap-place')).toHaveCount(0);
});
