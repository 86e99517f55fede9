/** The numbers on the page are those of `go tool pprof`. */
import type { Page } from '@playwright/test';
import { cpu, heap } from './files';
import { DEMO, golden } from './golden';
import type { GoldenRow } from './golden';
import { drop, expect, goTo, ready, test, topCount, topRows, visit } from './page';
import type { PageRow } from './page';

/** What does not depend on which rows stand above: pprof leaves out small ones, the page does not. */
function own(row: GoldenRow): Omit<GoldenRow, 'sumPct' | 'inline'> {
  const { flat, flatPct, cum, cumPct, name } = row;
  return { flat, flatPct, cum, cumPct, name };
}

/** Every row that pprof prints is among the page's rows, with the same numbers. */
function expectSame(page: readonly PageRow[], pprof: readonly GoldenRow[]): void {
  const byName = new Map(page.map((row) => [row.name, own(row)]));
  for (const row of pprof) expect(byName.get(row.name), row.name).toEqual(own(row));
}

async function chooseType(page: Page, type: string): Promise<void> {
  const menu = page.getByLabel('Sample type');
  const option = menu.locator('option').filter({ hasText: new RegExp(`^${type} `) });
  await menu.selectOption({ value: (await option.getAttribute('value')) ?? '' });
  await ready(page, 'Top');
}

const CASES = [
  { file: cpu, input: DEMO.cpu, types: ['cpu', 'samples'] },
  { file: heap, input: DEMO.heap, types: ['alloc_objects', 'alloc_space', 'inuse_objects', 'inuse_space'] },
];

for (const { file, input, types } of CASES) {
  for (const type of types) {
    test(`Top of ${file.name}, ${type}: every row`, async ({ page }) => {
      await visit(page);
      await drop(page, [file]);
      await goTo(page, 'Top');
      await chooseType(page, type);
      const want = golden(input, `-top -sample_index=${type}`);
      await expect(page.locator('.pane-count')).toContainText(`total ${want.total}`);
      const count = await topCount(page);
      // pprof drops the rows below its cutoff; the page has them, too.
      expect(count).toBeGreaterThan(want.rows.length);
      expectSame(await topRows(page, count), want.rows);
    });

    test(`Top of ${file.name}, ${type}: the first ten, in pprof's order by flat and by cum`, async ({ page }) => {
      await visit(page);
      await drop(page, [file]);
      await goTo(page, 'Top');
      await chooseType(page, type);
      const byFlat = golden(input, `-top -sample_index=${type}`).rows.slice(0, 10);
      expect(await topRows(page, 10)).toEqual(byFlat);

      await page.getByRole('columnheader', { name: /^cum(?!%)/ }).getByRole('button').click();
      const byCum = golden(input, `-top -sample_index=${type} -cum`).rows.slice(0, 10);
      await expect.poll(async () => (await topRows(page, 1))[0]?.name).toBe(byCum[0]?.name);
      expect(await topRows(page, 10)).toEqual(byCum);
    });
  }
}

test('the heap’s other sample types stand beside the one shown, with pprof’s numbers, where there is room', async ({ page }) => {
  await visit(page);
  await drop(page, [heap]);
  await goTo(page, 'Top');
  await expect(page.getByRole('button', { name: /^Columns/ })).toContainText('6 of 12');
  const table = page.getByRole('region', { name: 'Top table' });
  expect(await table.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  await page.setViewportSize({ width: 2400, height: 800 });
  await chooseType(page, 'alloc_space');
  const first = golden(DEMO.heap, '-top -sample_index=alloc_space').rows[0];
  const row = page.getByRole('table', { name: 'Top', exact: true }).locator('tbody tr').first();
  await expect(row.locator('.frame-cut')).toHaveText(first?.name ?? '');
  const headings = await page.getByRole('columnheader').allTextContents();
  const objects = golden(DEMO.heap, '-top -sample_index=alloc_objects').rows.find((one) => one.name === first?.name);
  const at = headings.findIndex((text) => text.startsWith('alloc_objects flat'));
  await expect(row.locator('td').nth(at)).toHaveText(objects?.flat ?? 'no such row in the golden');
});

for (const granularity of ['lines', 'files', 'addresses', 'filefunctions'] as const) {
  test(`Top by ${granularity}`, async ({ page }) => {
    await visit(page, `view=top&granularity=${granularity}`);
    await drop(page, [cpu]);
    await ready(page, 'Top');
    const want = golden(DEMO.cpu, `-top -${granularity} -nodecount=25`);
    expect((await topRows(page, 10)).map(own)).toEqual(want.rows.slice(0, 10).map(own));
  });
}

test('without inlined frames', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Top');
  await page.getByLabel('Inlined frames').uncheck();
  await ready(page, 'Top');
  const want = golden(DEMO.cpu, '-top -noinlines -nodecount=25');
  await expect.poll(async () => (await topRows(page, 10)).map(own)).toEqual(want.rows.slice(0, 10).map(own));
});

test('a search keeps the rows that match, and counts them', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Top');
  const all = await topRows(page, await topCount(page));
  const expression = 'regexp|syntax';
  const expected = all.filter((row) => /regexp|syntax/i.test(row.name)).map((row) => row.name);
  expect(expected.length).toBeGreaterThan(1);
  await page.keyboard.press('/');
  await page.keyboard.type(expression);
  await expect.poll(() => topCount(page)).toBe(expected.length);
  expect((await topRows(page, expected.length)).map((row) => row.name)).toEqual(expected);
  await page.getByRole('button', { name: 'Clear search' }).click();
  await expect.poll(() => topCount(page)).toBe(all.length);
});

test('a search that is no valid expression says so and leaves the rows', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Top');
  const all = await topCount(page);
  await page.keyboard.press('/');
  await page.keyboard.type('regexp(');
  await expect(page.getByText('not a valid expression: all rows are shown')).toBeVisible();
  await expect.poll(() => topCount(page)).toBe(all);
});
