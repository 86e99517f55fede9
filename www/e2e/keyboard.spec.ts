/** From the landing page through every view to a saved report: no test in here touches the mouse. */
import { TABS, command, expect, ready, saved, tabTo, test, visit } from './page';

/** A mouse that anybody touches is a failure. */
test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    for (const type of ['mousedown', 'mousemove', 'pointerdown', 'touchstart', 'wheel']) {
      addEventListener(type, (event) => console.error(`a ${event.type} in a test without a mouse`), { capture: true });
    }
  });
});

test('a demo opens, every view is seen, a table is sorted, filtered and undone, a report is saved', async ({ page }) => {
  test.slow();
  await visit(page);
  await tabTo(page, /^Heap/);
  await page.keyboard.press('Enter');
  await ready(page, 'Summary');
  for (const [index, tab] of TABS.entries()) {
    // What has no digit has a name.
    if (index < 9) await page.keyboard.press(String(index + 1));
    else await command(page, `go to ${tab}`);
    await ready(page, tab);
  }
  // Along the tabs by arrows, too.
  await page.keyboard.press('3');
  await ready(page, 'Top');
  await tabTo(page, /^Top$/);
  await page.keyboard.press('ArrowLeft');
  await ready(page, 'Flame graph');
  await page.keyboard.press('ArrowRight');
  await ready(page, 'Top');

  // Sort by cum.
  const current = page.locator('.vt tr[aria-current=true]');
  await tabTo(page, /^cum$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('columnheader', { name: /^cum(?!%)/ })).toHaveAttribute('aria-sort', 'descending');
  await ready(page, 'Top');

  // Two rows by keys, one filter by the letter of their menu.
  await page.keyboard.press('Tab');
  await tabTo(page, /^Top table$/);
  await page.keyboard.press('ArrowDown');
  await expect(current).toHaveCount(1);
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.locator('tr[aria-selected=true]')).toHaveCount(2);
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menu', { name: '2 rows' })).toBeVisible();
  await page.keyboard.press('k');
  await expect(page.getByRole('list', { name: 'Filters' })).toContainText('Focus');
  await ready(page, 'Top');
  await command(page, 'undo the last step');
  await expect(page.getByRole('list', { name: 'Filters' })).toHaveCount(0);
  await ready(page, 'Top');

  // Search, and a filter in words.
  await page.keyboard.press('/');
  await page.keyboard.type('json');
  await page.keyboard.press('Enter');
  await expect(page.locator('.pane-count')).toContainText(' of ');
  // The first leaves the box, the second the match that was selected.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('f');
  const panel = page.getByRole('dialog', { name: 'Filter' });
  await expect(panel.getByRole('textbox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);

  // Columns.
  await tabTo(page, /^Columns/);
  await page.keyboard.press('Enter');
  await page.keyboard.press(' ');
  await expect(page.getByRole('table', { name: 'Top', exact: true }).getByRole('columnheader', { name: /^flat(?!%)/ })).toHaveCount(0);
  await page.keyboard.press(' ');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Columns/ })).toBeFocused();

  // Settings.
  await command(page, 'theme: dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await command(page, 'settings');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await expect(settings).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(settings).toHaveCount(0);

  // What is shown, saved as a report; then the Report.
  expect((await saved(page, () => command(page, 'save folded'))).name).toBe('heap-folded.txt');
  await page.keyboard.press('Escape');
  await command(page, 'go to report');
  await ready(page, 'Report');
  expect((await saved(page, () => page.keyboard.press('Control+s'))).name).toBe('heap-report.html');
});

test('the flame graph is walked, zoomed and left by keys', async ({ page }) => {
  await visit(page, 'file=demo/cpu.pb.gz&view=flame');
  await ready(page, 'Flame graph');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
  await expect(page).toHaveURL(/sel=/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/zoom=/);
  await page.keyboard.press('Shift+F10');
  const menu = page.getByRole('menu');
  await expect(menu).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await page.keyboard.press('0');
  await expect(page).not.toHaveURL(/zoom=/);
});
