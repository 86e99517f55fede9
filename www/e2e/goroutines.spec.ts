/** Goroutines: the same view of a profile, a text and a dump; facts, groups, stacks, several files. */
import type { Locator, Page } from '@playwright/test';
import type { NamedFile } from './archive';
import { serious } from './axe';
import { cpu } from './files';
import { profileBytes } from './golden';
import { drop, expect, goTo, ready, saved, test, visit } from './page';

const file = (name: string): NamedFile => ({ name, bytes: profileBytes(`goroutines/${name}`) });

async function open(page: Page, files: readonly NamedFile[]): Promise<void> {
  await visit(page);
  await drop(page, files);
  await ready(page, 'Summary');
  await goTo(page, 'Goroutines');
}

/** Rows of the table, a text each. */
function rows(page: Page): Locator {
  return page.getByRole('table', { name: 'Groups of goroutines' }).locator('tr.vt-row');
}

test('a dump tells of leaks, locks and their holders', async ({ page }) => {
  await open(page, [file('goroutine.d2')]);
  await expect(page.getByRole('heading', { name: /^\d+ goroutines in \d+ groups$/ })).toBeVisible();
  const facts = page.getByRole('region', { name: 'Worth a look' });
  // What testdata/programs/goroutines does: six caches, three who wait for one lock, three responses.
  await expect(facts.getByText('A goroutine for each of 6 objects')).toBeVisible();
  await expect(facts.getByText('3 goroutines wait for one lock')).toBeVisible();
  await expect(facts.getByText(/in main\.\(\*ledger\)\.hold main\.go:\d+, may hold it\./)).toBeVisible();
  await expect(facts.getByText('3 responses of HTTP not read to the end')).toBeVisible();
});

test('a row opens its stack, with arguments and numbers, and leads to the flame graph', async ({ page }) => {
  await open(page, [file('goroutine.d2')]);
  const janitors = rows(page).filter({ hasText: 'janitor' });
  await expect(janitors).toHaveCount(1);
  const button = janitors.getByRole('button', { name: 'select' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  const stack = page.getByRole('region', { name: '6 goroutines: select' });
  await expect(stack.getByText('6 distinct receivers of main.(*cache).janitor.')).toBeVisible();
  await expect(stack.getByRole('list', { name: 'Stack, innermost first' })).toContainText(/main\.\(\*cache\)\.janitor\(0x[0-9a-f]+\)/);
  await stack.getByText('Numbers of the goroutines').click();
  await expect(stack.locator('.gr-members > li')).toHaveCount(6);
  await page.getByRole('button', { name: /^Show main\.\(\*cache\)\.janitor in the flame graph$/ }).click();
  await ready(page, 'Flame graph');
});

test('rows are grouped otherwise, and searched', async ({ page }) => {
  await open(page, [file('goroutine.d2')]);
  const before = await rows(page).count();
  await page.getByLabel('Group them by').selectOption('Wait reason');
  await expect(rows(page).filter({ hasText: 'chan send (nil chan)' })).toHaveCount(1);
  expect(await rows(page).count()).toBeLessThan(before);
  await page.getByLabel('Group them by').selectOption('Stack');
  await page.getByRole('searchbox').fill('ledger\\)\\.(add|hold)');
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole('searchbox').fill('ledger(');
  await expect(page.getByText('The search is not a valid expression: all rows are shown.')).toBeVisible();
  await expect(rows(page)).toHaveCount(before);
});

test('saved as CSV they stand in the order of the view, and say which row they belong to', async ({ page }) => {
  await open(page, [file('goroutine.d2')]);
  await page.getByLabel('Group them by').selectOption('Wait reason');
  await expect(rows(page).filter({ hasText: 'chan send (nil chan)' })).toHaveCount(1);
  const waits = await rows(page).locator('.gr-open').allTextContents();
  await page.getByRole('button', { name: 'Save as…' }).click();
  const { name, bytes } = await saved(page, () => page.getByRole('button', { name: 'CSV', exact: true }).click());
  expect(name).toMatch(/-goroutines\.csv$/);
  const [head = '', ...lines] = bytes.toString().trimEnd().split('\r\n');
  expect(head).toMatch(/^row,row \(count\),count,/);
  expect([...new Set(lines.map((line) => line.split(',')[0]))]).toEqual(waits);
});

test('all encodings show the same groups, side by side', async ({ page }) => {
  await open(page, [file('goroutine.d0'), file('goroutine.d1'), file('goroutine.d2')]);
  const janitors = rows(page).filter({ hasText: 'janitor' });
  await expect(janitors.locator('td.vt-num')).toHaveText(['6', '6', '6', '6']);
  await expect(page.getByText('What they wait for is told from the innermost frames.')).toBeVisible();
});

test('a crash says what happened', async ({ page }) => {
  await open(page, [file('deadlock.txt')]);
  await expect(page.getByLabel('What the program said')).toContainText('fatal error: all goroutines are asleep - deadlock!');
  const facts = page.getByRole('region', { name: 'Worth a look' });
  await expect(facts.getByText('All goroutines are asleep')).toBeVisible();
  await expect(facts.getByText(/wait in a circle: goroutine \d+ for 0x[0-9a-f]+, goroutine \d+ for 0x[0-9a-f]+\./)).toBeVisible();
});

test('a file about something else teaches how to record one', async ({ page }) => {
  await open(page, [cpu]);
  await expect(page.getByRole('heading', { name: 'No goroutines in this file' })).toBeVisible();
  await expect(page.getByLabel('Command', { exact: true })).toContainText('/debug/pprof/goroutine?debug=2');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('the view has no serious fault', async ({ page }) => {
      test.slow();
      await open(page, [file('goroutine.d2'), file('goroutine.d0')]);
      await rows(page).first().click();
      await expect(page.getByRole('list', { name: 'Stack, innermost first' })).toBeVisible();
      expect(await serious(page)).toEqual([]);
    });
  });
}

test.describe('360 px wide', () => {
  test.use({ viewport: { width: 360, height: 740 } });
  test('only the table is wider than the screen', async ({ page }) => {
    await open(page, [file('goroutine.d2')]);
    await rows(page).first().click();
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.page *')]
        .filter((element) => !element.matches('.gr-scroll, .gr-scroll *'))
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => element.className),
    );
    expect(wide).toEqual([]);
  });
});
