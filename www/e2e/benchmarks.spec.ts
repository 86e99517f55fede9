/** Benchmark results of several files: figures, keys, filters, what is selected, exports, links, keys of the keyboard. */
import type { Locator, Page } from '@playwright/test';
import type { NamedFile } from './archive';
import { serious } from './axe';
import { cpu } from './files';
import { drop, expect, goTo, param, ready, saved, tabTo, test, visit } from './page';

const HEAD = 'goos: linux\ngoarch: amd64\npkg: example.com/codec\n';

/** Six runs with times from this one on, a nanosecond apart; of each benchmark 64 bytes. */
function runs(name: string, first: number, extra = '64 B/op'): string {
  return Array.from({ length: 6 }, (_, i) => `Benchmark${name} 1000 ${first + i} ns/op ${extra}\n`).join('');
}

function results(name: string, text: string, head = HEAD): NamedFile {
  return { name, bytes: Buffer.from(`${head}${text}PASS\n`) };
}

/** A benchmark whose two sizes go apart, and one that stays: its runs are the same, in another order. */
const old = results('old.txt', runs('Encode/size=1k-8', 100) + runs('Encode/size=4k-8', 400) + runs('Decode-8', 200));
const after = results('new.txt', runs('Encode/size=1k-8', 80) + runs('Encode/size=4k-8', 440) + runs('Decode-8', 200));
const later = results('newer.txt', runs('Encode/size=1k-8', 60) + runs('Encode/size=4k-8', 480) + runs('Decode-8', 200));

async function open(page: Page, files: readonly NamedFile[], hash = 'view=benchmarks'): Promise<void> {
  await visit(page, hash);
  await drop(page, files);
  await expect(page.getByRole('list', { name: 'Files', exact: true }).getByRole('listitem')).toHaveCount(files.length);
  await ready(page, 'Benchmarks');
}

const table = (page: Page, name: string | RegExp = 'sec/op'): Locator => page.getByRole('table', { name, exact: true });
const details = (page: Page): Locator => page.getByRole('complementary', { name: 'Selected benchmark' });

/** The rows of a table as texts: name, values and changes; pictures and what stands in no column are left out. */
async function rows(page: Page, name: string | RegExp = 'sec/op'): Promise<string[]> {
  return table(page, name).locator('tbody tr').evaluateAll((all) =>
    all.map((row) =>
      [...row.querySelectorAll('td')]
        .filter((cell) => cell.querySelector('svg') === null)
        .map((cell) => (cell.textContent ?? '').replace(/\*/g, '').trim())
        .filter((text) => text !== '' && !text.startsWith('p='))
        .join(' | '),
    ),
  );
}

/**
 * Of six runs the median lies between the third and fourth, 102.5 of 100 to 105, and the interval goes from the
 * first to the last: 5/205 to either side is 2 %. 82.5 / 102.5 is 0.8049, 442.5 / 402.5 is 1.0994.
 */
const FIGURES = [
  'Encode/size=1k-8 | 102.50n ± 2% | 82.50n ± 3% | −19.51% faster',
  'Encode/size=4k-8 | 402.5n ± 1% | 442.5n ± 1% | +9.94% slower',
  'Decode-8 | 202.5n ± 1% | 202.5n ± 1% | ~ cannot tell',
];

test('the figures are those of benchstat, whichever file comes first', async ({ page }) => {
  await open(page, [after, old]);
  await expect.poll(() => rows(page)).toEqual(FIGURES);
  await expect(page.getByRole('region', { name: 'sec/op', exact: true })).toContainText('lower is better');
  // (102.5 · 402.5 · 202.5)^⅓ and (82.5 · 442.5 · 202.5)^⅓, of the nine-digit medians; 0.96004 is their ratio.
  await expect(table(page).locator('tfoot')).toHaveText('geomean202.9n194.8n−4.00%');
  await expect(page.getByRole('list', { name: 'Units' })).toContainText('1 faster, 1 slower, 1 cannot tell');
  await expect.poll(() => rows(page, 'B/op')).toContainEqual('Decode-8 | 64.00 ± 0% | 64.00 ± 0% | ~ no difference');
  // What separates all six runs from all six: 2 of 924 ways.
  await page.setViewportSize({ width: 1900, height: 900 });
  await expect(table(page).locator('tbody tr').first()).toContainText('p=0.002 n=6');
});

test('only differences, in the order of what matters; Back takes each step back', async ({ page }) => {
  await open(page, [old, after]);
  await expect.poll(() => rows(page)).toHaveLength(3);
  await page.keyboard.press('d');
  await expect.poll(() => rows(page)).toEqual(FIGURES.slice(0, 2));
  expect(param(page, 'b.told')).toBe('t');
  await expect(page.getByText('1 table has no such row.')).toBeVisible();
  await page.getByLabel('Order').selectOption('worst first');
  await expect.poll(() => rows(page)).toEqual([FIGURES[1], FIGURES[0]]);
  await page.getByLabel('Order').selectOption('by name');
  await page.getByRole('button', { name: 'Only differences' }).click();
  await expect.poll(() => rows(page)).toEqual([FIGURES[2], FIGURES[0], FIGURES[1]]);
  for (let back = 0; back < 4; back++) await page.goBack();
  await expect.poll(() => rows(page)).toEqual(FIGURES);
  expect(new URL(page.url()).hash).not.toContain('b.');
});

test('what is too small to matter is no difference', async ({ page }) => {
  const slightly = results('new.txt', runs('Encode/size=1k-8', 98.9) + runs('Encode/size=4k-8', 440));
  await open(page, [old, slightly]);
  await page.getByLabel('Ignore up to').selectOption('5 %');
  await expect(page.getByRole('list', { name: 'Units' })).toContainText('1 slower, 1 no difference');
  await expect(page).toHaveURL(/b\.margin=0\.05/);
});

test('keys become columns by a choice, values are kept by a click', async ({ page }) => {
  await open(page, [old, after]);
  await page.getByRole('button', { name: 'Group by' }).click();
  await page.getByLabel('Use of /size').selectOption('columns');
  // Sizes are compared now, inside each file: 402.5 / 102.5 is 3.9268.
  const first = 'sec/op, .file: old.txt';
  // The third column is what has no size.
  const sizes = ['Encode-8 | 102.5n ± 2% | 402.5n ± 1% | +292.68% slower | none', 'Decode-8 | none | none | 202.5n ± 1%'];
  await expect.poll(() => rows(page, first)).toEqual(sizes);
  await expect(page.getByLabel('Tables', { exact: true })).toHaveValue('.config .file');
  await expect(page.getByLabel('Columns', { exact: true })).toHaveValue('/size');
  await page.getByLabel('Use of .file').selectOption('columns');
  await expect.poll(() => rows(page)).toEqual(FIGURES);
  await page.getByRole('list', { name: 'Values of /size' }).getByRole('button', { name: '1k' }).click();
  await expect.poll(() => rows(page)).toEqual(FIGURES.slice(0, 1));
  await expect(page.getByLabel('Filter', { exact: true })).toHaveValue('/size:1k');
  await page.getByRole('list', { name: 'Values of /size' }).getByRole('button', { name: '4k' }).click();
  await expect.poll(() => rows(page)).toEqual(FIGURES.slice(0, 2));
  for (const size of ['1k', '4k']) await page.getByRole('list', { name: 'Values of /size' }).getByRole('button', { name: size }).click();
  await expect.poll(() => rows(page)).toEqual(FIGURES);
  await expect(page.getByLabel('Filter', { exact: true })).toHaveValue('');
});

test('an expression that cannot be used says where, and leaves what was there', async ({ page }) => {
  await open(page, [old, after]);
  await page.getByRole('button', { name: 'Group by' }).click();
  const filter = page.getByLabel('Filter', { exact: true });
  await filter.fill('/size:1k )');
  await filter.press('Enter');
  const wrong = page.getByRole('alert');
  await expect(wrong).toContainText('unexpected');
  await expect(wrong.locator('mark')).toHaveText(')');
  await expect(filter).toHaveAttribute('aria-invalid', 'true');
  expect(await rows(page)).toEqual(FIGURES);
  // Folded away, it is told all the same.
  await page.getByRole('button', { name: /^Group by/ }).click();
  await expect(wrong).toContainText('unexpected');
  await page.getByRole('button', { name: 'Change it' }).click();
  await filter.fill('.name:Decode');
  await filter.press('Enter');
  await expect.poll(() => rows(page)).toEqual(FIGURES.slice(2));
  await page.getByRole('button', { name: 'Back to benchstat\'s defaults' }).click();
  await expect.poll(() => rows(page)).toEqual(FIGURES);
});

test('a link with an expression that cannot be used says so', async ({ page }) => {
  await open(page, [old, after], 'view=benchmarks&b.row=.name@up&b.alpha=7');
  await expect(page.getByRole('alert')).toContainText('unknown order');
  await expect(page.getByText('b.alpha=7 in the link is no number from 0 to 1, and is ignored.')).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Back to benchstat\'s defaults' }).click();
  await expect.poll(() => rows(page)).toEqual(FIGURES);
});

test('the search narrows the rows, and says when it leaves none', async ({ page }) => {
  await open(page, [old, after]);
  await page.keyboard.press('/');
  await page.keyboard.type('SIZE=4');
  await expect.poll(() => rows(page)).toEqual(FIGURES.slice(1, 2));
  await page.keyboard.type('x');
  await expect(page.getByText('No benchmark has “SIZE=4x” in its name.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await expect.poll(() => rows(page)).toEqual(FIGURES);
});

test('files are left out, taken in again, and made the base', async ({ page }) => {
  await open(page, [old, after, later]);
  const bar = page.getByRole('list', { name: 'Compared files' });
  await expect(bar.getByRole('listitem')).toHaveText([/base.*old/, /new/, /newer/]);
  await bar.getByRole('button', { name: 'Leave new.txt out' }).click();
  // 62.5 / 102.5 is 0.6098.
  await expect.poll(async () => (await rows(page))[0]).toBe('Encode/size=1k-8 | 102.50n ± 2% | 62.50n ± 4% | −39.02% faster');
  await bar.getByRole('button', { name: 'Make newer.txt the base' }).click();
  await expect.poll(async () => (await rows(page))[0]).toBe('Encode/size=1k-8 | 62.50n ± 4% | 102.50n ± 2% | +64.00% slower');
  expect(new URLSearchParams(new URL(page.url()).hash.slice(1)).getAll('b.file')).toEqual(['newer.txt', 'old.txt']);
  await bar.getByRole('button', { name: 'Compare as well: new.txt' }).click();
  await expect(bar.getByRole('listitem').nth(2)).toContainText('new.txt');
  await bar.getByRole('button', { name: 'All, in their order' }).click();
  await expect(bar.getByRole('listitem')).toHaveText([/base.*old/, /new/, /newer/]);
});

test('a link names files; one that is not open is told', async ({ page }) => {
  await open(page, [old, after], 'view=benchmarks&b.file=new.txt&b.file=gone.txt&b.file=old.txt');
  const bar = page.getByRole('list', { name: 'Compared files' });
  await expect(bar).toContainText('gone.txt is not open');
  await expect(bar.getByRole('listitem').first()).toHaveText(/base.*new/);
  await expect.poll(async () => (await rows(page))[0]).toBe('Encode/size=1k-8 | 82.50n ± 3% | 102.50n ± 2% | +24.24% slower');
});

test('files of other processors stand apart until that is ignored', async ({ page }) => {
  const text = runs('Encode-8', 100);
  await open(page, [results('old.txt', text, `${HEAD}cpu: A\n`), results('new.txt', text, `${HEAD}cpu: B\n`)]);
  await expect(page.getByRole('list', { name: 'Notes' })).toContainText('The files differ in cpu (old.txt: A; new.txt: B).');
  await page.getByRole('button', { name: 'Ignore cpu' }).click();
  await expect.poll(() => rows(page)).toEqual(['Encode-8 | 102.5n ± 2% | 102.5n ± 2% | ~ cannot tell']);
  expect(param(page, 'b.ignore')).toBe('cpu');
});

test('a row tells its samples, their order and what differs; the link leads back to it', async ({ page }) => {
  await open(page, [old, after]);
  await expect(details(page)).toContainText('Select a row');
  await table(page).getByText('Encode/size=4k-8').click();
  await expect(details(page).getByRole('heading', { level: 2 })).toHaveText('Encode/size=4k-8');
  await expect(details(page)).toContainText('+9.94% slower p=0.002 n=6');
  const lane = details(page).getByRole('slider', { name: 'Runs of new.txt' });
  await lane.focus();
  await page.keyboard.press('Home');
  // The head has three lines, and before this benchmark stand the six runs of another one.
  await expect(details(page).getByText('new.txt, run 1: 440.0n (new.txt:10)')).toBeVisible();
  await expect(lane).toHaveAttribute('aria-valuetext', 'new.txt, run 1: 440.0n (new.txt:10)');
  await page.keyboard.press('End');
  await expect(lane).toHaveAttribute('aria-valuenow', '6');
  await details(page).getByRole('slider', { name: 'Runs of old.txt' }).hover({ position: { x: 25, y: 10 } });
  await expect(details(page).getByText('old.txt, run 1: 400.0n (old.txt:10)')).toBeVisible();
  await expect(details(page).getByRole('img', { name: /order of the runs/ })).toBeVisible();
  expect(param(page, 'b.sel')).toBe('Encode/size=4k-8\nsec/op');
  const link = page.url();
  await page.keyboard.press('Escape');
  await expect(details(page)).toContainText('Select a row');
  await page.goBack();
  await expect(details(page).getByRole('heading', { level: 2 })).toHaveText('Encode/size=4k-8');
  await page.goto('about:blank');
  await page.goto(link);
  await drop(page, [old, after]);
  await expect(details(page).getByRole('heading', { level: 2 })).toHaveText('Encode/size=4k-8');
  await expect(table(page).locator('tr[aria-current=true]')).toContainText('Encode/size=4k-8');
});

test('more than two files are followed as a trend', async ({ page }) => {
  await open(page, [old, after, later]);
  await expect(table(page).getByRole('columnheader', { name: 'trend' })).toBeVisible();
  await table(page).getByText('Encode/size=1k-8').click();
  const trend = details(page).getByRole('region', { name: 'Trend' }).getByRole('img');
  await expect(trend).toHaveAccessibleName('Medians over 3 columns: old.txt 102.50n, new.txt 82.50n, newer.txt 62.50n');
  await expect(details(page).getByRole('slider')).toHaveCount(3);
});

test('what a figure needs to be known stands behind its mark, and beside the selected row', async ({ page }) => {
  const once = (name: string, time: number): NamedFile => results(name, `BenchmarkEncode-8 1 ${time} ns/op\n`);
  await open(page, [once('old.txt', 100), once('new.txt', 90)]);
  const words = 'need >= 6 samples for confidence interval at level 0.95';
  const mark = table(page).getByRole('note', { name: words }).first();
  await mark.hover();
  await expect(page.locator('.tip:popover-open')).toHaveText(words);
  await page.keyboard.press('Escape');
  await expect(page.locator('.tip:popover-open')).toHaveCount(0);
  await mark.focus();
  await expect(page.locator('.tip:popover-open')).toHaveText(words);
  await table(page).getByText('Encode-8').click();
  await expect(details(page)).toContainText(`old.txt: ${words}`);
});

test('it is copied as Markdown, and saved as CSV, JSON and text', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, [old, after]);
  const group = page.getByRole('group', { name: 'Export' });
  await group.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied as Markdown' })).toBeVisible();
  const markdown = await page.evaluate(() => navigator.clipboard.readText());
  expect(markdown).toMatch(/^\|.*old\.txt.*\|.*new\.txt/m);
  expect(markdown).toContain('Encode/size=1k');
  const csv = await saved(page, () => group.getByRole('button', { name: 'CSV' }).click());
  expect(csv.name).toBe('benchmarks.csv');
  // benchstat -format csv old.txt new.txt
  expect(csv.bytes.toString().split('\n')).toContain('Encode/size=1k-8,1.025e-07,2%,8.25e-08,3%,-19.51%,p=0.002 n=6');
  const json = await saved(page, () => group.getByRole('button', { name: 'JSON' }).click());
  expect(JSON.parse(json.bytes.toString())).toBeTruthy();
  const text = await saved(page, () => group.getByRole('button', { name: 'Text' }).click());
  expect(text.name).toBe('benchmarks.txt');
  expect(text.bytes.toString()).toMatch(/^Encode\/size=1k-8\s+102\.50n ± 2%\s+82\.50n ± 3%\s+-19\.51% \(p=0\.002 n=6\)$/m);
});

test('names are text, whatever they look like', async ({ page }) => {
  const name = 'Encode/<img/src=x/onerror=alert(1)>-8';
  const file = '<b>old</b>.txt';
  await open(page, [{ ...results(file, runs(name, 100)) }, results('new.txt', runs(name, 80))]);
  const bar = page.getByRole('list', { name: 'Compared files' });
  await expect(bar).toContainText(file);
  await bar.getByRole('button', { name: `Make ${file} the base` }).or(bar.getByText('base')).first().click();
  await expect(table(page).locator('tbody tr')).toContainText(name);
  await table(page).getByText(name).click();
  await expect(details(page).getByRole('heading', { level: 2 })).toHaveText(name);
  await expect(page.locator('.bench img, .bench b')).toHaveCount(0);
});

test('without results it says how to record them; other views of results lead here', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Benchmarks');
  await expect(page.getByLabel('Commands', { exact: true }).last()).toContainText('| tee old.txt');
  await drop(page, [old, after]);
  await expect.poll(() => rows(page)).toEqual(FIGURES);
  // A file that is shown elsewhere changes nothing here.
  await page.getByRole('list', { name: 'Files', exact: true }).getByRole('button', { name: /^new\.txt/ }).click();
  await expect.poll(() => rows(page)).toEqual(FIGURES);
  for (const tab of ['Summary', 'Top'] as const) {
    await goTo(page, tab);
    await page.getByRole('tabpanel').getByRole('button', { name: 'Benchmarks' }).click();
    await ready(page, 'Benchmarks');
  }
});

test('it can be used without a mouse', async ({ page }) => {
  await open(page, [old, after]);
  // Arrows move the selection wherever the focus is.
  await page.keyboard.press('ArrowDown');
  await expect(details(page).getByRole('heading', { level: 2 })).toHaveText('Encode/size=1k-8');
  await page.keyboard.press('End');
  await expect(details(page).getByRole('heading', { level: 2 })).toHaveText('Decode-8');
  await tabTo(page, /^B\/op table$/);
  await page.keyboard.press('ArrowDown');
  await expect(table(page, 'B/op').locator('tr[aria-current=true]')).toHaveCount(1);
  await tabTo(page, /^Runs of old\.txt$/);
  await page.keyboard.press('ArrowRight');
  await expect(details(page)).toContainText('old.txt, run 2: 64.00');
  await page.keyboard.press('Escape');
  await expect(details(page)).toContainText('Select a row');
  await tabTo(page, /^Copy as Markdown$/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Only differences');
});

test('ten thousand rows scroll, the means stay in sight; one unit is shown at a time', async ({ page }) => {
  const many = Array.from({ length: 10_000 }, (_, i) => `BenchmarkRow/n=${i}-8 1 ${100 + i} ns/op 64 B/op\n`).join('');
  await open(page, [results('old.txt', many), results('new.txt', many)]);
  await expect(page.getByRole('table', { name: 'B/op' })).toHaveCount(0);
  const scroller = page.getByRole('region', { name: 'sec/op table' });
  await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(table(page).getByText('Row/n=9999-8')).toBeInViewport();
  await expect(table(page).locator('tfoot')).toBeInViewport();
  await page.getByRole('list', { name: 'Units' }).getByRole('button', { name: 'B/op' }).click();
  await expect(table(page, 'B/op').getByText('Row/n=0-8')).toBeVisible();
  expect(param(page, 'b.unit')).toBe('B/op');
  // A row far down is found by its name alone.
  await page.evaluate(() => (location.hash += '&b.sel=Row%2Fn%3D8765-8'));
  await expect(details(page).getByRole('heading', { level: 2 })).toHaveText('Row/n=8765-8');
});

test('many small tables stand one below the other', async ({ page }) => {
  const packages = Array.from({ length: 50 }, (_, i) => `pkg: example.com/p${i}\n${runs('Run-8', 100 + i, '')}`).join('');
  await open(page, [results('old.txt', packages, ''), results('new.txt', packages, '')]);
  await expect(page.getByRole('table', { name: /^sec\/op, pkg: / })).toHaveCount(40);
  await page.getByRole('button', { name: 'Show 10 more tables' }).click();
  await expect(page.getByRole('table', { name: /^sec\/op, pkg: / })).toHaveCount(50);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    for (const [width, height] of [[1280, 800], [360, 740]] as const) {
      test(`nothing serious for axe, and nothing wider than the page, ${width} pixels wide`, async ({ page }) => {
        test.slow();
        await page.setViewportSize({ width, height });
        await open(page, [old, after, later]);
        expect(await serious(page), 'tables').toEqual([]);
        await table(page).locator('tbody tr').first().click();
        await expect(details(page).getByRole('slider').first()).toBeVisible();
        expect(await serious(page), 'selected').toEqual([]);
        await page.getByRole('button', { name: 'Group by' }).click();
        expect(await serious(page), 'keys').toEqual([]);
        const sideways = await page.evaluate(() =>
          [...document.querySelectorAll('.bench, .bench *')]
            .filter((element) => !element.matches('.vt, .doc-table, select, pre'))
            .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth)
            .map((element) => element.className),
        );
        expect(sideways).toEqual([]);
        await page.getByRole('button', { name: 'Options', exact: true }).click();
        await page.getByLabel('Alpha').fill('0.5');
        await page.getByLabel('Alpha').press('Enter');
        await expect(page).toHaveURL(/b\.alpha=0\.5/);
        expect(await serious(page), 'options').toEqual([]);
      });
    }
  });
}
