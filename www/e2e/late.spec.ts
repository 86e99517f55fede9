/** Answers that come late: what they find changed, they leave alone. */
import { cpu, heap, small } from './files';
import { hold, kill, prepareHold, release } from './hold';
import { drop, expect, goTo, param, ready, test, topRows, visit } from './page';

test.beforeEach(async ({ page }) => {
  await prepareHold(page);
  await visit(page);
});

test('rows of the file that is being left cannot be used', async ({ page }) => {
  await drop(page, [cpu, heap]);
  await goTo(page, 'Top');
  const body = page.getByRole('table', { name: 'Top', exact: true }).locator('tbody');
  await hold(page);
  await page.keyboard.press('n');
  await expect(page.locator('.answered')).toHaveAttribute('inert');
  await expect(page.locator('.answered')).toHaveAttribute('aria-busy', 'true');
  // A script or a key gets past inertness.
  await body.locator('tr').nth(1).dispatchEvent('click');
  await page.keyboard.press('ArrowDown');
  await expect(page).not.toHaveURL(/sel=/);
  await release(page);
  await ready(page, 'Top');
  await expect(page.locator('.answered')).not.toHaveAttribute('inert');
  await expect(page).not.toHaveURL(/sel=/);

  const [first] = await topRows(page, 1);
  await body.locator('tr').first().click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByRole('heading', { level: 2 })).toHaveText(first?.name ?? '');
  await expect(details.locator('.details-values')).toContainText(first?.flat ?? 'no row');
});

test('keys on a box wait for the steps that lead to it', async ({ page }) => {
  await drop(page, [cpu]);
  await goTo(page, 'Flame graph');
  await page.getByRole('tree', { name: 'Flame graph' }).focus();
  await hold(page);
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  await expect(page).not.toHaveURL(/zoom=/);
  await release(page);
  await expect(page).toHaveURL(/sel=.*zoom=|zoom=.*sel=/);
  await page.keyboard.press('0');
  await expect(page).not.toHaveURL(/zoom=/);
  await ready(page, 'Flame graph');
  const left = param(page, 'sel') ?? '';
  await hold(page);
  for (const key of ['ArrowDown', 'Shift+F10']) await page.keyboard.press(key);
  await release(page);
  // Of the box that was gone to, not of the one that was left.
  await expect(page.getByRole('menu')).toBeVisible();
  expect(param(page, 'sel')).not.toBe(left);
  await expect(page.getByRole('menu')).toHaveAccessibleName(param(page, 'sel') ?? '');
});

test('Enter on a table waits for the row that is gone to', async ({ page }) => {
  await drop(page, [cpu]);
  await goTo(page, 'Top');
  await page.getByRole('region', { name: 'Top table' }).focus();
  await hold(page);
  for (const key of ['End', 'Enter']) await page.keyboard.press(key);
  await release(page);
  await ready(page, 'Flame graph');
  await expect(page).toHaveURL(/sel=/);
});

test('the focus comes back with the new rows', async ({ page }) => {
  await drop(page, [cpu, heap]);
  await goTo(page, 'Top');
  const scroller = page.getByRole('region', { name: 'Top table' });
  await scroller.focus();
  await hold(page);
  await page.keyboard.press('n');
  await expect(page.locator('.answered')).toHaveAttribute('inert');
  await release(page);
  await ready(page, 'Top');
  await expect(scroller).toBeFocused();
});

test('a name is not missing before it was looked for, and not when rows are grouped otherwise', async ({ page }) => {
  await drop(page, [small, cpu]);
  await goTo(page, 'Top');
  await page.getByRole('button', { name: 'main.c' }).first().click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByRole('heading', { level: 2 })).toHaveText('main.c');
  const absent = page.getByText('does not occur in this profile');
  const grouped = page.getByText('not a row as rows are grouped now');

  await page.getByLabel('Group by').selectOption('packages');
  await expect(details).toContainText('main.c is in this profile');
  await goTo(page, 'Callers & callees');
  await expect(grouped).toHaveCount(2);
  await goTo(page, 'Top');
  await page.getByLabel('Group by').selectOption('functions');
  await expect(details.getByRole('heading', { level: 2 })).toHaveText('main.c');

  await hold(page);
  await page.locator('body').press('n');
  await expect(details).toHaveAttribute('inert');
  await expect(absent).toHaveCount(0);
  await release(page);
  await expect(absent).toHaveCount(1);
  await expect(details).not.toHaveAttribute('inert');
});

test('who has left the flame graph is not zoomed, and who went elsewhere is not called back', async ({ page }) => {
  await drop(page, [cpu]);
  await goTo(page, 'Flame graph');
  const graph = page.locator('.flame-scroll');
  const { width = 0 } = (await graph.boundingBox()) ?? {};
  await hold(page);
  await graph.dblclick({ position: { x: width / 2, y: 50 } });
  await page.keyboard.press('3');
  await expect(page).toHaveURL(/view=top/);
  await release(page);
  await ready(page, 'Top');
  await expect(page).not.toHaveURL(/zoom=/);

  await goTo(page, 'Summary');
  await hold(page);
  await page.getByRole('button', { name: /^Show .* in the flame graph$/ }).first().dispatchEvent('click');
  await page.keyboard.press('3');
  await release(page);
  await ready(page, 'Top');
  expect(page.url()).toContain('view=top');
});

test('another file changes nothing about the report', async ({ page }) => {
  await drop(page, [cpu, heap]);
  await goTo(page, 'Report');
  await hold(page);
  await page.keyboard.press('n');
  await ready(page, 'Report');
  await expect(page.locator('.report .answered')).toHaveAttribute('aria-busy', 'false');
});

test('Enter in the search box means what stands there, even before its answer', async ({ page }) => {
  await drop(page, [cpu]);
  await goTo(page, 'Top');
  const box = page.getByRole('searchbox');
  await box.fill('runtime');
  await hold(page);
  await box.press('Enter');
  await expect(page).toHaveURL(/search=runtime/);
  await expect(page).not.toHaveURL(/sel=/);
  await release(page);
  await expect(page).toHaveURL(/sel=runtime/);
});

test('a view that kills the engine is named, and the summary is shown when the file is open again', async ({ page }) => {
  await drop(page, [cpu]);
  await goTo(page, 'Flame graph');
  await kill(page);
  const panel = page.getByRole('alert').filter({ hasText: 'The reader stopped' });
  await expect(panel).toContainText('Flame graph');
  await expect(panel).toContainText('native command');
  await panel.getByRole('button', { name: 'Open it again' }).click();
  await ready(page, 'Summary');
});

test('a demo that is asked for twice opens once', async ({ page }) => {
  const button = page.getByRole('button', { name: /^CPU A file/ });
  await button.evaluate((element: HTMLElement) => {
    element.click();
    element.click();
  });
  await ready(page, 'Summary');
  await expect(page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveCount(1);
});
