/** What the rules say, in the Summary: what was found, why, and the way to where it can be seen. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
// Not the page's own test for what fails: that is told in the console, too.
import { test as unchecked } from '@playwright/test';
import { cpu, heap } from './files';
import { profileBytes } from './golden';
import { TABS, drop, expect, goTo, ready, test, topCount, visit } from './page';

const found = (name: string) => ({ name, bytes: profileBytes(`findings/${name}`) });
const clean = found('clean.cpu.pb.gz');
const bench = found('naive.bench.txt');

/** The title of the demo's own fault: an expression is compiled for every path that is looked at. */
const COMPILED = 'Regular expressions are compiled over and over';

const section = (page: Page): Locator => page.getByRole('region', { name: 'Findings', exact: true });
const list = (page: Page): Locator => section(page).getByRole('list', { name: 'Findings', exact: true });
const row = (page: Page, title: string): Locator => section(page).getByRole('button', { name: title });

async function open(page: Page, files: readonly { name: string; bytes: Buffer }[]): Promise<void> {
  await visit(page);
  await drop(page, files);
  await ready(page, 'Summary');
  await expect(section(page)).toHaveAttribute('aria-busy', 'false');
}

/** Top of what stands below the findings. */
async function topBelow(page: Page): Promise<number> {
  return (await page.getByRole('heading', { name: 'Where does the time go?' }).boundingBox())?.y ?? -1;
}

test('findings stand gravest first, a consequence below its cause, and say what was seen where', async ({ page }) => {
  await open(page, [cpu]);
  await expect(section(page).getByRole('heading', { level: 2 })).toHaveText(/Findings\s*\d+ high, \d+ medium/);
  const rows = list(page).getByRole('listitem');
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toContainText('high');
  const all = section(page).getByRole('button', { name: /^Show all \d+ findings$/ });
  const count = Number(/\d+/.exec((await all.textContent()) ?? '')?.[0]);
  await all.click();
  await expect(rows).toHaveCount(count);
  // 502 of 2313 samples go through regexp.Compile: 21.7 %.
  await expect(row(page, COMPILED)).toContainText('21.7% of CPU time');
  await expect(row(page, COMPILED)).toContainText('ignore.(*Rule).matches ignore/match_naive.go:10');
  const causes = await rows.evaluateAll((items) =>
    items.map((item) => ({
      rule: item.querySelector('.fi-rule')?.textContent ?? '',
      cause: /follows from (\w+)/.exec(item.querySelector('.fi-cause')?.textContent ?? '')?.[1],
    })),
  );
  const late = causes.filter(({ cause }, at) => cause !== undefined && !causes.slice(0, at).some((one) => one.rule === cause));
  expect(late).toEqual([]);
  expect(causes.some(({ cause }) => cause !== undefined)).toBe(true);
});

test('a finding opens by key, and says why it is thought so, what to change and what would refute it', async ({ page }) => {
  await open(page, [cpu]);
  const button = row(page, COMPILED);
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  const item = list(page).getByRole('listitem').filter({ has: page.getByRole('button', { name: COMPILED }) });
  await expect(item.getByRole('heading', { level: 4 })).toHaveText([
    'Why do you think so?',
    'Why it costs',
    'What to change now',
    'Later',
    'How to verify',
    'What would refute it',
    'Limits',
    'References',
  ]);
  await expect(item).toContainText('S04 regexp-compile-hot, confidence high');
  await expect(item).toContainText('502 of 2 313 samples');
  await expect(item).toContainText('regexp.Compile');
  const change = item.locator('.fi-change');
  await expect(change.locator('.fi-old').first()).toContainText('- func valid');
  await expect(change.locator('.fi-new').first()).toContainText('+ var validRE');
  await item.getByText(/^Heaviest stack/).click();
  await expect(item.locator('pre[aria-label="Heaviest stack"]')).toContainText('regexp');
  await button.press('Enter');
  await expect(button).toHaveAttribute('aria-expanded', 'false');
  await expect(change).toHaveCount(0);
});

test('the flame graph shows the evidence alone; Back leads to the finding, still open', async ({ page }) => {
  await open(page, [cpu, heap]);
  await goTo(page, 'Top');
  const all = await topCount(page);
  await goTo(page, 'Summary');
  await row(page, COMPILED).click();
  const show = section(page).getByRole('button', { name: 'Show in Flame graph' });
  // What was seen in the CPU profile, and in the heap profile.
  await expect(show).toHaveCount(2);
  await show.first().click();
  await ready(page, 'Flame graph');
  await expect(page.getByRole('list', { name: 'Filters' }).getByRole('listitem')).toHaveCount(1);
  expect(new URL(page.url()).hash).toMatch(/[#&]f=[^&]*regexp/);
  // The part of the samples that the finding is about.
  await expect(page.locator('.query-left')).toContainText('21.7');
  await goTo(page, 'Top');
  expect(await topCount(page)).toBeLessThan(all / 2);
  await page.goBack();
  await page.goBack();
  await ready(page, 'Summary');
  await expect(row(page, COMPILED)).toHaveAttribute('aria-expanded', 'true');
  await show.last().click();
  await ready(page, 'Flame graph');
  await expect(page.getByRole('button', { name: /^heap\.pb\.gz/ })).toHaveAttribute('aria-current', 'true');
  await expect(page.getByLabel('Sample type').locator('option:checked')).toHaveText(/^alloc_space/);
});

test('what was looked for in vain and what could not be looked for can be unfolded', async ({ page }) => {
  await open(page, [cpu]);
  const checked = section(page).getByRole('button', { name: /^Checked, not found/ });
  await checked.press('Enter');
  await expect(checked).toHaveAttribute('aria-expanded', 'true');
  const table = section(page).getByRole('table', { name: 'Checked, not found' });
  await expect(table.getByRole('row').filter({ hasText: 'Do locks show in the CPU time?' })).toContainText('2%');
  await section(page).getByRole('button', { name: /^Not assessable/ }).click();
  await expect(table).toHaveCount(0);
  const open_ = section(page).getByRole('list', { name: 'Not assessable' });
  await expect(open_).toContainText('Do goroutines leak or queue?');
  await expect(open_).toContainText("curl -o goroutines.txt 'http://HOST/debug/pprof/goroutine?debug=2'");
});

test('what is only worth knowing is folded', async ({ page }) => {
  await open(page, [cpu, heap]);
  await expect(section(page).getByText('What this place allocates is thrown away at once')).toHaveCount(0);
  await section(page).getByRole('button', { name: /^\d+ more worth knowing$/ }).click();
  const minor = section(page).getByRole('list', { name: 'Worth knowing' });
  await minor.getByRole('button', { name: 'What this place allocates is thrown away at once' }).click();
  await expect(minor.getByRole('heading', { name: 'Why it costs' })).toBeVisible();
});

test('with nothing to change, it says so and what was asked', async ({ page }) => {
  await open(page, [clean]);
  await expect(section(page)).toContainText('Nothing above information');
  await expect(section(page).getByRole('table', { name: 'Checked, not found' })).toContainText('clean.cpu.pb.gz');
});

for (const files of [[cpu], [clean]]) {
  test(`nothing below the findings of ${files[0]?.name} moves when they come`, async ({ page }) => {
    let letGo = (): void => {};
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    await page.route(/assets\/findings-[^/]*\.js$/, async (route) => {
      await gate;
      await route.continue();
    });
    await visit(page);
    await drop(page, files);
    // The findings are held back: the Summary is drawn, and waits for them.
    await expect(page.locator('html')).toHaveAttribute('data-ready', 'summary');
    const before = await topBelow(page);
    letGo();
    await expect(section(page)).toHaveAttribute('aria-busy', 'false');
    expect(Math.abs((await topBelow(page)) - before)).toBeLessThan(2);
  });
}

test('findings of every file of the session are there, whichever is shown, and follow what is opened and closed', async ({ page }) => {
  await open(page, [clean]);
  await drop(page, [found('convoy.goroutine.txt')]);
  await expect(list(page).getByRole('listitem').first()).toContainText('convoy.goroutine.txt');
  await list(page).getByRole('button').first().click();
  await section(page).getByRole('button', { name: 'Show in Goroutines' }).first().click();
  await ready(page, 'Goroutines');
  await expect(page.getByRole('button', { name: /^convoy\.goroutine\.txt/ })).toHaveAttribute('aria-current', 'true');
  await expect(page.getByRole('table', { name: 'Groups of goroutines' })).toBeVisible();
  await page.getByRole('button', { name: 'Close convoy.goroutine.txt' }).click();
  await goTo(page, 'Summary');
  await expect(section(page)).toContainText('Nothing above information');
});

test('benchmark results have a summary, and every other view says what it would need', async ({ page }) => {
  await open(page, [bench]);
  await expect(page.locator('.headline')).toHaveText(/^Benchmark results, /);
  await expect(list(page)).toContainText('Benchmarks vary too much to see small changes');
  for (const tab of TABS) {
    await goTo(page, tab);
    // The view of traces says what it would need in words of its own.
    const isShown = tab === 'Summary' || tab === 'Trace' || tab === 'Benchmarks' || tab === 'Report';
    await expect(page.getByRole('heading', { name: 'Benchmark results have no stacks' })).toHaveCount(isShown ? 0 : 1);
    await expect(page.getByRole('heading', { name: 'This file is no execution trace' })).toHaveCount(tab === 'Trace' ? 1 : 0);
    await expect(page.getByRole('alert')).toHaveCount(0);
  }
  await expect(page.locator('.doc')).toContainText('naive.bench.txt');
  // Keys for what such a file does not have do nothing; those for views work.
  for (const key of ['f', 't', 'n', 'Escape']) await page.keyboard.press(key);
  await page.keyboard.press('2');
  await ready(page, 'Flame graph');
  await drop(page, [cpu]);
  await ready(page, 'Flame graph');
  await expect(page.getByRole('treeitem').first()).toBeAttached();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('findings have no serious fault, open and closed', async ({ page }) => {
      test.slow();
      await open(page, [cpu, bench]);
      await section(page).getByRole('button', { name: /^Show all/ }).click();
      await row(page, COMPILED).click();
      await expect(section(page).locator('.severity-low')).not.toHaveCount(0);
      for (const name of [/^Checked/, /^Not assessable/]) {
        await section(page).getByRole('button', { name }).click();
        const { violations } = await new AxeBuilder({ page }).include('.findings').analyze();
        expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join('\n')}`)).toEqual([]);
      }
    });
  });
}

test('360 px are enough', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, [cpu, heap]);
  await row(page, COMPILED).click();
  for (const name of [/^Checked/, /^Not assessable/]) {
    await section(page).getByRole('button', { name }).click();
    const wide = await section(page).evaluate((element) =>
      [...element.querySelectorAll<HTMLElement>('*')]
        .filter((one) => one.getBoundingClientRect().right > element.getBoundingClientRect().right + 1)
        .filter((one) => getComputedStyle(one).display !== 'inline' && one.closest('.fi-row') === null)
        .map((one) => `${one.tagName}.${one.className}`),
    );
    expect(wide).toEqual([]);
  }
});

unchecked('findings that cannot be had say so, and come when they are tried again', async ({ page }) => {
  const second = /dropprof_more[^/]*\.wasm$/;
  await page.route(second, (route) => route.abort());
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  const failed = section(page).getByRole('alert');
  await expect(failed).toContainText('a part of this page could not be fetched');
  await page.unroute(second);
  await failed.getByRole('button', { name: 'Try again' }).click();
  await expect(row(page, COMPILED)).toBeVisible();
  await expect(failed).toHaveCount(0);
});
