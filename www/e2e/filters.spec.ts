/** The filter bar: pprof's filters and options, in the page and in the URL. */
import type { Page } from '@playwright/test';
import { serious } from './axe';
import { cpu } from './files';
import { DEMO, golden } from './golden';
import { drop, expect, goTo, ready, saved, test, topCount, topRows, visit } from './page';

const CPU = 'file=demo/cpu.pb.gz&view=top';
const HEAP = 'file=demo/heap.pb.gz&view=top';

const bar = (page: Page) => page.getByRole('region', { name: 'Filters and options' });
const chips = (page: Page) => page.getByRole('list', { name: 'Filters' }).getByRole('listitem');
const left = (page: Page) => page.locator('.query-left');
const remarks = (page: Page) => page.locator('.query-remarks');

/** Opens the panel by its button and fills it in. */
async function write(page: Page, kind: string, expression: string): Promise<void> {
  await bar(page).getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByLabel('Kind of filter').selectOption({ label: kind });
  await page.getByRole('textbox', { name: `${kind} expression` }).fill(expression);
}

async function apply(page: Page, kind: string, expression: string): Promise<void> {
  await write(page, kind, expression);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

/** The first rows of the Top table as pprof's columns, without sum%. */
async function firstRows(page: Page, count: number): Promise<string[]> {
  return (await topRows(page, count)).map((row) => [row.flat, row.flatPct, row.cum, row.cumPct, row.name].join(' '));
}

/**
 * What `go tool pprof` (go1.27.3) says of the demo profiles with -symbolize=none -top -trim=false and the
 * filter: "Showing nodes accounting for …%" and the first rows.
 */
const CASES = [
  {
    kind: 'Focus', param: 'f', expression: 'regexp', left: '32.43%',
    rows: ['1.02s 4.41% 2.27s 9.81% regexp.(*Regexp).tryBacktrack', '0.70s 3.03% 0.72s 3.11% regexp.(*bitState).shouldVisit'],
  },
  {
    kind: 'Ignore', param: 'i', expression: '^runtime\\.', left: '42.93%',
    rows: ['3.42s 14.79% 3.73s 16.13% example.com/dirsync/internal/diff.table', '1.02s 4.41% 2.21s 9.55% regexp.(*Regexp).tryBacktrack'],
  },
  {
    kind: 'Hide', param: 'h', expression: '^runtime\\.', left: '91.44%',
    rows: ['5.64s 24.38% 6.20s 26.81% example.com/dirsync/internal/diff.table', '3.24s 14.01% 3.57s 15.43% example.com/dirsync/internal/diff.script'],
  },
  {
    kind: 'Show', param: 's', expression: '^example', left: '90.14%',
    rows: ['7.47s 32.30% 7.74s 33.46% example.com/dirsync/internal/ignore.(*Rule).matches', '6.20s 26.81% 6.20s 26.81% example.com/dirsync/internal/diff.table'],
  },
  {
    kind: 'Show from', param: 'sf', expression: 'tree\\.\\(\\*Dir\\)', left: '34.85%',
    rows: ['1.02s 4.41% 2.27s 9.81% regexp.(*Regexp).tryBacktrack', '0.70s 3.03% 0.72s 3.11% regexp.(*bitState).shouldVisit'],
  },
  {
    kind: 'Prune from', param: 'prunefrom', expression: '^regexp\\.', left: '100%',
    rows: ['4.98s 21.53% 5.02s 21.70% regexp.compile', '3.42s 14.79% 6.20s 26.81% example.com/dirsync/internal/diff.table'],
  },
  {
    kind: 'Tag focus', param: 'tf', expression: 'tenant=south', left: '45.18%',
    rows: ['1.61s 6.96% 2.89s 12.49% example.com/dirsync/internal/diff.table', '0.64s 2.77% 0.64s 2.77% runtime.memmove'],
  },
  {
    kind: 'Tag ignore', param: 'ti', expression: 'stage=patch', left: '54.35%',
    rows: ['1.02s 4.41% 2.27s 9.81% regexp.(*Regexp).tryBacktrack', '0.70s 3.03% 0.72s 3.11% regexp.(*bitState).shouldVisit'],
  },
  {
    kind: 'Tag leaf', param: 'tagleaf', expression: 'stage', left: '100%',
    // Where pprof has the values alone, the page has their key, too.
    rows: ['12.04s 52.05% 12.04s 52.05% no stage', '10.56s 45.65% 10.56s 45.65% stage:patch', '0.53s 2.29% 0.53s 2.29% stage:scan'],
  },
] as const;

for (const { kind, param, expression, left: share, rows } of CASES) {
  test(`${kind}: the rows and what is left are pprof’s, written by hand and by link`, async ({ page, context }) => {
    await visit(page, CPU);
    await ready(page, 'Top');
    await apply(page, kind, expression);
    await ready(page, 'Top');
    await expect.poll(() => firstRows(page, rows.length)).toEqual([...rows]);
    await expect(left(page)).toContainText(`${share} of 23.13s`);
    await expect(page).toHaveURL(new RegExp(`[#&]${param}=`));
    const second = await context.newPage();
    await second.goto(page.url());
    await ready(second, 'Top');
    expect(await firstRows(second, rows.length)).toEqual([...rows]);
    await second.close();
  });
}

test('Tag root puts values above the root; Tag show and Tag hide leave the numbers alone', async ({ page }) => {
  // -top -cum -tagroot=tenant has, among others, these rows: 10.45s 45.18% south, 10.34s 44.70% north.
  await visit(page, `${CPU}&tagroot=tenant&sort=cum`);
  await ready(page, 'Top');
  const rows = (await topRows(page, 12)).map(({ cum, cumPct, name }) => `${cum} ${cumPct} ${name}`);
  expect(rows).toContain('10.45s 45.18% tenant:south');
  expect(rows).toContain('10.34s 44.70% tenant:north');
  for (const kind of ['Tag show', 'Tag hide']) await apply(page, kind, 'stage');
  await expect(chips(page)).toHaveCount(3);
  await expect(left(page)).toContainText('100% of 23.13s');
});

test('a range of a numeric label', async ({ page }) => {
  // -sample_index=alloc_space -tagfocus=bytes=4kb:8kb: 7447.23MB, 50.04% of 14881.38MB total, and the remark.
  await visit(page, `${HEAP}&si=alloc_space&tf=bytes%3D4kb%3A8kb`);
  await ready(page, 'Top');
  await expect(left(page)).toContainText('50.04% of 14.53GB');
  await expect(remarks(page)).toContainText("Interpreted '4kb:8kb' as range, not regexp");
});

test('a chip is switched off and on, changed and removed; Back undoes each step', async ({ page }) => {
  await visit(page, CPU);
  await ready(page, 'Top');
  const all = await topCount(page);
  await apply(page, 'Focus', 'regexp');
  await expect.poll(() => topCount(page)).toBeLessThan(all);
  const focused = await topCount(page);
  const chip = page.getByRole('button', { name: 'Focus regexp' });
  await expect(chip).toHaveAttribute('aria-pressed', 'true');

  await chip.click();
  await expect(chip).toHaveAttribute('aria-pressed', 'false');
  await expect(page).toHaveURL(/off=f/);
  await expect.poll(() => topCount(page)).toBe(all);
  await page.goBack();
  await expect(chip).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => topCount(page)).toBe(focused);
  await page.goForward();
  await expect.poll(() => topCount(page)).toBe(all);
  // Off it stays through a reload: the link holds it.
  await page.reload();
  await ready(page, 'Top');
  await expect(chip).toHaveAttribute('aria-pressed', 'false');
  await chip.click();
  await expect.poll(() => topCount(page)).toBe(focused);

  await page.getByRole('button', { name: 'Edit Focus' }).click();
  await page.getByRole('textbox', { name: 'Focus expression' }).fill('^runtime\\.');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('button', { name: 'Focus ^runtime\\.' })).toBeVisible();
  await page.getByRole('button', { name: 'Remove Focus' }).click();
  await expect(chips(page)).toHaveCount(0);
  await expect.poll(() => topCount(page)).toBe(all);
  await page.goBack();
  await page.goBack();
  await expect.poll(() => topCount(page)).toBe(focused);
});

test('the first filter does not move the view', async ({ page }) => {
  await visit(page, CPU);
  await ready(page, 'Top');
  const top = (): Promise<number | undefined> => page.getByRole('tabpanel').evaluate((view) => view.getBoundingClientRect().top);
  const before = await top();
  await apply(page, 'Focus', 'regexp');
  await expect(left(page)).toHaveText('32.43% of 23.13s');
  expect(await top()).toBe(before);
});

test('a filter that is set is not replaced unseen', async ({ page }) => {
  await visit(page, `${CPU}&f=regexp`);
  await ready(page, 'Top');
  await expect(chips(page)).toHaveCount(1);
  await bar(page).getByRole('button', { name: 'Filter', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Filter' });
  const kind = panel.getByLabel('Kind of filter');
  await expect(kind).toHaveValue('ignore');
  await expect(kind.locator('option', { hasText: 'set' })).toHaveText(['Focus — set']);
  await expect(panel.getByRole('button', { name: 'Apply' })).toBeVisible();
  // Untouched, the field shows what the chosen kind has.
  await kind.selectOption('focus');
  await expect(panel.getByRole('textbox')).toHaveValue('regexp');
  await expect(panel.getByRole('button', { name: 'Replace' })).toBeVisible();
  await expect(panel).toContainText('replaces regexp');
  await kind.selectOption('hide');
  await expect(panel.getByRole('textbox')).toHaveValue('');
  await panel.getByRole('textbox').fill('json');
  await kind.selectOption('focus');
  await expect(panel.getByRole('textbox')).toHaveValue('json');
  await panel.getByRole('button', { name: 'Replace' }).click();
  await expect(page.getByRole('button', { name: 'Focus json' })).toBeVisible();
  // What is opened to be changed is changed.
  await page.getByRole('button', { name: 'Edit Focus' }).click();
  await expect(panel.getByRole('button', { name: 'Apply' })).toBeVisible();
  await expect(panel).not.toContainText('replaces');
});

test('the focus goes to the new chip, and from one that is removed to the next', async ({ page }) => {
  await visit(page, CPU);
  await ready(page, 'Top');
  await apply(page, 'Focus', 'regexp');
  await expect(page.getByRole('button', { name: 'Focus regexp' })).toBeFocused();
  await page.keyboard.press('f');
  await page.getByRole('textbox', { name: 'Ignore expression' }).fill('json');
  await page.keyboard.press('Enter');
  const ignore = page.getByRole('button', { name: 'Ignore json' });
  await expect(ignore).toBeFocused();
  await page.getByRole('button', { name: 'Remove Focus' }).press('Enter');
  await expect(ignore).toBeFocused();
  await page.getByRole('button', { name: 'Edit Ignore' }).press('Enter');
  await page.getByRole('textbox', { name: 'Ignore expression' }).fill('');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(bar(page).getByRole('button', { name: 'Filter', exact: true })).toBeFocused();
});

test('while an expression is written, its mistake is shown with its place, and the view stays', async ({ page }) => {
  await visit(page, `${CPU}&f=regexp`);
  await ready(page, 'Top');
  const focused = await topCount(page);
  await write(page, 'Ignore', 'syntax');
  const panel = page.getByRole('dialog', { name: 'Filter' });
  await expect(panel.getByRole('status')).toContainText(/Leaves [\d.]+% of 23\.13s/);
  const input = page.getByRole('textbox', { name: 'Ignore expression' });
  await input.fill('syntax(');
  const alert = panel.getByRole('alert');
  await expect(alert).toBeVisible();
  await expect(alert.locator('mark')).toHaveCount(1);
  await expect(input).toHaveAttribute('aria-invalid', 'true');
  // Enter does not take it.
  await input.press('Enter');
  await expect(panel).toBeVisible();
  await expect(page).not.toHaveURL(/[#&]i=/);
  expect(await topCount(page)).toBe(focused);
  await input.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(bar(page).getByRole('button', { name: 'Filter', exact: true })).toBeFocused();
  await expect(chips(page)).toHaveCount(1);
});

test('a link with a mistake says where, and the last good view stays', async ({ page }) => {
  await visit(page, `${CPU}&f=regexp`);
  await ready(page, 'Top');
  const focused = await topCount(page);
  await page.evaluate((hash) => (location.hash = hash), `#${CPU}&f=regexp(&i=syntax`);
  const alert = bar(page).getByRole('alert');
  await expect(alert).toContainText('is not a valid expression and is not applied, the view still has regexp: ');
  await expect(alert.locator('mark')).toHaveCount(1);
  // What can be used of the link is.
  await expect.poll(() => topCount(page)).toBeLessThan(focused);
  await ready(page, 'Top');
  expect((await topRows(page, 1))[0]?.flat).not.toBe('0');

  // As the first view there is no good one before it: the filter is left out.
  await page.goto('about:blank');
  await visit(page, `${CPU}&f=regexp(`);
  await ready(page, 'Top');
  await expect(bar(page).getByRole('alert')).toContainText('is not a valid expression and is not applied: ');
  expect(await topCount(page)).toBeGreaterThan(focused);
});

test('values that mean nothing are told in one line, and ignored', async ({ page }) => {
  await visit(page, `${HEAP}&si=nope&unit=parsec&n=many&mean=perhaps`);
  await ready(page, 'Top');
  const note = page.locator('.query-note');
  for (const word of ['nope', 'alloc_space', 'parsec', 'n=many', 'mean=perhaps']) await expect(note).toContainText(word);
  // The default of this heap profile, whole.
  expect(await topCount(page)).toBeGreaterThan(20);
  await note.getByRole('button').click();
  await expect(note).toHaveCount(0);
  await expect(page).not.toHaveURL(/parsec|nope/);
});

test('the query of a pprof URL works on the page’s own', async ({ page }) => {
  // -sample_index=alloc_space -focus='regexp\.compile$': 18.46% of 14881.38MB.
  await page.goto('./?f=regexp%5C.compile%24&si=alloc_space#file=demo/heap.pb.gz&view=top');
  await ready(page, 'Top');
  await expect(left(page)).toContainText('18.46% of 14.53GB');
  await expect(page).toHaveURL(/\/#file=/);
  await expect(page.getByLabel('Sample type').locator('option:checked')).toContainText('alloc_space');
  // A sample type by its number: alloc_objects is the first.
  await page.goto('about:blank');
  await page.goto('./?si=0&g=lines&noinlines=t&unit=auto#file=demo/heap.pb.gz&view=top');
  await ready(page, 'Top');
  await expect(page.getByLabel('Sample type').locator('option:checked')).toContainText('alloc_objects');
  await expect(page.getByLabel('Group by')).toHaveValue('lines');
  await expect(page.getByLabel('Inlined frames')).not.toBeChecked();
});

test('calltree of a pprof URL counts for what is saved; ef is told', async ({ page }) => {
  await page.goto('./?calltree=t&ef=0.5#file=demo/cpu.pb.gz&view=top');
  await ready(page, 'Top');
  await expect(page.locator('.query-note')).toContainText('ef=0.5 in the link has no meaning here');
  await page.getByRole('button', { name: 'Save as…' }).click();
  const panel = page.getByRole('dialog', { name: 'Save as' });
  const size = async (): Promise<number> =>
    (await saved(page, () => panel.getByRole('button', { name: 'Callgrind' }).click())).bytes.length;
  await expect(panel.getByLabel('Call tree')).toBeChecked();
  const tree = await size();
  await panel.getByLabel('Call tree').uncheck();
  await expect(page).not.toHaveURL(/calltree/);
  expect(await size()).not.toBe(tree);
});

test('the landing page says that filters of the link wait for a file', async ({ page }) => {
  await visit(page, 'f=regexp&h=runtime');
  await expect(page.getByRole('status').filter({ hasText: 'Focus regexp, Hide runtime' })).toBeVisible();
});

test('options: unit, relative percentages, mean and trim', async ({ page }) => {
  await visit(page, `${CPU}&f=json`);
  await ready(page, 'Top');
  await page.getByRole('button', { name: 'Options' }).click();
  const options = page.getByRole('dialog', { name: 'Options' });
  // -focus=json -trim=false: 0.43s of 23.13s; with -unit=ms 430ms, with -relative_percentages 100%.
  await options.getByLabel('Unit').selectOption('ms');
  await expect.poll(async () => (await topRows(page, 1))[0]?.flat).toMatch(/ms$/);
  const all = await topCount(page);
  await options.getByLabel('Trim').check();
  await expect(page).toHaveURL(/trim=t/);
  await options.getByLabel('Relative percentages').check();
  await expect(page).toHaveURL(/rel=t/);
  await expect.poll(() => topCount(page)).toBeLessThanOrEqual(all);
  // What is not allowed is said, not taken back without a word.
  await options.getByLabel('Node fraction').fill('2');
  await options.getByLabel('Node fraction').press('Tab');
  await expect(options).toContainText('Node fraction is a number from 0 to 1.');
  await expect(options.getByLabel('Node fraction')).toHaveValue('0.005');
  await options.getByLabel('Node fraction').fill('0.005');
  await options.getByLabel('Node count').fill('1.5');
  await options.getByLabel('Node count').press('Tab');
  await expect(options).toContainText('Node count is a whole number from 0 to 1 000 000.');
  await options.getByLabel('Node count').fill('3');
  await options.getByLabel('Node count').press('Tab');
  await expect.poll(() => topCount(page)).toBe(3);
  await expect(page.getByRole('button', { name: 'Options, 3 set' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(options).toHaveCount(0);

  // -mean -sample_index=alloc_space: 4011B, which is 3.92kB; the share is that of the sums, 5.93GB, 40.83%.
  // The page sorts by the mean itself.
  await page.goto('about:blank');
  await visit(page, `${HEAP}&si=alloc_space&mean=t`);
  await ready(page, 'Top');
  const rows = await topRows(page, await topCount(page));
  const script = rows.find((row) => row.name === 'example.com/dirsync/internal/diff.script');
  expect(script?.flat).toBe('3.92kB');
  expect(script?.flatPct).toBe('40.83%');

  // No row has twice the total.
  await page.goto('about:blank');
  await visit(page, `${HEAP}&si=alloc_space&nf=2`);
  await expect(page.getByText('Every row is trimmed: see Options.')).toBeVisible();
});

test('when nothing is left every view says so and offers the way back', async ({ page }) => {
  await visit(page, `${CPU}&f=nothing_is_called_this`);
  await ready(page, 'Top');
  await expect(remarks(page)).toContainText('Focus expression matched no samples');
  for (const tab of ['Summary', 'Flame graph', 'Hot paths', 'Callers & callees', 'Allocations', 'Top'] as const) {
    await goTo(page, tab);
    await expect(page.getByText('The filters leave nothing.')).toBeVisible();
  }
  await goTo(page, 'Report');
  await expect(page.getByText('filters and options do not apply to it')).toBeVisible();
  await expect(bar(page)).toHaveClass(/unused/);
  await goTo(page, 'Top');
  await page.getByRole('button', { name: 'Switch the filter off' }).click();
  await ready(page, 'Top');
  expect(await topCount(page)).toBeGreaterThan(100);
});

test('filters of the selected function; the selection stays, or the page says where it went', async ({ page }) => {
  await visit(page, `${CPU}&sel=regexp.compile`);
  await ready(page, 'Top');
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByRole('heading', { name: 'regexp.compile' })).toBeVisible();
  await details.getByRole('button', { name: 'Focus' }).click();
  await expect(page.getByRole('button', { name: 'Focus ^regexp\\.compile$' })).toBeVisible();
  await expect(details.getByRole('heading', { name: 'regexp.compile' })).toBeVisible();
  await details.getByRole('button', { name: 'Hide' }).click();
  await expect(details).toContainText('The filters leave nothing of');
  await page.goBack();
  await expect(details.getByRole('heading', { name: 'regexp.compile' })).toBeVisible();
});

test('search, selection and zoom stay through a change of filters', async ({ page }) => {
  await visit(page, 'file=demo/cpu.pb.gz&view=top&sel=regexp.compile&search=syntax');
  await ready(page, 'Top');
  await page.getByRole('complementary', { name: 'Details' }).getByRole('button', { name: 'Flame graph' }).click();
  await ready(page, 'Flame graph');
  await expect(page).toHaveURL(/zoom=/);
  await apply(page, 'Hide', '^example');
  await ready(page, 'Flame graph');
  await expect(page).toHaveURL(/zoom=/);
  await expect(page).toHaveURL(/sel=regexp\.compile/);
  await expect(page.getByRole('searchbox')).toHaveValue('syntax');
  // Without it there is nothing to zoom to.
  await apply(page, 'Ignore', '^regexp\\.compile$');
  await ready(page, 'Flame graph');
  await expect(page).not.toHaveURL(/zoom=/);
  await page.goBack();
  await expect(page).toHaveURL(/zoom=/);
});

test('a right click on a box or row offers filters by its function', async ({ page }) => {
  await visit(page, CPU);
  await ready(page, 'Top');
  const table = page.getByRole('table', { name: 'Top', exact: true });
  await table.locator('tbody tr').first().click({ button: 'right' });
  const menu = page.getByRole('menu', { name: 'example.com/dirsync/internal/diff.table' });
  await menu.getByRole('menuitem', { name: 'Ignore' }).click();
  await expect(page.getByRole('button', { name: 'Ignore ^example\\.com/dirsync/internal/diff\\.table$' })).toBeVisible();
  await ready(page, 'Top');
  // A second function joins the first.
  const next = (await topRows(page, 1))[0]?.name ?? '';
  await table.locator('tbody tr').first().click({ button: 'right' });
  await page.getByRole('menu', { name: next }).getByRole('menuitem', { name: 'Ignore' }).press('Enter');
  await expect(chips(page)).toHaveCount(1);
  await expect(chips(page)).toContainText('…');
  await expect(page.getByRole('button', { name: /^Ignore \^example.*\$\|\^/ })).toBeVisible();

  await goTo(page, 'Flame graph');
  await page.locator('.flame-scroll').click({ button: 'right', position: { x: 40, y: 30 } });
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
});

test('a change of filters reads nothing again', async ({ page }) => {
  await page.addInitScript(() => {
    const log: string[] = [];
    Object.assign(window, { posted: log });
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message: { type: string; verb?: string }, ...rest: never[]): void {
      log.push(message.verb ?? message.type);
      post.call(this, message, ...rest);
    };
  });
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Top');
  await apply(page, 'Focus', 'regexp');
  await apply(page, 'Hide', 'runtime');
  await page.getByRole('button', { name: 'Focus regexp' }).click();
  await ready(page, 'Top');
  const posted = await page.evaluate(() => (window as unknown as { posted: string[] }).posted);
  expect(posted.filter((one) => one === 'open')).toHaveLength(1);
  expect(posted).toContain('filters');
});

test('f opens the panel while nothing is selected; the help lists it', async ({ page }) => {
  await visit(page, CPU);
  await ready(page, 'Top');
  await page.keyboard.press('f');
  const input = page.getByRole('textbox', { name: 'Focus expression' });
  await expect(input).toBeFocused();
  await input.fill('^regexp\\.compile$');
  await page.keyboard.press('Enter');
  await expect(chips(page)).toHaveCount(1);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys and gestures' });
  await expect(help).toContainText('Filter');
  await expect(help).toContainText('Collapse direct recursion');
});

test('Top is saved as pprof writes it', async ({ page }) => {
  await visit(page, `${HEAP}&si=alloc_space`);
  await ready(page, 'Top');
  await page.getByRole('button', { name: 'Save as…' }).click();
  const panel = page.getByRole('dialog', { name: 'Save as' });
  const { name, bytes } = await saved(page, () => panel.getByRole('button', { name: 'Top', exact: true }).click());
  expect(name).toBe('heap-top.txt');
  await expect(panel.getByRole('status')).toHaveText('Handed heap-top.txt to the browser');
  const text = bytes.toString();
  const want = golden(DEMO.heap, '-top -sample_index=alloc_space');
  expect(text).toContain(`of ${want.total} total`);
  expect(text.trimEnd().split('\n')).toHaveLength(want.rows.length + text.split('\n').findIndex((line) => line.includes('flat%')) + 1);
  // Peek has to know about whom.
  await panel.getByRole('button', { name: 'Peek' }).click();
  await expect(panel.getByLabel('Functions')).toBeFocused();
});

test('every report arrives as a file with something in it; without comments the page says so', async ({ page }) => {
  await visit(page, `${CPU}&f=regexp`);
  await ready(page, 'Top');
  await page.getByRole('button', { name: 'Save as…' }).click();
  const panel = page.getByRole('dialog', { name: 'Save as' });
  await panel.getByLabel('Functions').fill('compile');
  const buttons = panel.locator('.save-button');
  const labels = await buttons.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
  expect(labels).not.toContain('List');
  expect(labels).toEqual(expect.arrayContaining(['Top', 'Peek', 'DOT', 'CSV', 'JSON']));
  const names = new Set<string>();
  for (const label of labels) {
    const button = panel.getByRole('button', { name: label, exact: true });
    if (label === 'Comments') {
      await button.click();
      await expect(panel.getByRole('status')).toHaveText('This profile has no comments.');
      continue;
    }
    // Chromium drops what a page saves beyond ten files in a second, and says nothing.
    if (names.size % 8 === 7) await page.waitForTimeout(1500);
    const { name, bytes } = await saved(page, () => button.click());
    names.add(name);
    const text = bytes.toString();
    expect(text.length, label).toBeGreaterThan(0);
    if (label === 'CSV') expect(text.split('\n')[0]).toContain(',');
    if (label === 'JSON' || label === 'Speedscope') expect(() => JSON.parse(text) as unknown).not.toThrow();
  }
  expect(names.size).toBe(labels.length - 1);
});

test('eight filters on a narrow screen leave room for the view, and nothing is wider than it', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const long = encodeURIComponent('^'.padEnd(80, 'long_name_'));
  await visit(page, `file=demo/cpu.pb.gz&view=flame&f=regexp|json&i=${long}&h=a&s=regexp|main&sf=main&tf=tenant%3D.*&ts=x&th=y&off=ts,th,s`);
  await ready(page, 'Flame graph');
  await expect(chips(page)).toHaveCount(8);
  const wide = await page.locator('.query-bar, .query-bar *').evaluateAll((all) =>
    all.filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML.slice(0, 80)),
  );
  expect(wide).toEqual([]);
  expect(await page.getByRole('tabpanel').evaluate((view) => view.clientHeight)).toBeGreaterThan(150);
  for (const name of ['Filter', 'Options', 'Save as…']) {
    await bar(page).getByRole('button', { name, exact: true }).click();
    await expect(page.getByRole('dialog')).toBeInViewport({ ratio: 0.99 });
    await page.keyboard.press('Escape');
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('the bar and its panels have no serious fault', async ({ page }) => {
      test.slow();
      await visit(page, `${CPU}&f=regexp&i=a(&h=x&off=h&unit=parsec`);
      await ready(page, 'Top');
      expect(await serious(page)).toEqual([]);
      await write(page, 'Show', 'a(');
      await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible();
      expect(await serious(page)).toEqual([]);
      await page.keyboard.press('Escape');
      for (const name of [/^Options/, 'Save as…']) {
        await page.getByRole('button', { name }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        expect(await serious(page)).toEqual([]);
        await page.keyboard.press('Escape');
      }
    });
  });
}
