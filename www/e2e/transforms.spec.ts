/** Transforms: by menu, by key, by hand and by link; their order; undo. */
import type { Page } from '@playwright/test';
import { expect, ready, saved, test, topRows, visit } from './page';

const CPU = 'file=demo/cpu.pb.gz&view=top';
const TRY = 'regexp.(*Regexp).tryBacktrack';
/** What filters write for it. */
const EXACT = '^regexp\\.\\(\\*Regexp\\)\\.tryBacktrack$';

const bar = (page: Page) => page.getByRole('region', { name: 'Filters and options' });
const chips = (page: Page) => page.getByRole('list', { name: 'Filters' }).getByRole('listitem');
const left = (page: Page) => page.locator('.query-left');
const row = (page: Page, name: string) => page.getByRole('table', { name: 'Top' }).getByRole('row').filter({ hasText: name });

/** flat and cum of the first rows, with their names. */
async function firstRows(page: Page, count: number): Promise<string[]> {
  return (await topRows(page, count)).map(({ flat, cum, name }) => `${flat} ${cum} ${name}`);
}

/**
 * What `go tool pprof` (go1.27.3) -symbolize=none -top -trim=false says of the demo profile with the filter that
 * comes to the same: -ignore, -hide and -show_from of the function; its own flat and cum for the last two.
 */
const CASES = [
  { key: 'D', label: 'Drop samples', param: 'drop', left: '90.19%', first: '3.42s 6.20s example.com/dirsync/internal/diff.table' },
  { key: 'm', label: 'Merge function', param: 'mf', left: '100%', first: '3.42s 6.20s example.com/dirsync/internal/diff.table' },
  { key: 'f', label: 'Focus function', param: 'ff', left: '9.81%', first: `1.02s 2.27s ${TRY}` },
  { key: 'S', label: 'Focus self', param: 'fself', left: '4.41%', first: `1.02s 1.02s ${TRY}` },
  { key: 'c', label: 'Collapse function', param: 'cf', left: '100%', first: '3.42s 6.20s example.com/dirsync/internal/diff.table' },
] as const;

for (const { key, label, param, left: share, first } of CASES) {
  test(`${label}: by key and by menu, with pprof’s numbers; Back and reload restore the view`, async ({ page }) => {
    await visit(page, `${CPU}&sel=${encodeURIComponent(TRY)}`);
    await ready(page, 'Top');
    const before = await firstRows(page, 3);
    await page.keyboard.press(key);
    await expect(chips(page)).toHaveCount(1);
    await expect(page.getByRole('button', { name: `${label} ${EXACT}` })).toBeVisible();
    await expect(left(page)).toContainText(`${share} of 23.13s`);
    await ready(page, 'Top');
    await expect.poll(() => firstRows(page, 1)).toEqual([first]);
    const byKey = await firstRows(page, 8);
    expect(new URL(page.url()).hash).toContain(`t=${param}%3A`);

    await page.reload();
    await ready(page, 'Top');
    await expect.poll(() => firstRows(page, 8)).toEqual(byKey);
    await page.goBack();
    await expect(chips(page)).toHaveCount(0);
    await expect.poll(() => firstRows(page, 3)).toEqual(before);

    await row(page, TRY).first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: label, exact: false }).first().click();
    await expect.poll(() => firstRows(page, 8)).toEqual(byKey);
  });
}

test('a collapsed function has its cum as flat; its package is one frame', async ({ page }) => {
  await visit(page, `${CPU}&t=${encodeURIComponent(`cf:${EXACT}`)}`);
  await ready(page, 'Top');
  await expect.poll(() => firstRows(page, 3)).toContain(`2.27s 2.27s ${TRY}`);
  // -focus='^regexp\.' keeps 7.50s.
  await visit(page, `${CPU}&sort=cum&t=${encodeURIComponent('cp:^regexp$')}`);
  await ready(page, 'Top');
  await expect.poll(async () => (await topRows(page, 40)).map(({ cum, name }) => `${cum} ${name}`)).toContain('7.50s regexp.*');
});

test('one place of the flame graph is focused or merged, and the other view shows it, too', async ({ page }) => {
  await visit(page, `file=demo/cpu.pb.gz&view=flame&sel=${encodeURIComponent(TRY)}`);
  await ready(page, 'Flame graph');
  const line = page.locator('.flame-hover');
  await expect(line).toContainText('tryBacktrack');
  const cum = /cum\s*([\d.]+m?s)/.exec((await line.textContent()) ?? '')?.[1] ?? '';
  await page.keyboard.press('F');
  const chip = page.getByRole('button', { name: /^Focus subtree .*backtrack › .*tryBacktrack$/ });
  await expect(chip).toBeVisible();
  // A place is chosen, not written.
  await expect(page.getByRole('button', { name: 'Edit Focus subtree' })).toHaveCount(0);
  await ready(page, 'Flame graph');
  await page.getByRole('tab', { name: 'Top', exact: true }).click();
  await ready(page, 'Top');
  const [first] = await topRows(page, 1);
  expect(first?.name).toBe(TRY);
  expect(first?.cum).toBe(cum);
  // The chip keeps its words through a reload.
  await page.reload();
  await ready(page, 'Top');
  await expect(chip).toBeVisible();
  await page.goBack();
  await page.goBack();
  await ready(page, 'Flame graph');
  await expect(chips(page)).toHaveCount(0);
  await expect(line).toContainText('tryBacktrack');
  await page.keyboard.press('M');
  await expect(page.getByRole('button', { name: /^Merge node .*tryBacktrack$/ })).toBeVisible();
  await expect(left(page)).toContainText('100% of 23.13s');
});

test('a place of another profile is refused, and says so', async ({ page }) => {
  await visit(page, `${CPU}&t=${encodeURIComponent('fsub:3+2,functions,00000000')}`);
  await ready(page, 'Top');
  await expect(bar(page).getByRole('alert')).toContainText('not in this profile');
  await expect.poll(() => firstRows(page, 1)).toEqual(['3.42s 6.20s example.com/dirsync/internal/diff.table']);
});

test('steps are done in their order, which drag and keys change; each is undone', async ({ page }) => {
  // Hidden first, there is nothing left to focus on.
  await visit(page, `${CPU}&f=tryBacktrack&h=tryBacktrack`);
  await ready(page, 'Top');
  await expect(left(page)).toContainText('9.81% of 23.13s');
  const focus = page.getByRole('button', { name: 'Focus tryBacktrack', exact: true });
  const hide = page.getByRole('button', { name: 'Hide tryBacktrack', exact: true });
  const order = (): Promise<string[]> => chips(page).locator('.chip-kind').allTextContents();
  expect(await order()).toEqual(['Focus', 'Hide']);
  await focus.focus();
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(order).toEqual(['Hide', 'Focus']);
  await expect(focus).toBeFocused();
  await expect(page.getByText('The filters leave nothing.')).toBeVisible();
  expect(new URL(page.url()).hash).toMatch(/t=h%3AtryBacktrack&t=f%3AtryBacktrack/);
  await page.keyboard.press('Control+z');
  await expect.poll(order).toEqual(['Focus', 'Hide']);
  await expect(left(page)).toContainText('9.81% of 23.13s');
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(order).toEqual(['Hide', 'Focus']);

  const [from, to] = [await hide.boundingBox(), await focus.boundingBox()];
  if (from === null || to === null) throw new Error('no chips');
  await page.mouse.move(from.x + 10, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(to.x + 20, to.y + 8, { steps: 5 });
  await page.mouse.up();
  await expect.poll(order).toEqual(['Focus', 'Hide']);
  // A drag is no click.
  await expect(hide).toHaveAttribute('aria-pressed', 'true');
  await expect(left(page)).toContainText('9.81% of 23.13s');
  // Nor does it swallow what comes after it: a key on either chip switches it.
  for (const chip of [hide, focus]) {
    await chip.focus();
    await page.keyboard.press('Enter');
    await expect(chip).toHaveAttribute('aria-pressed', 'false');
    await page.keyboard.press('Enter');
    await expect(chip).toHaveAttribute('aria-pressed', 'true');
  }
  await expect(left(page)).toContainText('9.81% of 23.13s');
});

test('a transform is written by hand, with its mistakes shown', async ({ page }) => {
  await visit(page, CPU);
  await ready(page, 'Top');
  await bar(page).getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByLabel('Kind of filter').selectOption({ label: 'Focus category' });
  const box = page.getByRole('textbox', { name: 'Focus category expression' });
  await box.fill('std,gc');
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('no category is called gc');
  await box.fill('std');
  await box.press('Enter');
  await expect(page.getByRole('button', { name: 'Focus category std' })).toBeFocused();
  await ready(page, 'Top');
  await bar(page).getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByLabel('Kind of filter').selectOption({ label: 'Collapse recursion' });
  await page.getByRole('textbox', { name: 'Collapse recursion expression' }).fill('.');
  await page.keyboard.press('Enter');
  await expect(chips(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'Focus category std' }).click();
  await expect(left(page)).toContainText('100% of 23.13s');
});

test('what is saved is what is shown', async ({ page }) => {
  await visit(page, `${CPU}&t=${encodeURIComponent(`cf:${EXACT}`)}`);
  await ready(page, 'Top');
  await bar(page).getByRole('button', { name: 'Save as…' }).click();
  const { bytes } = await saved(page, () => page.getByRole('dialog').getByRole('button', { name: 'Top', exact: true }).click());
  expect(bytes.toString()).toMatch(/2\.27s\s+9\.81%\s+[\d.]+%\s+2\.27s\s+9\.81% {2}regexp\.\(\*Regexp\)\.tryBacktrack\n/);
});
