/** The flame graph: its tree for those who do not see it, the keyboard, the wheel, both directions, both signs. */
import type { Page } from '@playwright/test';
import { cpu, small } from './files';
import { active, labels, tree, zoomOf } from './flames';
import { DEMO, golden } from './golden';
import { drop, expect, goTo, ready, test, visit } from './page';
import { cpuProfile } from './profile';

/** A difference of two profiles: a lost 30, b gained 10. */
const difference = {
  name: 'difference.pb.gz',
  bytes: cpuProfile([
    { stack: ['main.a', 'main.main'], values: [-30, -300_000_000] },
    { stack: ['main.b', 'main.main'], values: [10, 100_000_000] },
  ]),
};

async function expectActive(page: Page, label: RegExp, level: number): Promise<void> {
  await expect.poll(async () => (await active(page)).label).toMatch(label);
  await expect.poll(async () => (await active(page)).level).toBe(level);
}

test('arrows walk the tree, which says name, cum and flat of every box', async ({ page }) => {
  await visit(page);
  await drop(page, [small]);
  await goTo(page, 'Flame graph');
  await tree(page).focus();
  await expectActive(page, /^all, cum 1000ms, 100%, flat 0/, 1);
  // The first arrow stands on the root, the next goes on from there.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expectActive(page, /^main\.main, cum 1000ms, 100%, flat 0/, 2);
  await page.keyboard.press('ArrowDown');
  await expectActive(page, /^main\.a, cum 600ms, 60\.00%, flat 100ms/, 3);
  await page.keyboard.press('ArrowRight');
  await expectActive(page, /^main\.b, cum 400ms, 40\.00%, flat 100ms/, 3);
  await page.keyboard.press('ArrowDown');
  await expectActive(page, /^main\.c, cum 300ms, 30\.00%/, 4);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowLeft');
  await expectActive(page, /^main\.a/, 3);
  // Parent, neighbours and children are in the tree, one inside the other.
  const parent = tree(page).getByRole('treeitem', { name: /^main\.main/ });
  await expect(parent.getByRole('treeitem', { name: /^main\.b/ })).toHaveCount(1);
  await expect(parent.getByRole('treeitem', { name: /^main\.a/ }).getByRole('treeitem', { name: /^main\.c/ })).toHaveCount(1);
  // The walk selects, so the pane beside it tells the same.
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('main.a');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/zoom=/);
  await page.keyboard.press('0');
  await expect(page).not.toHaveURL(/zoom=/);
});

test('bottom-up begins with the functions that cost most by themselves', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Flame graph');
  const up = page.getByRole('button', { name: 'Bottom-up' });
  await up.click();
  await ready(page, 'Flame graph');
  await expect(up).toHaveAttribute('aria-pressed', 'true');
  await expect(page).toHaveURL(/inverted=1/);
  const heaviest = golden(DEMO.cpu, '-top -sample_index=cpu -nodecount=10').rows[0];
  await tree(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect.poll(async () => (await active(page)).label).toContain(`${heaviest?.name}, cum `);
  // What stands at the bottom of a stack is there with its flat.
  await expect.poll(async () => (await active(page)).label).toContain(heaviest?.flatPct ?? 'no such row');
  await page.keyboard.press('i');
  await ready(page, 'Flame graph');
  await expect(page.getByRole('button', { name: 'Top-down' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page).not.toHaveURL(/inverted/);
});

test('Ctrl and the wheel zoom around the pointer, Shift and the wheel move', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Flame graph');
  const graph = page.locator('.flame-scroll');
  const { x, y, width } = (await graph.boundingBox()) ?? { x: 0, y: 0, width: 0 };
  await page.mouse.move(x + width / 4, y + 50);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await expect(page).toHaveURL(/zoom=/);
  const [left, right] = zoomOf(page);
  // 300 pixels of wheel at 0.0022 per pixel: e^-0.66 = 0.517 of the width is left.
  expect(right - left).toBeCloseTo(0.517, 2);
  // What was a quarter from the left still is.
  expect(left + (right - left) / 4).toBeCloseTo(0.25, 2);
  // The page itself did not zoom.
  expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);

  await page.keyboard.down('Shift');
  await page.mouse.wheel(0, 100);
  await page.keyboard.up('Shift');
  await expect.poll(() => zoomOf(page)[0]).toBeGreaterThan(left + 0.01);
  const [movedLeft, movedRight] = zoomOf(page);
  expect(movedRight - movedLeft).toBeCloseTo(right - left, 6);

  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/zoom=/);
});

test('boxes too thin to draw stay as one, with their number and their sum', async ({ page }) => {
  // 3600 of 4000 samples in one function, one in each of 400: a fifth of a pixel on a screen of 1000.
  const many = Array.from({ length: 400 }, (_, i) => ({ stack: [`main.f${i}`, 'main.main'], values: [1, 10_000_000] }));
  const heavy = { stack: ['main.heavy', 'main.main'], values: [3600, 36_000_000_000] };
  await visit(page);
  await drop(page, [{ name: 'thin.pb.gz', bytes: cpuProfile([heavy, ...many]) }]);
  await goTo(page, 'Flame graph');
  // The right tenth of the row below main.main.
  await expect.poll(() => labels(page, [0.5, 0.95], 2)).toEqual(['main.heavy', '400 boxes too thin to draw']);
  await expect(page.locator('.flame-numbers')).toContainText('10.00%');
});

test('values of both signs: what is negative is told and drawn apart', async ({ page }) => {
  await visit(page);
  await drop(page, [small, difference]);
  await goTo(page, 'Flame graph');
  const note = page.getByText('Widths are of absolute values');
  const legend = page.getByRole('list', { name: 'Colours', exact: true });
  await expect(note).toHaveCount(0);
  await expect(legend).not.toContainText('negative');

  await page.getByRole('list', { name: 'Files' }).getByRole('button', { name: /difference\.pb\.gz/ }).first().click();
  await ready(page, 'Flame graph');
  await expect(note).toBeVisible();
  await expect(legend).toContainText('negative');
  await tree(page).focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
  // a is 30 of 40 wide, so it stands first.
  await expectActive(page, /^main\.a, cum -300ms/, 3);
  await page.keyboard.press('Escape');

  // Row 2 holds a in the left three quarters and b in the rest; blue is more than red in a.
  const colours = await page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const pen = canvas.getContext('2d');
    // Rows are 20 pixels high; three pixels down there is no text yet.
    const { data = [] } = pen?.getImageData(0, (2 * 20 + 3) * devicePixelRatio, canvas.width, 1) ?? {};
    const at = (share: number): number[] => {
      const pixel = Math.round(canvas.width * share);
      return [...data.slice(4 * pixel, 4 * pixel + 4)];
    };
    return { a: at(0.5), b: at(0.9) };
  });
  expect((colours.a[2] ?? 0) - (colours.a[0] ?? 0)).toBeGreaterThan(30);
  expect(colours.b).not.toEqual(colours.a);
});
