/** Whose code is the program's own: guessed, named, and shown alone. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, goTo, ready, test, topCount, topRows, visit } from './page';

const CPU = 'file=demo/cpu.pb.gz&view=top';

const chips = (page: Page) => page.getByRole('list', { name: 'Filters' }).getByRole('listitem');
const onlyMine = (page: Page) => page.getByRole('button', { name: 'Only my code', exact: true });
const yourCode = (page: Page) => page.getByRole('button', { name: /^Your code: / });
const modules = (page: Page) => page.getByRole('combobox', { name: 'Modules that are your code' });

async function firstRows(page: Page, count: number): Promise<string[]> {
  return (await topRows(page, count)).map((row) => [row.flat, row.flatPct, row.cum, row.cumPct, row.name].join(' '));
}

/** The first rows of `go tool pprof -symbolize=none -top -trim=false -show='^(main|example\.com/dirsync[^ ]*)\.'`. */
const OWN = [
  '7.47s 32.30% 7.74s 33.46% example.com/dirsync/internal/ignore.(*Rule).matches',
  '6.20s 26.81% 6.20s 26.81% example.com/dirsync/internal/diff.table',
];

test('only my code: own functions with what they call; what has none is told; a link and Back hold it', async ({ page, context }) => {
  await visit(page, CPU);
  await ready(page, 'Top');
  const all = await topCount(page);
  const rowHeight = (): Promise<number> => page.locator('.query-row').evaluate((row) => row.clientHeight);
  const height = await rowHeight();
  await onlyMine(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Remove Only my code' })).toBeFocused();
  await expect(page).toHaveURL(/[#&]mine=t/);
  await expect.poll(() => firstRows(page, OWN.length)).toEqual(OWN);
  await expect(chips(page)).toHaveText(['Only my code']);
  // -show leaves 20.85s, 90.14% of 23.13s total; 23.13s - 20.85s = 2.28s.
  await expect(page.locator('.query-left')).toHaveText('90.14% of 23.13s');
  expect(await rowHeight(), 'the row stays one line').toBe(height);
  await expect(page.locator('.query-remarks')).toContainText('2.28s (9.86%) is in samples without a frame of yours');

  const second = await context.newPage();
  await second.goto(page.url());
  await ready(second, 'Top');
  expect(await firstRows(second, OWN.length)).toEqual(OWN);
  await second.close();

  for (const tab of ['Summary', 'Flame graph', 'Hot paths', 'Callers & callees'] as const) await goTo(page, tab);
  await goTo(page, 'Summary');
  await expect(page.getByText('Frames count here as they are in the file')).toBeVisible();
  await goTo(page, 'Report');
  await expect(page.getByText('filters and options do not apply to it')).toBeVisible();

  await goTo(page, 'Top');
  await page.getByRole('button', { name: 'Remove Only my code' }).click();
  await expect(chips(page)).toHaveCount(0);
  await expect(onlyMine(page)).toBeFocused();
  await expect.poll(() => topCount(page)).toBe(all);
  await page.goBack();
  await expect.poll(() => firstRows(page, OWN.length)).toEqual(OWN);
});

test('the module is guessed, shown, named by keyboard and guessed again', async ({ page }) => {
  await visit(page, `${CPU}&mine=t`);
  await ready(page, 'Top');
  await expect(yourCode(page)).toHaveText('example.com/dirsync (guessed)');
  await yourCode(page).focus();
  await page.keyboard.press('Enter');
  await expect(modules(page)).toBeFocused();
  await expect(page.locator('#own-modules option')).toHaveCount(1);
  await page.keyboard.type('regexp, ');
  await page.keyboard.press('Enter');
  await expect(yourCode(page)).toHaveText('regexp');
  await expect(page).toHaveURL(/[#&]main=regexp(&|$)/);
  // -show='^(regexp|regexp/syntax|main)\.' leaves 9.73s, 42.07% of 23.13s total.
  await expect(page.locator('.query-left')).toHaveText('42.07% of 23.13s');
  await goTo(page, 'Summary');
  await expect(page.getByText('passes through your code')).toContainText('42.07%');
  await goTo(page, 'Report');
  await expect(page.getByRole('article')).toContainText('42.07%');
  await goTo(page, 'Top');

  await yourCode(page).click();
  await page.getByRole('button', { name: 'Guess again' }).click();
  await expect(yourCode(page)).toHaveText('example.com/dirsync (guessed)');
  await expect(page.locator('.query-left')).toHaveText('90.14% of 23.13s');
  await page.goBack();
  await expect(yourCode(page)).toHaveText('regexp');
});

test('a module without functions is told, and nothing is hidden by it alone', async ({ page }) => {
  await visit(page, `${CPU}&main=example.com/absent`);
  await ready(page, 'Top');
  await expect(page.locator('.query-remarks')).toContainText('No function of this file is below example.com/absent');
  expect(await topCount(page)).toBeGreaterThan(100);
  await expect(page.locator('.query-left')).toHaveText('');
});

test('where nothing is own code, that is said and can be undone', async ({ page }) => {
  // Every stack of the demo that is not the runtime's own goes through package main or dirsync; main stays own.
  await visit(page, `${CPU}&f=%5Eruntime%5C.gcBgMarkWorker%24&mine=t`);
  await ready(page, 'Top');
  await expect(page.getByText('The filters leave nothing.')).toBeVisible();
  await page.getByRole('button', { name: 'Switch the filters off' }).click();
  await expect.poll(() => topCount(page)).toBeGreaterThan(100);
});

for (const scheme of ['light', 'dark'] as const) {
  test(`the switch and the panel are accessible (${scheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await visit(page, `${CPU}&mine=t`);
    await ready(page, 'Top');
    await page.getByRole('button', { name: 'Your code', exact: true }).click();
    await expect(modules(page)).toBeVisible();
    const found = await new AxeBuilder({ page }).include('.query-bar').analyze();
    expect(found.violations).toEqual([]);
  });
}
