/** Labels: what they say, filters and groups by them; and the strip of time. */
import type { Page } from '@playwright/test';
import { gzipSync } from 'node:zlib';
import { serious } from './axe';
import { cpu, taken } from './files';
import { hold, prepareHold, release } from './hold';
import { choose, drop, expect, goTo, ready, tabTo, test, topRows, visit } from './page';
import { cpuProfile, encodeProfile } from './profile';
import type { TestSample } from './profile';

const CPU = 'file=demo/cpu.pb.gz&view=tags';
const HEAP = 'file=demo/heap.pb.gz&view=tags';
const MS = 1_000_000;

const label = (page: Page, key: string) => page.getByRole('region', { name: `Label ${key}`, exact: true });
const values = (page: Page, key: string) => label(page, key).getByRole('table').locator('tbody tr');
const chips = (page: Page) => page.getByRole('region', { name: 'Filters and options' }).getByRole('list', { name: 'Filters' }).getByRole('listitem');
const time = (page: Page) => page.getByRole('slider', { name: 'Time', exact: true });

/** Rows of a key as they are read: value, share, name. */
async function read(page: Page, key: string): Promise<string[]> {
  return values(page, key).evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => (cell.querySelector('code, .dim') ?? cell).textContent).join(' ')),
  );
}

/** What can be scrolled sideways and is not meant to be. */
async function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('*')]
      .filter((element) => !element.matches('.tabs, .files, .vt, pre, select'))
      .filter((element) => {
        const { overflowX } = getComputedStyle(element);
        return (overflowX === 'auto' || overflowX === 'scroll' || element === document.documentElement) && element.scrollWidth > element.clientWidth;
      })
      .map((element) => `${element.tagName}.${element.className}`),
  );
}

test('values, shares and the untagged are those of go tool pprof -tags', async ({ page }) => {
  // go tool pprof (go1.27.3) -symbolize=none -tags: tenant is on 20.79s of 23.13s, stage on 11.09s.
  await visit(page, CPU);
  await ready(page, 'Tags');
  expect(await page.getByRole('tabpanel').locator('.tag h2').allTextContents()).toEqual(['tenant', 'stage']);
  await expect(label(page, 'tenant')).toContainText('2 values · on 20.79s 89.88%');
  expect(await read(page, 'tenant')).toEqual(['10.45s 45.18% south', '10.34s 44.70% north', '2.34s 10.12% untagged']);
  expect(await read(page, 'stage')).toEqual(['10.56s 45.65% patch', '530ms 2.29% scan', '12.04s 52.05% untagged']);
});

test('Only and Without filter every view, and are taken back where they were set', async ({ page }) => {
  await visit(page, CPU);
  await ready(page, 'Tags');
  await values(page, 'tenant').filter({ hasText: 'south' }).hover();
  await page.getByRole('button', { name: 'Only tenant:south' }).click();
  await expect(page.locator('.query-left')).toHaveText('45.18% of 23.13s');
  await expect(chips(page)).toHaveText([/Tag focus\s*tenant=\^south\$/]);
  await expect(page.getByRole('button', { name: 'Only tenant:south' })).toHaveAttribute('aria-pressed', 'true');
  await ready(page, 'Tags');
  expect(await read(page, 'tenant')).toEqual(['10.45s 45.18% south']);
  // go tool pprof -top -trim=false -tagfocus='tenant=^south$': 1.61s  6.96% … diff.table comes first.
  await goTo(page, 'Top');
  await expect.poll(async () => (await topRows(page, 1))[0]?.flatPct).toBe('6.96%');
  await goTo(page, 'Tags');
  await page.getByRole('button', { name: 'Only tenant:south' }).click();
  await expect(chips(page)).toHaveCount(0);
  await ready(page, 'Tags');

  await page.getByRole('button', { name: 'Without tenant:south' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.query-left')).toHaveText('54.82% of 23.13s');
  await expect(values(page, 'tenant')).toHaveCount(2);
  await page.getByRole('button', { name: 'Without samples without tenant' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.query-left')).toHaveText('44.70% of 23.13s');
  // What is gone can be had back in its place.
  await label(page, 'tenant').getByRole('button', { name: 'Remove Without tenant=^south$' }).click();
  await expect(page.locator('.query-left')).toHaveText('89.88% of 23.13s');
  await page.goBack();
  await expect(page.locator('.query-left')).toHaveText('44.70% of 23.13s');
});

test('stacks are grouped by labels in the order that is chosen, as frames key:value', async ({ page }) => {
  await visit(page, CPU);
  await ready(page, 'Tags');
  await page.getByRole('combobox', { name: 'Group stacks by: add a label' }).selectOption('stage');
  await label(page, 'tenant').getByRole('button', { name: 'Group stacks by tenant' }).click();
  const list = page.getByRole('list', { name: 'Group stacks by' });
  await expect(list.locator('code')).toHaveText(['stage', 'tenant']);
  await page.getByRole('button', { name: 'Move tenant outwards' }).press('Enter');
  await expect(list.locator('code')).toHaveText(['tenant', 'stage']);
  await expect(page).toHaveURL(/tagroot=tenant%2Cstage/);
  // At its end it cannot go on; the focus stays with the key.
  await expect(page.getByRole('button', { name: 'Move tenant inwards' })).toBeFocused();
  await page.getByRole('region', { name: 'Grouping' }).getByRole('button', { name: 'Flame graph' }).click();
  await ready(page, 'Flame graph');
  await goTo(page, 'Top');
  const cum = page.getByRole('columnheader', { name: 'cum', exact: true }).getByRole('button');
  await cum.click();
  await expect.poll(async () => (await topRows(page, 40)).map((row) => `${row.cum} ${row.name}`)).toEqual(
    expect.arrayContaining(['10.45s tenant:south', '10.34s tenant:north', '10.56s stage:patch', '12.04s no stage']),
  );
  await goTo(page, 'Flame graph');
  // The frames below the root, as the tree that assistive technology reads has them.
  await expect(page.getByRole('treeitem', { name: /^tenant:south/ })).toHaveCount(1);
});

for (const elsewhere of [false, true]) {
  test(`the focus goes to where labels are added once they can be, ${elsewhere ? 'unless the person has gone elsewhere' : 'after the last was removed'}`, async ({ page }) => {
    await prepareHold(page);
    await visit(page, `${CPU}&tagroot=stage`);
    await ready(page, 'Tags');
    await hold(page);
    await page.getByRole('button', { name: 'Remove stage', exact: true }).press('Enter');
    await expect(page.locator('.answered')).toHaveAttribute('inert');
    await expect(page.locator('body')).toBeFocused();
    const box = page.getByRole('searchbox').first();
    if (elsewhere) await box.focus();
    await release(page);
    await ready(page, 'Tags');
    await expect(page.locator('.answered')).not.toHaveAttribute('inert');
    await expect(elsewhere ? box : page.getByRole('combobox', { name: 'Group stacks by: add a label' })).toBeFocused();
  });
}

test('keys are reordered by dragging one onto the place of another', async ({ page }) => {
  await visit(page, `${CPU}&tagroot=stage,tenant`);
  await ready(page, 'Tags');
  const list = page.getByRole('list', { name: 'Group stacks by' });
  await list.getByRole('listitem').filter({ hasText: 'tenant' }).locator('code').dragTo(list.getByRole('listitem').filter({ hasText: 'stage' }).locator('code'));
  await expect(list.locator('code')).toHaveText(['tenant', 'stage']);
  await page.getByRole('button', { name: 'Remove tenant', exact: true }).click();
  await expect(page).toHaveURL(/tagroot=stage(&|$)/);
});

test('a range of numbers is chosen with a mouse or with keys, and filters in the unit of the label', async ({ page }) => {
  await visit(page, HEAP);
  await ready(page, 'Tags');
  const bytes = label(page, 'bytes');
  await expect(bytes.locator('.tag-stats')).toContainText('min');
  const bars = page.getByRole('slider', { name: 'Numbers of bytes' });
  await bars.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  // All of them: the label is on everything. go tool pprof -tags: Total 15.26MB of 15.26MB (100%).
  await expect(bytes.locator('.tag-said')).toContainText('15.26MB · 100%');
  await page.keyboard.press('Escape');
  await expect(bytes.locator('.tag-range button')).toHaveCount(0);
  const box = (await bars.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(box.x + 2, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 30, { steps: 4 });
  await page.mouse.up();
  const said = (await bytes.locator('.tag-said').textContent()) ?? '';
  await bytes.getByRole('button', { name: /^Only bytes .* to / }).click();
  await expect(chips(page)).toHaveText([/Tag focus\s*bytes=\d+B:\d+B/]);
  await expect(page.locator('.query-left')).toHaveText(`${said.split(' · ')[2] ?? ''} of 15.26MB`);
});

/** A profile with so many values of a label, one sample of 10 ms each, and three of one more. */
function manyValues(count: number): Buffer {
  const samples: TestSample[] = Array.from({ length: count }, (_, i) => ({
    stack: ['main.handle', 'main.main'],
    values: [1, 10 * MS],
    labels: [['user', `user-${String(i).padStart(6, '0')}`], ['role', 'guest'], ['role', 'member']],
  }));
  samples.push({ stack: ['main.handle', 'main.main'], values: [3, 30 * MS], labels: [['user', 'zoe, "the" a=b']] });
  return cpuProfile(samples);
}

test('of a hundred thousand values the heaviest are shown, and all can be sorted and looked through', async ({ page }) => {
  await visit(page);
  await choose(page, [{ name: 'users.pb.gz', bytes: manyValues(100_000) }]);
  await goTo(page, 'Tags');
  await expect(page.locator('.tags-about').first()).toContainText('several values');
  const users = label(page, 'user');
  await expect(users).toContainText('100\u202f001 values');
  await expect(values(page, 'user')).toHaveCount(8);
  await expect(values(page, 'user').first()).toContainText('zoe');
  await users.getByRole('button', { name: /^Show all/ }).click();
  const table = users.getByRole('table', { name: 'Values of user' });
  await expect(table).toHaveAttribute('aria-rowcount', '100002');
  await table.getByRole('columnheader', { name: 'user' }).getByRole('button').click();
  await expect(table.locator('tbody tr').first()).toContainText('user-000000');
  await users.getByRole('searchbox').fill('ZOE');
  await expect(table).toHaveAttribute('aria-rowcount', '2');
  await table.locator('tbody tr').first().click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  // A comma and an equals sign mean themselves: 30 ms of 1000.03 s.
  await expect(page.locator('.query-left')).toHaveText('0.003% of 1000.03s');
});

test('a file without labels teaches how to set them', async ({ page }) => {
  await visit(page);
  await choose(page, [{ name: 'plain.pb.gz', bytes: cpuProfile([{ stack: ['main.main'], values: [1, 10 * MS] }]) }]);
  await goTo(page, 'Tags');
  await expect(page.getByRole('heading', { name: 'No labels in this file' })).toBeVisible();
  await expect(page.getByLabel('Go code')).toContainText('pprof.Do(ctx, labels');
  await expect(time(page)).toHaveCount(0);
});

/** 2023-11-14 22:13:20 UTC, as `date -u -d @1700000000` says. */
const EPOCH = 1_700_000_000_000_000_000n;

/** 10 s of samples of 10 ms, ten a second; those of the first half in main.early, the others in main.late. */
function timedProfile(): Buffer {
  const samples = Array.from({ length: 101 }, (_, i): TestSample => ({
    stack: [i < 50 ? 'main.early' : 'main.late', 'main.main'],
    values: [1, 10 * MS],
    labels: [['end_timestamp_ns', EPOCH + BigInt(i) * 100_000_000n], ['worker', `w${i % 2}`]],
  }));
  return cpuProfile(samples);
}

test('a part of the time is drawn over the strip, stands in the link, and is taken back', async ({ page }) => {
  await visit(page);
  await choose(page, [{ name: 'timed.pb.gz', bytes: timedProfile() }]);
  await goTo(page, 'Top');
  await expect(time(page)).toBeVisible();
  await expect(page.locator('.time-ends')).toContainText('22:13:20.000');
  const box = (await time(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  // From 5.5 s on to the end there are 46 of 101 samples, all of main.late.
  await page.mouse.move(box.x + box.width * 0.545, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 1, box.y + 20, { steps: 5 });
  await page.mouse.up();
  await expect(page.locator('.query-left')).toHaveText('45.54% of 1.01s');
  await expect(page).toHaveURL(/tf=end_timestamp_ns%3D17\d{17}%3A17\d{17}/);
  await expect.poll(async () => (await topRows(page, 2)).map((row) => row.name).sort()).toEqual(['main.late', 'main.main']);
  await expect(page.locator('.time-said')).toContainText('460ms · 45.54%');
  // A reload has the same range; the file has to be chosen again.
  await page.reload();
  await choose(page, [{ name: 'timed.pb.gz', bytes: timedProfile() }]);
  await expect(page.locator('.query-left')).toHaveText('45.54% of 1.01s');
  await expect(page.locator('.time-said')).toContainText('460ms · 45.54%');
  await page.getByRole('button', { name: 'All of the time' }).click();
  await expect(chips(page)).toHaveCount(0);
  await page.goBack();
  await expect(page.locator('.query-left')).toHaveText('45.54% of 1.01s');
});

test('the strip is there with the file, moves nothing, and works with keys alone', async ({ page }) => {
  await visit(page);
  await choose(page, [{ name: 'timed.pb.gz', bytes: timedProfile() }]);
  await goTo(page, 'Top');
  const top = (): Promise<number> => page.locator('.view-in').evaluate((element) => element.getBoundingClientRect().top);
  const before = await top();
  await tabTo(page, /^Time$/);
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+PageUp');
  // A tenth of the time, and one slice: eleven of 101 samples.
  await expect(page.locator('.query-left')).toHaveText('10.89% of 1.01s');
  await expect(time(page)).toHaveAttribute('aria-valuetext', /22:13:20\.000 to 22:13:2[01]\.\d+ .*10\.89%/);
  await page.keyboard.press('Escape');
  await expect(chips(page)).toHaveCount(0);
  expect(await top()).toBe(before);
});

test('the view is asked for before the strip; the range stays where it was chosen meanwhile', async ({ page }) => {
  await page.addInitScript(() => {
    const own = window as unknown as { asked: string[] };
    own.asked = [];
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (this: Worker, ...args: [message: { verb?: string }]) {
      own.asked.push(args[0].verb ?? '');
      postMessage.apply(this, args);
    } as Worker['postMessage'];
  });
  const asked = (): Promise<string[]> => page.evaluate(() => (window as unknown as { asked: string[] }).asked);
  await prepareHold(page);
  await visit(page);
  await choose(page, [{ name: 'timed.pb.gz', bytes: timedProfile() }]);
  await goTo(page, 'Top');
  await time(page).focus();
  await page.keyboard.press('Home');
  await page.evaluate(() => void (window as unknown as { asked: string[] }).asked.splice(0));
  await page.keyboard.press('Shift+PageUp');
  await expect(page.locator('.range')).toHaveClass(/has-chosen/);
  await expect(page.locator('.query-left')).toHaveText('10.89% of 1.01s');
  await expect.poll(asked).toContain('timeStrip');
  const verbs = await asked();
  expect(verbs).toContain('topRows');
  expect(verbs.slice(verbs.indexOf('timeStrip'))).not.toContain('topRows');
  await hold(page);
  await page.keyboard.press('Escape');
  await expect(page.locator('.range')).not.toHaveClass(/has-chosen/);
  await release(page);
  await expect(chips(page)).toHaveCount(0);
});

test('steps that not all profiles can take are left aside, which the strip says', async ({ page }) => {
  await visit(page, 'view=flame&sel=a');
  await drop(page, [taken(0, 'a', 100), taken(60, 'b', 300)]);
  await ready(page, 'Flame graph');
  await expect(time(page)).toBeVisible();
  const note = page.locator('.time-note');
  await expect(note).toHaveCount(0);
  // A place in the calls of one file.
  await expect(page.locator('.flame-hover')).toContainText('cum 100ms');
  await page.keyboard.press('F');
  await expect(chips(page)).toHaveCount(1);
  await expect(note).toHaveText('without steps that not all of them can take');
  await expect(note).toHaveAttribute('title', /^2 profiles of one program, .*; without steps/);
  expect(await sideways(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  await expect(note).toBeInViewport();
  expect(await sideways(page)).toEqual([]);
});

test('profiles of one program stand on the strip; one is gone to, several are added up', async ({ page }) => {
  await visit(page);
  await drop(page, [taken(0, 'a', 100), taken(60, 'b', 300), taken(120, 'c', 200)]);
  await goTo(page, 'Top');
  await expect(page).toHaveURL(/name=a\.pb\.gz/);
  await expect(time(page)).toBeVisible();
  const box = (await time(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  // The last of three, at the right end.
  await page.mouse.click(box.x + box.width - 4, box.y + 20);
  await expect(page).toHaveURL(/name=c\.pb\.gz/);
  await time(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowRight');
  await page.getByRole('button', { name: 'Merge 2 profiles' }).click();
  await ready(page, 'Top');
  await expect(page.getByRole('region', { name: 'Filters and options' })).toBeVisible();
  // 100 ms and 300 ms.
  await expect.poll(async () => (await topRows(page, 3)).map((row) => `${row.flat} ${row.cum} ${row.name}`)).toEqual([
    '300ms 300ms b',
    '100ms 100ms a',
    '0 400ms main.main',
  ]);
  await expect(page.getByRole('navigation', { name: 'Session' })).toContainText('merged: a.pb.gz … b.pb.gz');
});

test('snapshots of a heap can be gone to, and are not added up', async ({ page }) => {
  const heap = (second: number): Buffer =>
    gzipSync(encodeProfile([['inuse_objects', 'count'], ['inuse_space', 'bytes']], [{ stack: ['main.main'], values: [second, 1024 * second] }], {
      time: 1.7e18 + second * 1e9,
      build: 'abc',
      period: ['space', 'bytes', 4096],
    }));
  await visit(page);
  await drop(page, [{ name: '1.pb.gz', bytes: heap(1) }, { name: '2.pb.gz', bytes: heap(2) }]);
  await goTo(page, 'Top');
  await time(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await expect(page.locator('.time-why')).toContainText('sums of them mean nothing');
  await expect(page.getByRole('button', { name: /^Merge/ })).toHaveCount(0);
});

test('the demo profile says nothing of time, and has no strip', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  await expect(page.locator('.time-place')).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('labels, numbers and time have no serious fault', async ({ page }) => {
      test.slow();
      await visit(page, `${CPU}&tagroot=tenant&tf=tenant=%5Esouth%24`);
      await ready(page, 'Tags');
      expect(await serious(page)).toEqual([]);
      await page.goto('about:blank');
      await visit(page, HEAP);
      await ready(page, 'Tags');
      await label(page, 'bytes').getByRole('button', { name: /^Show all/ }).click();
      // go tool pprof -tags has it first: 3.67MB (24.07%): 288B.
      await expect(label(page, 'bytes').locator('tbody tr').first()).toContainText('288B');
      expect(await serious(page)).toEqual([]);
      await page.goto('about:blank');
      await visit(page);
      await choose(page, [{ name: 'timed.pb.gz', bytes: timedProfile() }]);
      await goTo(page, 'Tags');
      await time(page).focus();
      await page.keyboard.press('Shift+PageUp');
      await expect(page.locator('.query-left')).toContainText('%');
      await ready(page, 'Tags');
      expect(await serious(page)).toEqual([]);
    });
  });
}

test.describe('360 px wide', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test('labels and time fit, and a tap shows the ways to filter', async ({ page }) => {
    await visit(page);
    await choose(page, [{ name: 'timed.pb.gz', bytes: timedProfile() }]);
    await goTo(page, 'Tags');
    expect(await sideways(page)).toEqual([]);
    await expect(time(page)).toBeInViewport({ ratio: 1 });
    const row = values(page, 'worker').first();
    await expect(row.locator('.go')).toHaveCSS('opacity', '0');
    await row.locator('td').first().tap();
    await expect(row.locator('.go')).toHaveCSS('opacity', '1');
    await row.getByRole('button', { name: 'Only worker:w0' }).tap();
    // 51 of 101 samples.
    await expect(page.locator('.query-left')).toHaveText('50.50% of 1.01s');
    await page.evaluate(() => (location.hash += '&tagroot=worker,end_timestamp_ns&tagleaf=worker'));
    await ready(page, 'Tags');
    expect(await sideways(page)).toEqual([]);
  });
});
