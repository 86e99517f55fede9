/** Execution traces: figures as the oracle has them, sections, rows in full, ways to other views, links, keys. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { NamedFile } from './archive';
import { serious } from './axe';
import { cpu } from './files';
import { profileBytes } from './golden';
import { command, drop, expect, goTo, param, ready, saved, tabTo, test, visit } from './page';

const file = (name: string): NamedFile => ({ name, bytes: profileBytes(`trace/${name}`) });
const mixed = file('mixed-1.27.trace');
const starved = file('pool-starved.trace');
const assist = file('gc-assist.trace');

/** Times and counts of a kind of spans, or of stops. */
interface Spans {
  count: number;
  total: number;
  p50: number;
  p99: number;
  max: number;
}

/** What Go's own reader was asked, by a program that shares no code with the page. */
interface Oracle {
  n_goroutines: number;
  n_tasks: number;
  facts: {
    wall: number;
    cycles: number;
    stops: Record<string, Spans>;
    groups: Record<string, { goroutines: number; most: number; spans: Record<string, Spans> }>;
  };
}

function oracle(name: string): Oracle {
  const path = join(import.meta.dirname, '..', '..', 'testdata', 'trace', 'golden', `${name}.oracle.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Oracle;
}

/** Nanoseconds as the page writes them: of a microsecond the clock, which ticks every 64 ns, tells a tenth. */
function text(nanos: number): string {
  const [unit, size, digits] = nanos >= 1e9 ? ['s', 1e9, 2] : nanos >= 1e6 ? ['ms', 1e6, 2] : ['us', 1e3, 1];
  return `${(nanos / Number(size)).toFixed(Number(digits)).replace(/\.0+$/, '')}${unit}`;
}

async function open(page: Page, of: NamedFile, hash = ''): Promise<void> {
  await visit(page, `view=trace${hash}`);
  await drop(page, [of]);
  await ready(page, 'Trace');
}

const sections = (page: Page): Locator => page.getByRole('navigation', { name: 'Sections of the trace' });
const entry = (page: Page, title: string): Locator => sections(page).getByRole('button', { name: new RegExp(`^${title}`) });
const section = (page: Page, title: string): Locator => page.getByRole('region', { name: title, exact: true });
const table = (page: Page, name: string): Locator => page.getByRole('table', { name, exact: true });
const detail = (page: Page): Locator => page.getByRole('complementary', { name: 'Selected row' });

async function goToSection(page: Page, title: string): Promise<void> {
  await entry(page, title).click();
  await expect(section(page, title)).toHaveAttribute('aria-busy', 'false');
  await expect(section(page, title).getByRole('heading', { name: title, exact: true })).toBeVisible();
}

/** Cells of the rows that are drawn. */
async function rows(page: Page, name: string): Promise<string[][]> {
  return table(page, name).locator('tbody tr').evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim() ?? '')));
}

/** The cell of a row under a heading. */
async function cell(page: Page, name: string, row: RegExp, heading: string): Promise<string> {
  const all = await table(page, name).getByRole('columnheader').allTextContents();
  const found = (await rows(page, name)).find((cells) => cells.some((one) => row.test(one)));
  // What explains a heading stands in it, too.
  return found?.[all.findIndex((one) => one.startsWith(heading))] ?? '';
}

test('the summary of a trace leads into its view, section by section', async ({ page }) => {
  await visit(page);
  await drop(page, [mixed]);
  await ready(page, 'Summary');
  const way = page.getByRole('navigation', { name: 'Sections of the trace' });
  await expect(way.getByRole('button', { name: 'GC cycles 9 cycles, 37.1/s' })).toBeAttached();
  await way.getByRole('button', { name: /^Goroutines/ }).click();
  await ready(page, 'Trace');
  await expect(section(page, 'Goroutines')).toBeVisible();
  await page.goBack();
  await ready(page, 'Summary');
  await way.getByRole('button', { name: 'Open Trace' }).click();
  await ready(page, 'Trace');
  await expect(section(page, 'Procs')).toBeVisible();
});

test('the head and the sections have the figures of the trace', async ({ page }) => {
  // Of mixed-1.27: 155 goroutines, 13 of which the runtime has for itself (28 of `corostart` run the program's own
  // iterators), 436 tasks, 9 cycles, 49 stops in 242.364 ms.
  await open(page, mixed);
  await expect(page.getByRole('heading', { name: /^242\.36ms, 142 goroutines/ })).toBeVisible();
  await expect(page.getByText('142 of the program, 13 of the runtime; 135 began, 136 ended')).toBeVisible();
  await expect(entry(page, 'GC cycles')).toContainText('9 cycles, 37.1/s');
  await expect(entry(page, 'Stops of the world')).toContainText('49 stops, 0.90%');
  await expect(entry(page, 'Tasks')).toContainText('436 tasks');
  await expect(entry(page, 'CPU samples')).toContainText('9 samples');
  await expect(page.getByRole('region', { name: 'What was not used' })).toHaveCount(0);
  await goToSection(page, 'GC cycles');
  await expect.poll(() => rows(page, 'GC cycles')).toHaveLength(9);
});

test('a pool that starves: its goroutines, what they waited for, and how long', async ({ page }) => {
  const { facts } = oracle('pool-starved');
  const name = 'example.com/tracing/pool.(*pool).work';
  const group = facts.groups[name];
  if (group === undefined) throw new Error('the oracle has no such group');
  const waits = group.spans['Waiting:chan receive'] as Spans;
  await open(page, starved);
  await goToSection(page, 'Goroutines');
  expect(await cell(page, 'Goroutines', /work$/, 'Count')).toBe(String(group.goroutines));
  expect(await cell(page, 'Goroutines', /work$/, 'At most')).toBe(String(group.most));
  expect(await cell(page, 'Goroutines', /work$/, 'Running')).toBe(text((group.spans['Running'] as Spans).total));
  expect(await cell(page, 'Goroutines', /work$/, 'To run')).toBe(text((group.spans['Runnable'] as Spans).total));
  expect(await cell(page, 'Goroutines', /work$/, 'Blocked')).toBe(text(waits.total));
  expect(await cell(page, 'Goroutines', /work$/, 'Mostly for')).toBe('chan receive');
  await goToSection(page, 'Worker pools');
  // Four from the first moment to the last: on average, too.
  expect(await cell(page, 'Worker pools', /work$/, 'Workers')).toBe('4.00');
  await goToSection(page, 'Blocking');
  expect(await cell(page, 'Blocking', /^chan receive$/, 'Count')).toBe(String(waits.count));
  expect(await cell(page, 'Blocking', /^chan receive$/, 'Longest')).toBe(text(waits.max));
});

test('a collector that is always at work: cycles, stops, assists', async ({ page }) => {
  const { facts } = oracle('gc-assist');
  await open(page, assist);
  // Two that assist, main and its timer; ten more are the runtime's.
  await expect(page.getByRole('heading', { name: new RegExp(`^${text(facts.wall)}, 4 goroutines`) })).toBeVisible();
  const stops = Object.entries(facts.stops);
  const count = stops.reduce((sum, [, one]) => sum + one.count, 0);
  const share = (stops.reduce((sum, [, one]) => sum + one.total, 0) / facts.wall) * 100;
  await expect(entry(page, 'Stops of the world')).toContainText(`${count} stops, ${share.toFixed(2)}%`);
  await expect(entry(page, 'GC cycles')).toContainText(`${facts.cycles} cycles`);
  await goToSection(page, 'Stops of the world');
  for (const [reason, one] of stops) {
    const row = new RegExp(`^${/\((.*)\)/.exec(reason)?.[1] ?? ''}$`);
    expect(await cell(page, 'Stops of the world', row, 'Count')).toBe(String(one.count));
    expect(await cell(page, 'Stops of the world', row, 'Total')).toBe(text(one.total));
    expect(await cell(page, 'Stops of the world', row, 'Longest')).toBe(text(one.max));
  }
  await goToSection(page, 'GC assists');
  await expect(table(page, 'GC assists')).toContainText('Assist.func1');
});

test('an idle trace says of its empty sections what would fill them', async ({ page }) => {
  await open(page, file('idle.trace'));
  await expect(entry(page, 'GC cycles')).toContainText('No collection was seen.');
  await entry(page, 'Tasks').click();
  await ready(page, 'Trace');
  await expect(section(page, 'Tasks')).toContainText('The program marks no tasks: trace.NewTask does.');
  await expect(section(page, 'Tasks').getByRole('button', { name: 'CSV' })).toBeDisabled();
});

test('a trace that ends in the middle is read as far as it goes, and says so', async ({ page }) => {
  const { bytes } = file('mixed-generations.trace');
  await open(page, { name: 'cut.trace', bytes: bytes.subarray(0, Math.floor((bytes.length * 2) / 3)) });
  const losses = page.getByRole('region', { name: 'What was not used' });
  await expect(losses).toContainText('Not all of this trace is in the figures.');
  await expect(losses).toContainText('The file ends before the trace does');
  await expect.poll(() => rows(page, 'Procs')).not.toHaveLength(0);
});

test('a trace of the old format is refused, with what to do', async ({ page }) => {
  await visit(page);
  await drop(page, [file('mixed-1.21.trace')]);
  const message = page.getByRole('alert').filter({ hasText: 'could not be read' });
  await expect(message).toContainText('traces can be read from Go 1.22 on');
  await expect(message).toContainText('record it anew');
});

test('a file of another kind is told how to record a trace, and which file is one', async ({ page }) => {
  await visit(page, 'view=trace');
  await drop(page, [cpu, starved]);
  await ready(page, 'Trace');
  const teaching = page.getByRole('region', { name: 'Trace', exact: true });
  await expect(teaching).toContainText('This file is no execution trace');
  await expect(teaching).toContainText('-trace=trace.out');
  await expect(teaching).toContainText('NewFlightRecorder');
  await teaching.getByRole('button', { name: 'pool-starved.trace' }).click();
  await ready(page, 'Trace');
  await expect(page.getByRole('heading', { name: /^309\.65ms/ })).toBeVisible();
});

test('a row leads to its parts and back; Back takes each step back', async ({ page }) => {
  await open(page, mixed);
  await goToSection(page, 'Goroutines');
  const all = (await rows(page, 'Goroutines')).length;
  const ofRuntime = Number(await cell(page, 'Goroutines', /^the runtime's own/, 'Count'));
  const work = table(page, 'Goroutines').locator('tbody tr').filter({ hasText: '(*mirror).work' });
  await work.getByRole('button', { name: /^Single goroutines: / }).click();
  const parts = 'Single goroutines of example.com/tracing/mirror.(*mirror).work';
  await expect.poll(() => rows(page, parts)).toHaveLength(3);
  await expect(entry(page, 'Goroutines')).toHaveAttribute('aria-current', 'true');
  await page.getByRole('button', { name: 'All of them' }).click();
  await expect(section(page, 'Single goroutines')).toContainText(`${155 - ofRuntime} rows`);
  await page.goBack();
  await expect.poll(() => rows(page, parts)).toHaveLength(3);
  await section(page, 'Single goroutines').getByRole('button', { name: 'Goroutines', exact: true }).click();
  await expect.poll(() => rows(page, 'Goroutines')).toHaveLength(all);
  // What led there is where the way back goes.
  await goToSection(page, 'Worker pools');
  await table(page, 'Worker pools').getByRole('button', { name: /^Single goroutines: .*work$/ }).click();
  await expect.poll(() => rows(page, parts)).toHaveLength(3);
  await section(page, 'Single goroutines').getByRole('button', { name: 'Worker pools', exact: true }).click();
  await expect(section(page, 'Worker pools')).toBeVisible();
});

test('an opened row tells figures, stack and pictures; the keyboard does all of it', async ({ page }) => {
  await open(page, mixed, '&tr.section=groups');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(table(page, 'Goroutines').locator('tr[aria-current=true]')).toContainText('(*mirror).work');
  await expect(detail(page)).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(detail(page).getByRole('heading', { name: 'example.com/tracing/mirror.(*mirror).work' })).toBeVisible();
  await expect(detail(page).getByRole('table', { name: 'How they spent their time' })).toContainText('chan receive');
  await expect(detail(page).getByRole('img', { name: /^Each run: a histogram of / })).toBeAttached();
  // What is open follows the selection.
  await page.keyboard.press('ArrowDown');
  await expect(detail(page).getByRole('heading', { name: 'example.com/tracing/mirror.(*pause).watch' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect.poll(() => rows(page, 'Single goroutines of example.com/tracing/mirror.(*pause).watch')).toHaveLength(2);
  await page.goBack();
  await expect(detail(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(detail(page)).toBeHidden();
  expect(param(page, 'tr.row')).toBeNull();
  await page.keyboard.press(']');
  await expect(section(page, 'Scheduler latency')).toBeVisible();
  await page.keyboard.press('[');
  await page.keyboard.press('[');
  await expect(section(page, 'Procs')).toBeVisible();
  await command(page, 'Trace: Blocking');
  await expect(section(page, 'Blocking')).toBeVisible();
});

test('the edge of an open row is moved by a drag and by arrows; closed, the rows have the focus', async ({ page }) => {
  await open(page, mixed, '&tr.section=groups&tr.row=1');
  const height = async (): Promise<number> => (await detail(page).boundingBox())?.height ?? 0;
  const before = await height();
  const edge = page.getByRole('separator', { name: 'Height of the open row' });
  await edge.focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(height).toBeGreaterThan(before);
  const box = await edge.boundingBox();
  if (box === null) throw new Error('there is no edge');
  await page.mouse.move(box.x + 100, box.y + 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 100, box.y + 150);
  await page.mouse.up();
  await expect.poll(height).toBeLessThan(before);
  await page.getByRole('button', { name: 'Close the row' }).click();
  await expect(page.getByRole('region', { name: 'Goroutines table' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(detail(page)).toBeVisible();
});

test('a stack shows where, and leads to the flame graph of the same goroutines', async ({ page }) => {
  await open(page, mixed, '&tr.section=blocking');
  await table(page, 'Blocking').locator('tbody tr').filter({ hasText: 'chan receive' }).first().click();
  const stack = detail(page).getByRole('list', { name: 'Where, innermost first' });
  await expect(stack).toContainText('runtime.chanrecv');
  await expect(stack.locator('.own')).toContainText('(*mirror).work');
  await detail(page).getByRole('button', { name: 'Flame graph' }).click();
  await ready(page, 'Flame graph');
  await expect(page.getByLabel('Sample type').locator('option:checked')).toContainText('sync');
  await expect(page.getByRole('region', { name: 'Filters and options' })).toContainText('goroutine=');
  expect(param(page, 'tf')).toBe('goroutine=^example\\.com/tracing/mirror\\.\\(\\*mirror\\)\\.work$');
  await goTo(page, 'Top');
  await expect(table(page, 'Top')).toContainText('chanrecv');
  await page.goBack();
  await page.goBack();
  await ready(page, 'Trace');
  await expect(detail(page).getByRole('heading', { name: 'Waits for chan receive' })).toBeVisible();
  await detail(page).getByRole('button', { name: 'Goroutines of this function' }).click();
  await expect.poll(() => rows(page, 'Single goroutines of example.com/tracing/mirror.(*mirror).work')).toHaveLength(3);
});

test('rows are sorted by any column, and searched; both are in the link', async ({ page }) => {
  await open(page, mixed, '&tr.section=groups');
  const all = (await rows(page, 'Goroutines')).length;
  const count = async (): Promise<number[]> => (await rows(page, 'Goroutines')).map((cells) => Number(cells[1]?.replace(/\D/g, '')));
  await table(page, 'Goroutines').getByRole('button', { name: 'Count' }).click();
  await expect.poll(async () => (await count())[0]).toBe(70);
  expect(await count()).toEqual([...(await count())].sort((a, b) => b - a));
  await expect(table(page, 'Goroutines').getByRole('columnheader', { name: 'Count' })).toHaveAttribute('aria-sort', 'descending');
  await table(page, 'Goroutines').getByRole('button', { name: 'Count' }).click();
  await expect.poll(async () => (await count())[0]).toBe(1);
  expect(param(page, 'tr.sort')).toBe('+1');
  await page.keyboard.press('/');
  await page.keyboard.type('COMPARE');
  await expect.poll(() => rows(page, 'Goroutines')).toHaveLength(2);
  await expect(section(page, 'Goroutines')).toContainText(`2 of ${all} rows`);
  // The picture is of all of them, and stays.
  await expect(section(page, 'Goroutines').getByRole('img', { name: /^Goroutines that run/ })).toBeAttached();
  await page.getByRole('searchbox').fill('nothing is called this');
  await expect(section(page, 'Goroutines')).toContainText('No row here has “nothing is called this” in it.');
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await expect.poll(() => rows(page, 'Goroutines')).toHaveLength(all);
});

test('a link opens the section, its order and its row, in sight', async ({ page }) => {
  await open(page, mixed, '&tr.section=goroutines&tr.of=3&tr.row=3&tr.system=t');
  await expect(section(page, 'Single goroutines')).toContainText('of main.main');
  await expect(detail(page).getByRole('heading', { name: /^Goroutine \d+$/ })).toBeVisible();
  await expect(page.getByLabel("The runtime's own goroutines")).toBeChecked();
  // The last of many rows.
  await page.goto('about:blank');
  await open(page, mixed, '&tr.section=goroutines&tr.sort=2');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  const title = await detail(page).getByRole('heading').first().textContent();
  const { hash } = new URL(page.url());
  await page.goto('about:blank');
  await visit(page, hash.slice(1));
  await drop(page, [mixed]);
  await ready(page, 'Trace');
  await expect(detail(page).getByRole('heading', { name: title ?? '' })).toBeVisible();
  await expect(table(page, 'Single goroutines').locator('tr[aria-current=true]')).toBeInViewport();
});

test('what a link has wrong is told', async ({ page }) => {
  await open(page, mixed, '&tr.section=nowhere&tr.row=x');
  await expect(page.getByText('The link names a section that this trace does not have: nowhere.')).toBeVisible();
  await expect(page.getByText('tr.row=x in the link is no row, and is ignored.')).toBeVisible();
  await expect(section(page, 'Procs')).toBeVisible();
  await page.goto('about:blank');
  await open(page, mixed, '&tr.section=gc&tr.row=5000');
  await expect(detail(page)).toContainText('This row is not there');
});

test('the runtime’s own goroutines are one row, or one by one', async ({ page }) => {
  await open(page, mixed, '&tr.section=groups');
  const folded = (await rows(page, 'Goroutines')).length;
  const [, functions = ''] = /^the runtime's own \((\d+) functions\)/m.exec((await rows(page, 'Goroutines')).map(([name]) => name).join('\n')) ?? [];
  await page.getByLabel("The runtime's own goroutines").check();
  await expect(table(page, 'Goroutines')).toContainText('gcBgMarkWorker');
  await expect.poll(() => rows(page, 'Goroutines')).toHaveLength(folded - 1 + Number(functions));
  await page.goBack();
  await expect.poll(() => rows(page, 'Goroutines')).toHaveLength(folded);
});

test('another trace shows the same section, and no row of the one before', async ({ page }) => {
  await visit(page, 'view=trace&tr.section=groups&tr.row=1');
  await drop(page, [mixed, starved]);
  await ready(page, 'Trace');
  await expect(detail(page)).toBeVisible();
  await page.keyboard.press('n');
  await expect(page.getByRole('heading', { name: /^309\.65ms/ })).toBeVisible();
  await expect(section(page, 'Goroutines')).toBeVisible();
  await expect(detail(page)).toBeHidden();
});

test('a section is saved as CSV, in the order shown, with plain numbers', async ({ page }) => {
  await open(page, assist, '&tr.section=stops&tr.sort=1');
  const { name, bytes } = await saved(page, () => page.getByRole('button', { name: 'CSV', exact: true }).click());
  expect(name).toBe('trace-stops.csv');
  const [head = '', ...lines] = bytes.toString().trimEnd().split(/\r?\n/);
  expect(head).toMatch(/^Reason,Count,Total/);
  // From the oracle: 32 and 31 stops of the collector, and the one that begins the trace.
  expect(lines.map((line) => line.split(',').slice(0, 3))).toEqual([
    ['GC mark termination', '32', '1626816'],
    ['GC sweep termination', '31', '2412352'],
    ['start trace', '1', '16320'],
  ]);
});

test('a picture tells the values of the place that is pointed at', async ({ page }) => {
  await open(page, assist);
  const uses = page.getByRole('figure', { name: 'What the Ps were used for' });
  await expect(uses.getByRole('img')).toHaveAttribute('aria-label', /^What the Ps were used for, over 302\.27ms: goroutines [\d.]+%, GC [\d.]+%/);
  const before = await uses.boundingBox();
  const reader = uses.getByRole('slider');
  await reader.hover({ position: { x: 200, y: 40 } });
  await expect(uses.locator('.tc-where')).toHaveText(/^at [\d.]+ms$/);
  expect(await uses.boundingBox()).toEqual(before);
  await page.mouse.move(0, 0);
  await expect(uses.locator('.tc-where')).toBeEmpty();
  await tabTo(page, /^Values of: What the Ps were used for$/);
  await page.keyboard.press('Home');
  await expect(reader).toHaveAttribute('aria-valuetext', /^at 0, goroutines [\d.]+%?, GC /);
  await page.keyboard.press('ArrowRight');
  await expect(reader).toHaveAttribute('aria-valuetext', /^at [\d.]+us, /);
  // Of a heat map up and down are rows.
  const heat = page.getByRole('figure', { name: 'How busy each P was' }).getByRole('slider');
  await heat.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await expect(heat).toHaveAttribute('aria-valuetext', /, P 0 /);
  await page.keyboard.press('ArrowDown');
  await expect(heat).toHaveAttribute('aria-valuetext', /, P 1 /);
});

test('thousands of rows scroll, and only those in sight are drawn', async ({ page }) => {
  await open(page, file('churn.trace'), '&tr.section=goroutines&tr.system=t');
  const total = Number(await table(page, 'Single goroutines').getAttribute('aria-rowcount')) - 1;
  expect(total).toBeGreaterThan(150);
  expect((await rows(page, 'Single goroutines')).length).toBeLessThan(80);
  await page.keyboard.press('End');
  await expect(table(page, 'Single goroutines').locator(`tr[aria-rowindex="${total + 1}"]`)).toHaveAttribute('aria-current', 'true');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`on a ${colorScheme} system`, () => {
    test.use({ colorScheme });

    test('every section, a row in full and the teaching have nothing that axe calls serious', async ({ page }) => {
      await open(page, mixed);
      for (const title of ['Procs', 'Scheduler latency', 'GC cycles', 'Goroutines']) {
        await goToSection(page, title);
        expect(await serious(page), title).toEqual([]);
      }
      await table(page, 'Goroutines').locator('tbody tr').first().click();
      await expect(detail(page).getByRole('table')).toBeVisible();
      expect(await serious(page), 'a row').toEqual([]);
      await page.goto('about:blank');
      await open(page, file('idle.trace'), '&tr.section=regions');
      expect(await serious(page), 'empty').toEqual([]);
      await page.goto('about:blank');
      await visit(page, 'view=trace');
      await drop(page, [cpu]);
      await ready(page, 'Trace');
      expect(await serious(page), 'teaching').toEqual([]);
    });
  });
}

for (const width of [360, 768, 1280, 2560]) {
  test(`nothing is wider than a window of ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    const { bytes } = file('mixed-generations.trace');
    await open(page, { name: 'cut.trace', bytes: bytes.subarray(0, Math.floor((bytes.length * 2) / 3)) });
    const over = (): Promise<number> =>
      page.evaluate(() => {
        const view = document.querySelector('.trace-all');
        return Math.max(document.documentElement.scrollWidth - innerWidth, view === null ? 0 : view.scrollWidth - view.clientWidth);
      });
    for (const title of ['Procs', 'Goroutines', 'Stops of the world']) {
      await entry(page, title).click();
      await expect(section(page, title).getByRole('table', { name: title, exact: true })).toBeVisible();
      expect(await over(), title).toBeLessThanOrEqual(0);
    }
    await table(page, 'Stops of the world').locator('tbody tr').first().click();
    await expect(detail(page).getByRole('heading').first()).toBeInViewport();
    expect(await over(), 'a row').toBeLessThanOrEqual(0);
    // The row stays in sight beside what tells of it.
    await expect(table(page, 'Stops of the world').locator('tr[aria-current=true]')).toBeInViewport();
    await page.getByRole('button', { name: 'Close the row' }).click();
    await expect(detail(page)).toBeVisible({ visible: width === 2560 });
  });
}
