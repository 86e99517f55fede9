/** The URL holds the state, and Back undoes. */
import { DEMO, profileBytes } from './golden';
import { choose, drop, expect, goTo, ready, test, topRows, visit } from './page';

const cpu = { name: 'cpu.pb.gz', bytes: profileBytes(DEMO.cpu) };
const heap = { name: 'heap.pb.gz', bytes: profileBytes(DEMO.heap) };

test('Back undoes view, order, selection and sample type, one at a time', async ({ page }) => {
  await visit(page);
  await drop(page, [heap]);
  await ready(page, 'Summary');
  const menu = page.getByLabel('Sample type');
  const types = await menu.locator('option').allTextContents();
  const before = await menu.inputValue();
  const other = types.findIndex((text) => text.startsWith('alloc_space '));

  await goTo(page, 'Top');
  await menu.selectOption({ value: String(other) });
  await ready(page, 'Top');
  const cum = page.getByRole('columnheader', { name: /^cum(?!%)/ });
  await cum.getByRole('button').click();
  await expect(cum).toHaveAttribute('aria-sort', 'descending');
  const row = page.getByRole('table', { name: 'Top', exact: true }).locator('tbody tr').nth(2);
  await row.click();
  await expect(row).toHaveAttribute('aria-current', 'true');
  await goTo(page, 'Callers & callees');

  await page.goBack();
  await ready(page, 'Top');
  await expect(row).toHaveAttribute('aria-current', 'true');
  await page.goBack();
  await expect(page.locator('.vt tr[aria-current=true]')).toHaveCount(0);
  await expect(cum).toHaveAttribute('aria-sort', 'descending');
  await page.goBack();
  await expect(page.getByRole('columnheader', { name: /^flat(?!%)/ }).first()).toHaveAttribute('aria-sort', 'descending');
  await expect(menu).toHaveValue(String(other));
  await page.goBack();
  await expect(menu).toHaveValue(before);
  await page.goBack();
  await ready(page, 'Summary');
  await page.goForward();
  await ready(page, 'Top');
});

test('the same link with the same file shows the same', async ({ page, context }) => {
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Top');
  await page.getByLabel('Group by').selectOption('packages');
  await ready(page, 'Top');
  await page.getByRole('columnheader', { name: /^Name/ }).getByRole('button').click();
  await expect(page.getByRole('columnheader', { name: /^Name/ })).toHaveAttribute('aria-sort', 'ascending');
  await page.getByRole('table', { name: 'Top', exact: true }).locator('tbody tr').nth(1).click();
  const rows = await topRows(page, 10);

  const link = page.url();
  const second = await context.newPage();
  await second.goto(link);
  await choose(second, [cpu]);
  await ready(second, 'Top');
  expect(await topRows(second, 10)).toEqual(rows);
  await expect(second.locator('.vt tr[aria-current=true]')).toHaveCount(1);
  expect(second.url()).toBe(link);
});

test('a link to a profile beside the page opens it', async ({ page }) => {
  await visit(page, 'file=demo/heap.pb.gz&view=allocations');
  await ready(page, 'Allocations');
  await expect(page.getByRole('list', { name: 'Files' })).toContainText('heap.pb.gz');
});
