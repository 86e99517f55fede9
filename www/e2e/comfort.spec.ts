/** Commands by name, columns and several rows of a table, menus with letters, settings that last, and what words mean. */
import { writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { cpu, heap, small } from './files';
import { choose, choosePaths, command, drop, expect, goTo, param, ready, saved, test, visit } from './page';
import { CPU_TYPES, cpuProfile, encodeProfile } from './profile';

async function openTop(page: Page, file = small): Promise<void> {
  await visit(page, 'view=top');
  await drop(page, [file]);
  await ready(page, 'Top');
}

const palette = (page: Page) => page.getByRole('dialog', { name: 'Commands' });
const active = (page: Page) => palette(page).locator('[aria-selected=true]');
const row = (page: Page, name: string) => page.locator('.vt tbody tr').filter({ hasText: name });

test.describe('commands', () => {
  test('a few letters and Enter run a command, and it is the first one next time', async ({ page }) => {
    await visit(page);
    await drop(page, [small]);
    await ready(page, 'Summary');
    await command(page, 'hot pa');
    await ready(page, 'Hot paths');
    await expect(palette(page)).toHaveCount(0);
    await page.keyboard.press('Control+Shift+p');
    await expect(active(page)).toContainText('Go to Hot paths');
    await expect(active(page).locator('kbd')).toHaveText('4');
    await page.keyboard.press('Escape');
    await page.reload();
    await drop(page, [small]);
    await ready(page, 'Hot paths');
    await page.keyboard.press('Control+k');
    await expect(active(page)).toContainText('Go to Hot paths');
  });

  test('a function is found by a part of its name, and selected', async ({ page }) => {
    await openTop(page);
    await page.keyboard.press('Control+k');
    await expect(palette(page)).toBeVisible();
    await page.keyboard.type('main.b');
    const found = palette(page).getByRole('group', { name: 'Functions' }).getByRole('option');
    await expect(found).toHaveText(['main.b']);
    await expect(async () => {
      await page.keyboard.press('ArrowUp');
      await expect(active(page)).toHaveText('main.b', { timeout: 500 });
    }).toPass();
    await page.keyboard.press('Enter');
    await expect.poll(() => param(page, 'sel')).toBe('main.b');
    await expect(row(page, 'main.b')).toHaveAttribute('aria-current', 'true');
  });

  test('what is typed right after the key is for the box', async ({ page }) => {
    await openTop(page);
    // Its part of the page is there.
    await page.keyboard.press('Control+k');
    await expect(palette(page)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(palette(page)).toHaveCount(0);
    const before = page.url();
    const focused = await page.evaluate(async () => {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }));
      // The next task is the next key.
      await new Promise((resolve) => setTimeout(resolve));
      return document.activeElement?.closest('dialog') !== null && document.activeElement?.matches('input');
    });
    expect(focused).toBe(true);
    await page.keyboard.type('main.b');
    await expect(palette(page).locator('input')).toHaveValue('main.b');
    expect(page.url()).toBe(before);
  });

  test('what cannot be done is dimmed with the reason, and Enter leaves it alone', async ({ page }) => {
    await visit(page);
    await page.keyboard.press('Control+k');
    await expect(palette(page)).toBeVisible();
    await page.keyboard.type('next file');
    await expect(active(page)).toHaveAttribute('aria-disabled', 'true');
    await expect(palette(page)).toContainText('No file is open');
    await page.keyboard.press('Enter');
    await expect(palette(page)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(palette(page)).toHaveCount(0);
  });

  test('a report is saved, a grouping changed, a filter set and undone', async ({ page }) => {
    await openTop(page);
    expect((await saved(page, () => command(page, 'save dot'))).name).toBe('small-graph.dot');
    await page.keyboard.press('Escape');
    await command(page, 'group by lines');
    await expect(page.getByLabel('Group by')).toHaveValue('lines');
    await command(page, 'undo the last');
    await expect(page.getByLabel('Group by')).toHaveValue('functions');
    await ready(page, 'Top');
    await row(page, 'main.b').click();
    await command(page, 'hide main.b');
    await expect.poll(() => param(page, 'h')).toBe('^main\\.b$');
  });

  test('every key of the sheet that does something is a command, too', async ({ page }) => {
    await openTop(page);
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keys and gestures' });
    await expect(sheet).toContainText('Next sample type');
    const letters = ['n', 'p', 't', 'T', 'f', '?'];
    for (const letter of letters) await expect(sheet.locator('kbd').getByText(letter, { exact: true }).first()).toBeVisible();
    await sheet.getByRole('searchbox').fill('sample type');
    await expect(sheet.locator('dd')).toHaveText(['Next sample type', 'Previous sample type']);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await expect(palette(page).getByRole('option', { name: /Next sample type/ })).toBeAttached();
    for (const letter of letters) {
      await expect(palette(page).locator('kbd').getByText(letter, { exact: true }).first()).toBeAttached();
    }
  });

  test('a button opens them where there is no keyboard', async ({ page }) => {
    await openTop(page);
    await page.getByRole('button', { name: 'Commands' }).click();
    await palette(page).getByRole('option', { name: /Go to Flame graph/ }).click();
    await ready(page, 'Flame graph');
  });
});

test.describe('several rows', () => {
  test('picked with Ctrl, they are one filter', async ({ page }) => {
    await openTop(page);
    await row(page, 'main.c').click();
    await row(page, 'main.a').click({ modifiers: ['Control'] });
    await expect(page.locator('tr[aria-selected=true] .frame-cut')).toHaveText(['main.c', 'main.a']);
    await expect(page.getByRole('group', { name: 'What is picked' })).toContainText('2 rows');
    await page.getByRole('button', { name: 'Hide', exact: true }).first().click();
    await expect.poll(() => param(page, 'h')).toBe('^main\\.c$|^main\\.a$');
    await ready(page, 'Top');
    await expect(page.locator('.vt tbody .frame-cut')).toHaveText(['main.main', 'main.b']);
  });

  test('picked with Shift and Space, they outlive another order, and are copied as text and CSV', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
    await openTop(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(page.locator('tr[aria-selected=true]')).toHaveCount(2);
    await page.keyboard.press('Control+c');
    // Values of pprof's rows; ties of flat stand by name, so a is before b.
    await expect.poll(clipboard).toBe(
      [
        ' flat\t flat%\t  sum%\t  cum\t  cum%\tName',
        '800ms\t80.00%\t80.00%\t800ms\t80.00%\tmain.c',
        '100ms\t10.00%\t90.00%\t600ms\t60.00%\tmain.a',
        '',
      ].join('\n'),
    );
    await page.getByRole('columnheader', { name: /^cum(?!%)/ }).getByRole('button').click();
    await ready(page, 'Top');
    await expect(page.locator('.vt tbody .frame-cut').first()).toHaveText('main.main');
    await expect(page.locator('tr[aria-selected=true] .frame-cut')).toHaveText(['main.c', 'main.a']);
    await page.getByRole('region', { name: 'Top table' }).focus();
    await page.keyboard.press('End');
    await expect(row(page, 'main.b')).toHaveAttribute('aria-current', 'true');
    await page.keyboard.press(' ');
    await expect(page.locator('tr[aria-selected=true]')).toHaveCount(3);
    await page.getByRole('button', { name: 'Copy as CSV' }).click();
    await expect.poll(async () => (await clipboard()).split('\r\n')[0]).toBe('flat,flat%,sum%,cum,cum%,Name');
    await page.getByRole('region', { name: 'Top table' }).focus();
    await page.keyboard.press('Escape');
    await expect(page.locator('tr[aria-selected=true]')).toHaveCount(0);
  });

  test('too many for a filter are refused, with the reason', async ({ page }) => {
    const samples = Array.from({ length: 300 }, (_, i) => ({ stack: [`example.com/many.f${i}`], values: [1, 10_000_000] }));
    await openTop(page, { name: 'many.pb.gz', bytes: cpuProfile(samples) });
    await page.keyboard.press('Control+a');
    await expect(page.getByRole('group', { name: 'What is picked' })).toContainText('300 rows');
    await page.getByRole('group', { name: 'What is picked' }).getByRole('button', { name: 'Focus' }).click();
    await expect(page.locator('.vt-told')).toContainText('pick 200 at most');
    expect(param(page, 'f')).toBeNull();
  });
});

test.describe('columns', () => {
  const width = (page: Page, name: RegExp): Promise<number> =>
    page.getByRole('columnheader', { name }).evaluate((head) => head.getBoundingClientRect().width);

  test('can be hidden and shown, which lasts', async ({ page }) => {
    await visit(page, 'file=demo/cpu.pb.gz&view=top');
    await ready(page, 'Top');
    const heads = page.getByRole('table', { name: 'Top', exact: true }).locator('thead .vt-sort, thead .vt-head');
    await expect(heads).toHaveText(['flat', 'flat%', 'sum%', 'cum', 'cum%', 'Name']);
    await page.getByRole('button', { name: /^Columns/ }).click();
    const menu = page.getByRole('dialog', { name: 'Columns of Top' });
    await menu.getByRole('checkbox', { name: 'sum%' }).uncheck();
    await menu.getByRole('checkbox', { name: 'samples flat' }).check();
    await expect(heads).toHaveText(['flat', 'flat%', 'cum', 'cum%', 'Name', 'samples flat']);
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await page.reload();
    await ready(page, 'Top');
    await expect(heads).toHaveText(['flat', 'flat%', 'cum', 'cum%', 'Name', 'samples flat']);
    // Another kind of profile has its own.
    await drop(page, [heap]);
    await expect(heads).toContainText(['sum%']);
    await page.getByRole('button', { name: 'cpu.pb.gz', exact: false }).first().click();
    await page.getByRole('button', { name: /^Columns/ }).click();
    await menu.getByRole('button', { name: 'As they were' }).click();
    await expect(heads).toHaveText(['flat', 'flat%', 'sum%', 'cum', 'cum%', 'Name']);
  });

  test('are made wider by their edge and by keys, which lasts; a double click fits them', async ({ page }) => {
    await visit(page, 'file=demo/cpu.pb.gz&view=top');
    await ready(page, 'Top');
    const before = await width(page, /^cum(?!%)/);
    const grip = page.getByRole('columnheader', { name: /^cum(?!%)/ }).locator('.vt-grip');
    const box = (await grip.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + 4, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 34, box.y + 10);
    await page.mouse.move(box.x + 64, box.y + 10);
    await page.mouse.up();
    expect(await width(page, /^cum(?!%)/)).toBeCloseTo(before + 60, 0);
    await page.getByRole('columnheader', { name: /^cum(?!%)/ }).getByRole('button').focus();
    await page.keyboard.press('Alt+ArrowRight');
    await page.keyboard.press('Alt+ArrowRight');
    // 8 pixels with each.
    expect(await width(page, /^cum(?!%)/)).toBeCloseTo(before + 76, 0);
    // The keys did not go Back.
    await expect(page).toHaveURL(/view=top/);
    await page.reload();
    await ready(page, 'Top');
    expect(await width(page, /^cum(?!%)/)).toBeCloseTo(before + 76, 0);
    await grip.dblclick();
    expect(await width(page, /^cum(?!%)/)).toBeLessThan(before + 1);
  });
});

test('a table of 400 000 functions scrolls to its end, by the bar and by key', async ({ page }, info) => {
  test.slow();
  // Tall enough for the scroll bar to be a scaled picture of the table.
  const COUNT = 400_000;
  function* samples(): Generator<{ stack: string[]; values: number[] }> {
    for (let i = 0; i < COUNT; i++) yield { stack: [`m.f${i}`], values: [COUNT - i, (COUNT - i) * 1000] };
  }
  const path = info.outputPath('many.pb');
  await writeFile(path, encodeProfile(CPU_TYPES, samples()));
  await visit(page, 'view=top');
  await choosePaths(page, [path]);
  await ready(page, 'Top');
  const table = page.getByRole('table', { name: 'Top', exact: true });
  await expect(table).toHaveAttribute('aria-rowcount', String(COUNT + 1));
  const scroller = page.getByRole('region', { name: 'Top table' });
  await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  // flat falls by one from row to row: the last is the last that was made.
  const last = table.locator(`tr[aria-rowindex="${COUNT + 1}"]`);
  await expect(last).toContainText(`m.f${COUNT - 1}`);
  await expect(last).toBeInViewport();
  await page.keyboard.press('Home');
  await expect(table.locator('tr[aria-rowindex="2"]')).toBeInViewport();
  await page.keyboard.press('End');
  await expect(last).toHaveAttribute('aria-current', 'true');
  await expect(last).toBeInViewport();
  await page.keyboard.press('ArrowUp');
  await expect(table.locator('tr[aria-current=true]')).toContainText(`m.f${COUNT - 2}`);
  expect(await table.locator('tbody tr').count()).toBeLessThan(120);
});

test.describe('the menu of a row', () => {
  test('opens by key on the selected row, and a letter runs its item', async ({ page }) => {
    await openTop(page);
    await page.keyboard.press('ArrowDown');
    await expect(row(page, 'main.c')).toHaveAttribute('aria-current', 'true');
    await page.keyboard.press('Shift+F10');
    const menu = page.getByRole('menu', { name: 'main.c' });
    await expect(menu.getByRole('menuitem', { name: 'Focus', exact: true })).toBeFocused();
    const below = await row(page, 'main.c').evaluate((element) => element.getBoundingClientRect().bottom);
    expect((await menu.boundingBox())?.y).toBeCloseTo(below, 0);
    await page.keyboard.press('h');
    await expect(menu).toHaveCount(0);
    await expect.poll(() => param(page, 'h')).toBe('^main\\.c$');
  });

  test('has a letter of its own for every item, and the sheet lists them', async ({ page }) => {
    await openTop(page);
    await row(page, 'main.c').click({ button: 'right' });
    const items = page.getByRole('menu').getByRole('menuitem');
    const letters = await items.evaluateAll((all) => all.map((item) => item.getAttribute('aria-keyshortcuts')));
    expect(letters.length).toBeGreaterThan(6);
    expect(new Set(letters).size).toBe(letters.length);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    const section = page.locator('.keys section').filter({ hasText: 'In the menu of a row or box' });
    // Of a box there are two more.
    await expect
      .poll(async () => (await section.locator('kbd').allTextContents()).filter((letter) => !['F', 'M'].includes(letter)))
      .toEqual(letters);
  });

  test('is about all that are picked', async ({ page }) => {
    await openTop(page);
    await row(page, 'main.a').click();
    await row(page, 'main.b').click({ modifiers: ['Control'] });
    await row(page, 'main.a').click({ button: 'right' });
    const menu = page.getByRole('menu', { name: '2 rows' });
    await menu.getByRole('menuitem', { name: 'Focus', exact: true }).click();
    await expect.poll(() => param(page, 'f')).toBe('^main\\.a$|^main\\.b$');
  });

  test('opens on the selection in views without a long table', async ({ page }) => {
    await visit(page, 'sel=main.c');
    await drop(page, [small]);
    await ready(page, 'Summary');
    await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('main.c');
    await page.keyboard.press('ContextMenu');
    await expect(page.getByRole('menu', { name: 'main.c' })).toBeVisible();
  });
});

test.describe('with a finger', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test('a long press opens the menu, from which rows are picked by taps', async ({ page }) => {
    await visit(page, 'view=top');
    await choose(page, [small]);
    await ready(page, 'Top');
    const devtools = await page.context().newCDPSession(page);
    const box = (await row(page, 'main.a').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const touchPoints = [{ x: box.x + 80, y: box.y + 10 }];
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
    const menu = page.getByRole('menu', { name: 'main.a' });
    await expect(menu).toBeVisible();
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect(menu).toBeVisible();
    await menu.getByRole('menuitem', { name: /^Pick this row/ }).tap();
    await row(page, 'main.b').tap();
    await expect(page.locator('tr[aria-selected=true] .frame-cut')).toHaveText(['main.a', 'main.b']);
  });
});

test.describe('settings', () => {
  test('last, and go back to what they were', async ({ page }) => {
    await visit(page);
    await page.getByRole('button', { name: 'Settings' }).click();
    const sheet = page.getByRole('dialog', { name: 'Settings' });
    await sheet.getByLabel('Theme').selectOption('dark');
    await sheet.getByLabel('First view').selectOption('top');
    await sheet.getByLabel('Group by').selectOption('packages');
    await sheet.getByLabel('Rows of tables').selectOption('comfortable');
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await drop(page, [cpu]);
    await ready(page, 'Top');
    await expect(page.getByLabel('Group by')).toHaveValue('packages');
    expect((await page.locator('.vt tbody tr').first().boundingBox())?.height).toBe(32);
    await page.getByRole('button', { name: 'Settings' }).click();
    await sheet.getByRole('button', { name: 'Reset everything' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'auto');
    await expect(sheet.getByRole('button', { name: 'Reset everything' })).toBeDisabled();
    await page.keyboard.press('Escape');
    expect((await page.locator('.vt tbody tr').first().boundingBox())?.height).toBe(24);
  });

  test('leave what a link says alone', async ({ page }) => {
    await page.addInitScript(() => localStorage.setItem('dropprof.settings', '{"version":1,"startView":"top","startGranularity":"lines"}'));
    await visit(page, 'si=samples');
    await drop(page, [cpu]);
    await ready(page, 'Summary');
    await expect(page.getByLabel('Group by')).toHaveValue('functions');
  });

  test('hold for the visit where the browser keeps nothing, and the sheet says so', async ({ page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get: () => {
          throw new DOMException('blocked', 'SecurityError');
        },
      });
    });
    await visit(page);
    await page.getByRole('button', { name: 'Settings' }).click();
    const sheet = page.getByRole('dialog', { name: 'Settings' });
    await sheet.getByLabel('Theme').selectOption('dark');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect(sheet.getByRole('status')).toContainText('hold for this visit');
  });

  test('another tab follows', async ({ page, context }) => {
    await visit(page);
    const other = await context.newPage();
    await other.goto(page.url());
    await other.getByRole('button', { name: /^Theme:/ }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  });
});

test('headings lead to what their words mean', async ({ page }) => {
  await openTop(page);
  await page.getByRole('button', { name: 'What is flat, sum% and cum?' }).press('Enter');
  const sheet = page.getByRole('dialog', { name: 'What is what' });
  await expect(sheet.locator('.term.wanted')).toBeInViewport();
  await expect(sheet.locator('.term.wanted dt')).toHaveText('flat, self');
  await sheet.getByRole('searchbox').fill('lock');
  await expect(sheet.locator('dt')).toHaveText(['contentions, delay']);
});

test('numbers of the details and of the middle explain themselves', async ({ page }) => {
  await visit(page, 'view=callers&sel=main.c');
  await drop(page, [small]);
  await ready(page, 'Callers & callees');
  for (const place of [page.getByRole('group', { name: 'Selected function' }), page.locator('.details-values')]) {
    await place.getByText('cum', { exact: true }).hover();
    await expect(page.getByRole('tooltip').filter({ hasText: 'everything it calls', visible: true })).toHaveCount(1);
  }
  await goTo(page, 'Top');
});
