/** The timeline of an execution trace: lanes, windows, the selection, ranges, search, by hands and by keys. */
import type { Locator, Page } from '@playwright/test';
import type { NamedFile } from './archive';
import { serious } from './axe';
import { profileBytes } from './golden';
import { drop, expect, goTo, param, ready, test, visit } from './page';

const mixed: NamedFile = { name: 'mixed-1.27.trace', bytes: profileBytes('trace/mixed-1.27.trace') };

/** Nanoseconds of the trace. */
const wall = 242_364_288;

const stage = (page: Page): Locator => page.getByRole('application', { name: /^Timeline, / });
const lanes = (page: Page): Locator => page.getByRole('list', { name: 'Lanes' });
const said = (page: Page): Locator => page.locator('.tl [role=status][aria-live=polite]');
const moment = (page: Page): Locator => page.getByRole('complementary', { name: 'Selected moment' });
const range = (page: Page): Locator => page.getByRole('group', { name: 'Selected range' });

async function open(page: Page, hash = ''): Promise<void> {
  await visit(page, `view=trace&tr.section=timeline${hash}`);
  await drop(page, [mixed]);
  await expect(stage(page)).toBeVisible();
  await ready(page, 'Trace');
}

/** The window that the link says. */
function shown(page: Page): { from: number; to: number } {
  const [from = 0, to = wall] = (param(page, 'tr.window') ?? '').split(',').filter((text) => text !== '').map(Number);
  return { from, to };
}

/** Presses keys and waits for the window to come to rest somewhere else. */
async function move(page: Page, ...keys: string[]): Promise<{ from: number; to: number }> {
  const before = param(page, 'tr.window');
  for (const key of keys) await page.keyboard.press(key);
  await expect.poll(() => param(page, 'tr.window')).not.toBe(before);
  return shown(page);
}

/** Steps down from the first lane to one with this name. */
async function goDown(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('ArrowDown');
    const current = lanes(page).locator('[aria-current=true]');
    await expect(current).toHaveCount(1);
    if (name.test((await current.textContent()) ?? '')) return;
  }
  throw new Error(`no lane is called ${name}`);
}

test('it is read when it is first shown, and lists lanes that fold and unfold', async ({ page }) => {
  await visit(page, 'view=trace');
  await drop(page, [mixed]);
  await ready(page, 'Trace');
  const sections = page.getByRole('navigation', { name: 'Sections of the trace' });
  await expect(sections.getByRole('button').first()).toHaveText(/^Timeline/);
  await expect(sections.getByRole('button', { name: /^Procs/ })).toHaveAttribute('aria-current', 'true');
  await sections.getByRole('button', { name: /^Timeline/ }).click();
  await expect(stage(page)).toHaveAccessibleName(/^Timeline, the whole trace, 242\.4ms; no lane selected$/);
  await expect(page.getByText(/records in .* of memory, read again in/)).toBeVisible();
  for (const name of ['GC', 'Heap', 'Goroutines', 'GOMAXPROCS']) await expect(lanes(page).getByRole('button', { name, exact: true }).first()).toBeAttached();
  await expect(lanes(page).getByRole('button', { name: /^P \d$/ })).toHaveCount(5);
  const group = lanes(page).getByRole('button', { name: 'Parts of example.com/tracing/mirror.(*mirror).work', exact: true });
  await group.click();
  await expect(group).toHaveAttribute('aria-expanded', 'true');
  await expect(lanes(page).locator('.tl-pick').filter({ hasText: /^G\d+ $/ })).toHaveCount(3);
  await group.click();
  await expect(lanes(page).locator('.tl-pick').filter({ hasText: /^G\d+ $/ })).toHaveCount(0);
  // Threads wait to be asked for, and so do the runtime's own goroutines.
  const threads = lanes(page).getByRole('button', { name: /^Threads/ });
  await expect(threads).toHaveAttribute('aria-expanded', 'false');
  await threads.click();
  await expect(lanes(page).getByRole('button', { name: /^M \d+$/ }).first()).toBeAttached();
  await page.getByLabel("The runtime's own goroutines").check();
  await expect(lanes(page).getByRole('button', { name: /^The runtime's own/ })).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByRole('list', { name: 'Legend' })).toContainText('could run');
});

test('keys zoom and move; the window is in the link, and Back leads to the whole', async ({ page }) => {
  await open(page);
  await stage(page).focus();
  const near = await move(page, '+', 'w');
  expect(near.to - near.from).toBeCloseTo(wall * 0.36, -3);
  const later = await move(page, 'd');
  expect(later.from - near.from).toBeCloseTo((near.to - near.from) / 4, -3);
  const back = await move(page, 'ArrowLeft');
  expect(Math.abs(back.from - near.from)).toBeLessThan(5);
  const wide = await move(page, '-');
  expect(wide.to - wide.from).toBeGreaterThan(near.to - near.from);
  await expect(stage(page)).toHaveAccessibleName(/ms to .*ms of 242/);
  await page.goBack();
  await expect(stage(page)).toHaveAccessibleName(/^Timeline, the whole trace/);
  await page.goForward();
  await expect(stage(page)).toHaveAccessibleName(/ms of 242/);
  await stage(page).focus();
  await page.keyboard.press('0');
  await expect.poll(() => param(page, 'tr.window')).toBeNull();
  // Never finer than the clock.
  for (let presses = 0; presses < 40; presses++) await page.keyboard.press('w');
  await expect.poll(() => shown(page).to - shown(page).from).toBe(64);
});

test('the wheel zooms with Ctrl and moves with Shift, a drag moves', async ({ page }) => {
  await open(page);
  const box = await stage(page).boundingBox();
  if (box === null) throw new Error('there is no stage');
  await page.mouse.move(box.x + box.width / 4, box.y + 200);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -400);
  await page.keyboard.up('Control');
  await expect.poll(() => shown(page).from).toBeGreaterThan(0);
  const { from, to } = shown(page);
  // What was under the pointer still is.
  expect(from + (to - from) / 4).toBeCloseTo(wall / 4, -6);
  await page.keyboard.down('Shift');
  await page.mouse.wheel(0, 100);
  await page.keyboard.up('Shift');
  await expect.poll(() => shown(page).from).toBeGreaterThan(from);
  const moved = shown(page);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4 + 100, box.y + 200, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => shown(page).from).toBeLessThan(moved.from);
});

test('the keyboard selects, says what is there, and steps from change to change', async ({ page }) => {
  await open(page);
  await stage(page).focus();
  await goDown(page, /^P 0/);
  await page.keyboard.press(']');
  await expect(said(page)).toHaveText(/^P 0: .+, from [\d.]+ms, [\d.]+(us|ms|ns)$/);
  const first = await said(page).textContent();
  await page.keyboard.press(']');
  await expect(said(page)).not.toHaveText(first ?? '');
  await page.keyboard.press('[');
  await expect(said(page)).toHaveText(first ?? '');
  await expect(stage(page)).toHaveAccessibleName(/; lane P 0$/);
  await page.keyboard.press('Enter');
  await expect(moment(page).getByRole('heading').first()).toBeVisible();
  await expect(moment(page)).toContainText('Duration');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(moment(page)).toBeHidden();
});

test('a click tells the moment; what woke it is a way there', async ({ page }) => {
  await open(page, '&tr.pins=18');
  await expect(lanes(page).getByRole('button', { name: /^Unpin G18/ })).toBeVisible();
  await stage(page).focus();
  await page.keyboard.press('ArrowDown');
  await expect(lanes(page).locator('[aria-current=true]')).toContainText('G18');
  for (let presses = 0; presses < 12 && (await moment(page).getByText('Woken by').count()) === 0; presses++) {
    await page.keyboard.press(']');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(100);
  }
  await expect(moment(page)).toContainText('Woken by');
  await moment(page).locator('dt', { hasText: 'Woken by' }).locator('..').getByRole('button').click();
  await expect(lanes(page).locator('[aria-current=true]')).not.toContainText('G18');
  // A lane that was not there is now, at the top, and in the link.
  await expect.poll(() => param(page, 'tr.pins')).toMatch(/^18(,\d+)?$/);
});

test('a range is drawn, zoomed to, and all tables can be about it', async ({ page }) => {
  await open(page);
  const box = await stage(page).boundingBox();
  if (box === null) throw new Error('there is no stage');
  const y = box.y + 200;
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + box.width * 0.25, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, y, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(range(page)).toContainText(/Range 60\.\d+ms/);
  await range(page).getByRole('button', { name: 'Zoom to range' }).click();
  await expect.poll(() => shown(page).to - shown(page).from).toBeLessThan(wall * 0.26);
  await range(page).getByRole('button', { name: 'Tables of this range' }).click();
  await ready(page, 'Trace');
  await expect(page.getByRole('region', { name: 'Procs', exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: /^60\.\d+ms, / })).toBeVisible();
  const chip = page.getByRole('group', { name: 'Range', exact: true });
  await expect(chip).toContainText(/Only 60\.\d+ms to 121\.\d+ms of the trace/);
  // The link alone leads there: the events are read for it.
  const { hash } = new URL(page.url());
  await page.goto('about:blank');
  await visit(page, hash.slice(1));
  await drop(page, [mixed]);
  await expect(page.getByRole('heading', { name: /^60\.\d+ms, / })).toBeVisible();
  await page.getByRole('group', { name: 'Range', exact: true }).getByRole('button', { name: 'Whole trace' }).click();
  await expect(page.getByRole('heading', { name: /^242\.36ms, / })).toBeVisible();
  expect(param(page, 'tr.range')).toBeNull();
});

test('the search finds lanes and leads there', async ({ page }) => {
  await open(page);
  await stage(page).focus();
  await page.keyboard.press('/');
  await expect(page.getByLabel('Search the timeline')).toBeFocused();
  await page.keyboard.type('mirror).work');
  const found = page.getByRole('region', { name: 'Found in the timeline' });
  await expect(found.getByRole('button').first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(found).toBeHidden();
  await expect(stage(page)).toBeFocused();
  await expect(lanes(page).locator('[aria-current=true]')).toContainText('work');
  await page.keyboard.press('/');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('nothing is called this');
  await expect(found).toContainText('Nothing has this in its name.');
});

test('a row of a table leads to its moment', async ({ page }) => {
  await visit(page, 'view=trace&tr.section=stop_list');
  await drop(page, [mixed]);
  await ready(page, 'Trace');
  await page.getByRole('table', { name: 'Longest stops' }).locator('tbody tr').first().click();
  await page.getByRole('complementary', { name: 'Selected row' }).getByRole('button', { name: 'Show in timeline' }).click();
  await expect(stage(page)).toBeVisible();
  await expect(moment(page).getByRole('heading').first()).toBeVisible();
  await expect.poll(() => shown(page).to - shown(page).from).toBeLessThan(wall / 10);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('it has no serious fault', async ({ page }) => {
      test.slow();
      await open(page);
      await lanes(page).getByRole('button', { name: /^Threads/ }).click();
      expect(await serious(page)).toEqual([]);
    });
  });
}

test.describe('a narrow screen', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test('lanes, a tap and what it tells fit', async ({ page }) => {
    await open(page);
    const box = await stage(page).boundingBox();
    if (box === null) throw new Error('there is no stage');
    expect(box.width).toBeGreaterThan(200);
    await stage(page).scrollIntoViewIfNeeded();
    await stage(page).tap({ position: { x: 60, y: 150 } });
    await expect(moment(page).getByRole('heading').first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await serious(page)).toEqual([]);
    await goTo(page, 'Summary');
  });
});
