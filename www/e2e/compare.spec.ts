/** Two files against each other, and growth over more: numbers, links, keys, and what cannot be compared. */
import type { Page } from '@playwright/test';
import { serious } from './axe';
import { cpu as before, heap } from './files';
import { profileBytes } from './golden';
import { drop, expect, goTo, ready, test, visit } from './page';
import { cpuProfile, encodeProfile, heapProfile } from './profile';

const after = { name: 'cpu-tuned.pb.gz', bytes: profileBytes('../www/public/demo/cpu-tuned.pb.gz') };

/** `main.cache` grows by 30 MiB a minute, `main.steady` does not, `main.freed` shrinks by 8. */
const HEAPS = [0, 1, 2].map((minute) => ({
  name: `heap${minute}.pb.gz`,
  bytes: heapProfile(
    { 'main.cache': 20 + 30 * minute, 'main.steady': 40, 'main.freed': 30 - 8 * minute },
    (1_700_000_000 + 60 * minute) * 1e9,
  ),
}));

const table = (page: Page) => page.getByRole('table', { name: 'Compare', exact: true });

/** Cells of the first rows: base, new, delta, delta%, significance; and the name. */
async function rows(page: Page, count: number): Promise<string[][]> {
  const all = table(page).locator('tbody tr');
  await expect(all.nth(count - 1).locator('td').first()).not.toBeEmpty();
  return all.evaluateAll(
    (list, most) =>
      list.slice(0, most).map((row) => {
        const cells = [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '');
        return [row.querySelector('.frame-cut')?.textContent ?? '', ...cells.slice(0, 4)];
      }),
    count,
  );
}

async function compare(page: Page, files: readonly { name: string; bytes: Buffer }[], hash = ''): Promise<void> {
  await visit(page, hash);
  await drop(page, files);
  await expect(page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveCount(files.length);
  await page.getByRole('tab', { name: 'Compare', exact: true }).click();
  await ready(page, 'Compare');
}

test('the earlier file becomes the baseline, and the differences are those of the tool', async ({ page }) => {
  // In whatever order they come.
  await compare(page, [after, before]);
  await expect(page).toHaveURL(/name=cpu-tuned\.pb\.gz/);
  await expect(page).toHaveURL(/base=cpu\.pb\.gz/);
  await page.getByRole('button', { name: 'Absolute', exact: true }).click();
  await ready(page, 'Compare');
  // go tool pprof -top -diff_base=cpu.pb.gz cpu-tuned.pb.gz prints 2.45s, -1.04s, 0.97s and -0.33s; and of the
  // files alone 3.42s and 5.87s for table, 1.24s for memmove.
  const got = await rows(page, 4);
  expect(got[0]).toEqual(['example.com/dirsync/internal/diff.table', '3.42s', '5.87s', '+2.45s', '+71.6%']);
  expect(got.map(([name, , , delta]) => [name, delta])).toEqual([
    ['example.com/dirsync/internal/diff.table', '+2.45s'],
    ['runtime.memmove', '-1.04s'],
    ['regexp.(*Regexp).tryBacktrack', '+970ms'],
    ['regexp/syntax.(*compiler).inst', '-330ms'],
  ]);
});

test('the first sentence says what happened to all of it', async ({ page }) => {
  await compare(page, [before, after]);
  // 23.13 s in 12.09 s and 22.38 s in 12.07 s: 1.91 and 1.85 cores. The ratio 0.969 with a half width of
  // 1.96 · √(1/2313 + 1/2238) = 0.0581: 0.914 to 1.027.
  await expect(page.locator('.compare-first')).toHaveText(
    'CPU per second is 1.91 cores in the baseline and 1.85 cores here: not distinguishable, −3.1% [−8.6%, +2.7%].',
  );
  await page.getByRole('button', { name: 'Normalised' }).click();
  await ready(page, 'Compare');
  await expect(page.locator('.compare-first')).toContainText('both are 100%');
  // 3.42 of 23.13 and 5.87 of 22.38.
  expect((await rows(page, 1))[0]).toEqual(['example.com/dirsync/internal/diff.table', '14.79%', '26.23%', '+11.44pp', '+77.4%']);
});

test('operations divide both sides', async ({ page }) => {
  await compare(page, [before, after]);
  await page.getByRole('button', { name: 'Per operation' }).click();
  await expect(page.getByText(/give both numbers/)).toBeVisible();
  await page.getByLabel('Operations of the baseline').fill('1000');
  await page.getByLabel('Operations of the baseline').press('Tab');
  await page.getByLabel('Operations of this file').fill('2000');
  await page.getByLabel('Operations of this file').press('Tab');
  await expect(page).toHaveURL(/ops=1000%2C2000/);
  await ready(page, 'Compare');
  // 23.13 s ÷ 1000 and 22.38 s ÷ 2000.
  await expect(page.locator('.compare-first')).toContainText('CPU time per operation fell from 23.13ms/op to 11.19ms/op: −51.6%');
});

test('columns sort, the search filters, a row says how sure it is', async ({ page }) => {
  await compare(page, [before, after]);
  const head = (name: string) => table(page).getByRole('columnheader', { name, exact: true }).getByRole('button');
  await head('base').click();
  await ready(page, 'Compare');
  expect((await rows(page, 1))[0]?.[0]).toBe('example.com/dirsync/internal/diff.table');
  await expect(page).toHaveURL(/cmpsort=flat\.base/);
  await head('Name').click();
  await ready(page, 'Compare');
  const names = (await rows(page, 12)).map(([name]) => name ?? '');
  expect(names).toEqual([...names].sort());
  await page.goBack();
  await expect(page).toHaveURL(/cmpsort=flat\.base/);
  await ready(page, 'Compare');
  await page.getByRole('button', { name: 'cum', exact: true }).click();
  await expect(page).toHaveURL(/cmpsort=cum\.base/);
  await ready(page, 'Compare');
  await page.getByRole('searchbox').fill('memmove');
  await expect(page.getByRole('region', { name: 'Differences' }).locator('.pane-count')).toContainText('of 834 functions');
  await ready(page, 'Compare');
  await table(page).locator('tbody tr').first().click();
  await expect(page.locator('.compare-why')).toContainText(/^Measured: 95% interval \[−?-?\d/);
  await expect(page.locator('.compare-why')).toContainText('p < 0.001');
});

test('a link and Back restore the pair, and roles can be changed', async ({ page }) => {
  await compare(page, [before, after]);
  await page.getByRole('button', { name: 'Swap the two files' }).click();
  await expect(page).toHaveURL(/name=cpu\.pb\.gz/);
  await ready(page, 'Compare');
  await expect(page.getByText(/The baseline was recorded .* after this file/)).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/name=cpu-tuned\.pb\.gz/);
  await ready(page, 'Compare');
  // The tab itself was one step.
  await page.goBack();
  await ready(page, 'Summary');
  await visit(page, 'file=demo/cpu.pb.gz&file=demo/cpu-tuned.pb.gz&view=compare&name=cpu.pb.gz&base=cpu-tuned.pb.gz&mode=absolute');
  await page.reload();
  await ready(page, 'Compare');
  expect((await rows(page, 1))[0]?.[3]).toBe('-2.45s');
  await page.getByRole('searchbox').fill('memmove');
  await page.getByRole('searchbox').press('Enter');
  // What is selected elsewhere is explained, too.
  await expect(page.locator('.compare-why')).toContainText('Measured');
  await goTo(page, 'Top');
  await page.getByRole('button', { name: 'Compare with cpu-tuned.pb.gz as the baseline' }).focus();
  await page.keyboard.press('Enter');
  await ready(page, 'Compare');
});

test('the picture has both sides of a box, and its keys walk it', async ({ page }) => {
  await compare(page, [before, after], 'mode=absolute');
  const tree = page.getByRole('tree', { name: 'Flame graph' });
  await expect(tree.getByRole('treeitem').first()).toHaveAttribute('aria-label', 'all, 23.13s before, 22.38s now, -750ms');
  await tree.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.flame-hover')).toContainText('→');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/zoom=/);
  // Another view has another tree.
  await goTo(page, 'Flame graph');
  await expect(page).not.toHaveURL(/zoom=/);
});

test('a canvas is drawn in red and blue', async ({ page }) => {
  await compare(page, [before, after], 'mode=absolute');
  const seen = await page.locator('.flame-canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let [red, blue] = [0, 0];
    for (let i = 0; i < data.length; i += 4) {
      if ((data[i] ?? 0) > (data[i + 2] ?? 0) + 40) red++;
      if ((data[i + 2] ?? 0) > (data[i] ?? 0) + 40) blue++;
    }
    return { red, blue };
  });
  expect(seen.red).toBeGreaterThan(1000);
  expect(seen.blue).toBeGreaterThan(1000);
});

test('one file alone says what it takes; other kinds are no candidates', async ({ page }) => {
  await compare(page, [before, heap]);
  await expect(page.getByRole('heading', { name: 'Compare takes two files of one kind' })).toBeVisible();
  await expect(page.getByRole('button', { name: /as the baseline$/ })).toHaveCount(0);
});

test('what is missing is said: durations, samples, a program that is another one', async ({ page }) => {
  const one = { name: 'one.pb.gz', bytes: cpuProfile([{ stack: ['app.a', 'app.main'], values: [5, 50_000_000] }]) };
  const other = { name: 'other.pb.gz', bytes: cpuProfile([{ stack: ['tool.x', 'tool.main'], values: [7, 70_000_000] }]) };
  await compare(page, [one, other]);
  const said = page.locator('.compare-said');
  await expect(said).toContainText('these seem to be different programs');
  await expect(said).toContainText('How long it ran is not known of both');
  await expect(said).toContainText('Only 5 samples in the baseline and 7 samples here');
  await expect(page.getByRole('button', { name: 'Normalised' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('button', { name: 'Per second' })).toHaveCount(0);
});

test('heaps are subtracted as they are, with their objects and errors', async ({ page }) => {
  await page.setViewportSize({ width: 1900, height: 900 });
  await compare(page, HEAPS.slice(0, 2));
  await expect(page.getByRole('group', { name: 'Compare' }).getByRole('button')).toHaveText(['Absolute']);
  expect((await rows(page, 1))[0]).toEqual(['main.cache', '20MB', '50MB', '+30MB', '+150%']);
  await expect(page.locator('.compare-first')).toContainText('inuse_space rose from 90MB to 112MB: +24.4% (+22MB)');
});

test('growth over three heaps is followed, drawn and listed', async ({ page }) => {
  // Given out of order.
  await compare(page, [HEAPS[1], HEAPS[2], HEAPS[0]].filter((one) => one !== undefined));
  await page.getByRole('button', { name: 'Growth' }).click();
  await expect(page).toHaveURL(/mode=growth/);
  await ready(page, 'Compare');
  // 90, 112 and 134 MiB in two minutes.
  await expect(page.locator('.compare-first')).toHaveText('inuse_space went from 90MB to 134MB: +44MB, +22MB/min on the whole.');
  const first = page.getByRole('table', { name: 'Growth', exact: true }).locator('tbody tr').first();
  await expect(first).toContainText('main.cache');
  await expect(first).toContainText('+60MB');
  await expect(first).toContainText('+30MB/min');
  await expect(first).toContainText('grows, steadily');
  await expect(page.getByRole('img', { name: /inuse_space of the 3 sites that grew most, in 3 files/ })).toBeVisible();
  await page.getByText('Figures of the chart').click();
  await expect(page.getByRole('row', { name: /^main\.cache 20MB 50MB 80MB$/ })).toBeVisible();
  await first.click();
  await expect(page.getByRole('complementary', { name: 'Details' }).getByRole('heading', { level: 2 })).toHaveText('main.cache');
});

test('goroutines without times keep the order in which they were opened', async ({ page }) => {
  const files = [60, 120, 200].map((count, i) => ({
    name: `g${i}.pb`,
    bytes: encodeProfile([['goroutine', 'count']], [{ stack: ['runtime.gopark', 'main.wait', 'main.main'], values: [count] }]),
  }));
  await compare(page, files);
  await page.getByRole('button', { name: 'Growth' }).click();
  await ready(page, 'Compare');
  await expect(page.locator('.compare-said')).toContainText('in the order in which they were opened');
  await expect(page.locator('.compare-first')).toHaveText('goroutine went from 60 to 200: +140.');
  await expect(page.getByRole('table', { name: 'Growth', exact: true }).locator('tbody tr').first()).toContainText('main.wait');
});

test('a baseline that is closed has to be chosen anew', async ({ page }) => {
  await compare(page, [before, after]);
  await page.getByRole('button', { name: 'Close cpu.pb.gz' }).click();
  await expect(page.getByRole('heading', { name: 'Compare takes two files of one kind' })).toBeVisible();
  await drop(page, [{ ...before, name: 'again.pb.gz' }]);
  await expect(page.getByRole('heading', { name: 'Choose a baseline' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Baseline' }).selectOption('cpu-tuned.pb.gz');
  await ready(page, 'Compare');
  await expect(page).toHaveURL(/name=again\.pb\.gz/);
  // Going to the baseline swaps the two.
  await page.getByRole('list', { name: 'Files' }).getByRole('button', { name: /^cpu-tuned\.pb\.gz/ }).click();
  await expect(page).toHaveURL(/base=again\.pb\.gz/);
  await ready(page, 'Compare');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no serious fault in ${colorScheme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme });
    await compare(page, [before, after]);
    await table(page).locator('tbody tr').first().click();
    expect(await serious(page)).toEqual([]);
    await visit(page);
    await page.reload();
    await compare(page, HEAPS);
    await page.getByRole('button', { name: 'Growth' }).click();
    await ready(page, 'Compare');
    await page.getByText('Figures of the chart').click();
    expect(await serious(page)).toEqual([]);
  });
}
