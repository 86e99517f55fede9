/** The URL holds the state, and Back undoes. */
import { cpu, heap } from './files';
import { DEMO, golden } from './golden';
import { choose, drop, expect, goTo, ready, test, topRows, visit } from './page';

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

test('an order by a sample type goes along when that type is the one shown', async ({ page }) => {
  // Room for the columns of every type.
  await page.setViewportSize({ width: 2400, height: 800 });
  await visit(page, 'view=top&sample=inuse_space');
  await drop(page, [heap]);
  await ready(page, 'Top');
  const headings = page.getByRole('columnheader');
  await headings.filter({ hasText: /^alloc_space flat/ }).getByRole('button').click();
  await expect(headings.filter({ hasText: /^alloc_space flat/ })).toHaveAttribute('aria-sort', 'descending');
  const menu = page.getByLabel('Sample type');
  const types = await menu.locator('option').allTextContents();
  await menu.selectOption(String(types.findIndex((text) => text.startsWith('alloc_space '))));
  await ready(page, 'Top');
  await expect(headings.filter({ hasText: /^flat(?!%)/ }).first()).toHaveAttribute('aria-sort', 'descending');
  const want = golden(DEMO.heap, '-top -sample_index=alloc_space').rows.slice(0, 5);
  expect((await topRows(page, 5)).map((row) => row.name)).toEqual(want.map((row) => row.name));
});

test('a link that names a column that is not there shows the default order, and marks it', async ({ page }) => {
  await visit(page, 'view=top&sort=%2Bheaviest&allocsort=heaviest');
  await drop(page, [heap]);
  await ready(page, 'Top');
  await expect(page.locator('th[aria-sort$=ending]')).toHaveText(/^flat/);
  await expect(page.locator('th[aria-sort]').first()).toHaveAttribute('aria-sort', 'descending');
  await goTo(page, 'Allocations');
  // The column of the type shown, inuse_space.
  await expect(page.locator('th[aria-sort=descending]')).toHaveText(/^In use/);
});

test('a link to a profile beside the page opens it', async ({ page }) => {
  await visit(page, 'file=demo/heap.pb.gz&view=allocations');
  await ready(page, 'Allocations');
  await expect(page.getByRole('list', { name: 'Files' })).toContainText('heap.pb.gz');
});

test('a link that names nonsense says so and opens the rest', async ({ page }) => {
  // A lone per cent sign, and an address that does not parse.
  await visit(page, 'file=%25&file=http%3A%2F%2F%5B&file=demo/heap.pb.gz');
  await ready(page, 'Summary');
  await expect(page.getByRole('list', { name: 'Files' })).toContainText('heap.pb.gz');
  const notice = page.getByRole('alert').filter({ hasText: 'could not be loaded' });
  await expect(notice).toContainText('% could not be loaded');
  await expect(notice).toContainText('http://[ could not be loaded');
});

test('an edit of the link opens the profile that it names', async ({ page }) => {
  await visit(page, 'file=demo/heap.pb.gz');
  await ready(page, 'Summary');
  await page.evaluate(() => {
    location.hash = '#file=demo/cpu.pb.gz';
  });
  await expect(page.getByRole('list', { name: 'Files' }).locator('[aria-current=true]')).toContainText('cpu.pb.gz');
});

test('Back undoes a search and a zoom', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Flame graph');
  const box = page.getByRole('searchbox');
  await box.pressSequentially('runtime', { delay: 20 });
  await expect(page).toHaveURL(/search=runtime/);
  await box.press('Tab');

  // The second row: the widest child of the root is somewhere in its middle.
  const graph = page.locator('.flame-scroll');
  const { width = 0 } = (await graph.boundingBox()) ?? {};
  await graph.dblclick({ position: { x: width / 2, y: 30 } });
  await expect(page).toHaveURL(/zoom=/);
  await page.goBack();
  await expect(page).not.toHaveURL(/zoom=/);
  await expect(page).toHaveURL(/sel=/);
  await page.goBack();
  await expect(page).not.toHaveURL(/sel=/);
  await expect(box).toHaveValue('runtime');
  await page.goBack();
  await expect(box).toHaveValue('');
  await expect(page).not.toHaveURL(/search=/);
  await ready(page, 'Flame graph');
  await page.goForward();
  await expect(box).toHaveValue('runtime');

  await box.press('Escape');
  await expect(box).toHaveValue('');
  await expect(page).not.toHaveURL(/search=/);
  await page.goBack();
  await expect(box).toHaveValue('runtime');
});
