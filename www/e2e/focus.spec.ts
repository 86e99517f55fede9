/** One key does one thing, wherever the focus is. */
import { cpu } from './files';
import { drop, expect, goTo, ready, saved, test, visit } from './page';

test.beforeEach(async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
});

test('arrows work after a click on a tab or a button', async ({ page }) => {
  await goTo(page, 'Top');
  const current = page.locator('.vt tr[aria-current=true]');
  await page.keyboard.press('ArrowDown');
  await expect(current).toHaveAttribute('aria-rowindex', '2');
  const cum = page.getByRole('columnheader', { name: /^cum(?!%)/ }).first();
  await cum.getByRole('button').click();
  // The rows of the old order do not answer any more.
  await expect(cum).toHaveAttribute('aria-sort', 'descending');
  await ready(page, 'Top');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(current).toHaveAttribute('aria-rowindex', '3');
  // Between tabs, left and right lead on; with a modifier they are the browser's.
  await page.getByRole('tab', { name: 'Top' }).focus();
  await page.keyboard.press('Control+ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/view=hotpaths/);
});

test('Escape in a text field or for a tip leaves the selection alone', async ({ page }) => {
  await goTo(page, 'Top');
  await page.keyboard.press('ArrowDown');
  await expect(page).toHaveURL(/sel=/);
  const box = page.getByRole('searchbox');
  await box.pressSequentially('runtime');
  await expect(page).toHaveURL(/search=/);
  await box.press('Escape');
  await expect(page).not.toHaveURL(/search=/);
  await expect(page).toHaveURL(/sel=/);

  await page.getByLabel('Inlined frames').focus();
  const tip = page.getByRole('tooltip').filter({ visible: true });
  await expect(async () => {
    await page.keyboard.press('Tab');
    await expect(tip).toHaveCount(1, { timeout: 500 });
  }).toPass();
  await page.keyboard.press('Escape');
  await expect(tip).toHaveCount(0);
  await expect(page).toHaveURL(/sel=/);

  await goTo(page, 'Report');
  await page.getByLabel('Notes').press('Escape');
  await expect(page).toHaveURL(/sel=/);
  await goTo(page, 'Top');
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/sel=/);
});

test('Ctrl+S saves the report; Ctrl+Shift is the browser’s', async ({ page }) => {
  await goTo(page, 'Report');
  expect((await saved(page, () => page.getByLabel('Title').press('Control+s'))).name).toBe('cpu-report.html');
  const taken = await page.evaluate(() =>
    ['c', 'f', 'o'].filter((key) => {
      const event = new KeyboardEvent('keydown', { key: key.toUpperCase(), ctrlKey: true, shiftKey: true, bubbles: true, cancelable: true });
      return !document.body.dispatchEvent(event);
    }),
  );
  expect(taken).toEqual([]);
});

test('the keyboard walks the flame graph from its root, each press from where the last one led', async ({ page }) => {
  await goTo(page, 'Flame graph');
  const here = page.locator('.flame-tree [aria-selected=true]');
  await page.keyboard.press('ArrowDown');
  await expect(here).toHaveAttribute('aria-level', '1');
  // Not one awaited: the root, and three steps from it at once.
  for (let i = 0; i < 3; i++) void page.keyboard.press('ArrowDown');
  await expect(here).toHaveAttribute('aria-level', '4');
  await expect(page).toHaveURL(/sel=/);
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp');
  await expect(here).toHaveAttribute('aria-level', '1');
  await expect(page).not.toHaveURL(/sel=/);
  // The root has no function, and is a place all the same.
  await page.keyboard.press('ArrowDown');
  await expect(here).toHaveAttribute('aria-level', '2');
});

test('a press that ends outside of the flame graph does not drag it', async ({ page }) => {
  await goTo(page, 'Flame graph');
  const graph = page.locator('.flame-scroll');
  const area = (await graph.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const middle = area.x + area.width / 2;
  await graph.dblclick({ position: { x: area.width / 2, y: 50 } });
  await expect(page).toHaveURL(/zoom=/);
  await page.mouse.move(middle, area.y + 5);
  await page.mouse.down();
  await page.mouse.move(middle, area.y - 60);
  await page.mouse.up();
  const zoomed = page.url();
  await page.mouse.move(middle, area.y + 60);
  await page.mouse.move(middle - 200, area.y + 60);
  await page.mouse.move(middle - 200, area.y + 80);
  await expect(page.locator('.flame-hover')).toContainText('cum');
  // Longer than a movement takes to come to rest and into the URL.
  await page.waitForTimeout(400);
  expect(page.url()).toBe(zoomed);
});
