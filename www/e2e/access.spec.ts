/** Everybody can use it: axe, the keyboard alone, a narrow screen. */
import type { Page } from '@playwright/test';
import { serious } from './axe';
import { cpu, heap } from './files';
import { DEMO, golden } from './golden';
import { TABS, VIEWS, choose, command, drop, expect, goTo, ready, saved, tabTo, test, visit } from './page';

const broken = { name: 'broken.pb.gz', bytes: cpu.bytes.subarray(0, 1000) };

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('the landing page has no serious fault', async ({ page }) => {
      await visit(page);
      expect(await serious(page)).toEqual([]);
    });

    for (const tab of TABS) {
      test(`${tab} has no serious fault`, async ({ page }) => {
        // axe looks at every element and its colours: seconds for a long page.
        test.slow();
        await visit(page);
        await drop(page, [heap, cpu]);
        await goTo(page, tab);
        expect(await serious(page)).toEqual([]);
        // Once more with something selected.
        const name = golden(DEMO.heap, '-top -sample_index=inuse_space -nodecount=10').rows[0]?.name ?? '';
        await visit(page, `file=demo/heap.pb.gz&view=${VIEWS[tab]}&sel=${encodeURIComponent(name)}`);
        await page.reload();
        await ready(page, tab);
        expect(await serious(page)).toEqual([]);
      });
    }

    test('what lies over the page has no serious fault', async ({ page }) => {
      test.slow();
      await visit(page);
      await drop(page, [heap]);
      await goTo(page, 'Top');
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
      expect(await serious(page), 'commands').toEqual([]);
      await page.keyboard.type('json');
      await expect(page.getByRole('group', { name: 'Functions' })).toBeVisible();
      expect(await serious(page), 'functions').toEqual([]);
      await page.keyboard.press('Escape');
      for (const [typed, name] of [['settings', 'Settings'], ['what is what', 'What is what'], ['how do i', 'How do I get a profile?']] as const) {
        await command(page, typed);
        await expect(page.getByRole('dialog', { name })).toBeVisible();
        expect(await serious(page), name).toEqual([]);
        await page.keyboard.press('Escape');
      }
      for (const name of ['Options', 'Save as…', 'Filter']) {
        await page.getByRole('button', { name, exact: true }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        expect(await serious(page), name).toEqual([]);
        await page.keyboard.press('Escape');
      }
    });

    test('picked rows, the menu and the columns of a table have no serious fault', async ({ page }) => {
      test.slow();
      await visit(page);
      await drop(page, [heap]);
      await goTo(page, 'Top');
      const rows = page.locator('.vt tbody tr');
      await rows.nth(1).click();
      await rows.nth(3).click({ modifiers: ['Control'] });
      await expect(page.getByRole('group', { name: 'What is picked' })).toBeVisible();
      expect(await serious(page), 'picked').toEqual([]);
      await rows.nth(3).click({ button: 'right' });
      await expect(page.getByRole('menu')).toBeVisible();
      expect(await serious(page), 'menu').toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^Columns/ }).click();
      await expect(page.getByRole('dialog', { name: 'Columns of Top' })).toBeVisible();
      expect(await serious(page), 'columns').toEqual([]);
    });

    test.describe('360 px wide', () => {
      test.use({ viewport: { width: 360, height: 740 } });

      test('no view has a serious fault', async ({ page }) => {
        test.slow();
        await visit(page);
        await drop(page, [broken, heap, cpu]);
        for (const tab of TABS) {
          await goTo(page, tab);
          expect(await serious(page), tab).toEqual([]);
        }
      });
    });

    test('an error has no serious fault', async ({ page }) => {
      await visit(page);
      await drop(page, [broken]);
      await expect(page.getByRole('alert').filter({ hasText: 'broken.pb.gz' })).toBeVisible();
      expect(await serious(page)).toEqual([]);
    });
  });
}

test.describe('360 px wide', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  /**
   * What can be scrolled sideways, by class, apart from what is meant to be: the strips of tabs, files and colours,
   * the wide tables, and text to copy. The window itself does not scroll, so it is measured, too.
   */
  async function sideways(page: Page): Promise<string[]> {
    return page.evaluate(() => {
      const meant = '.tabs, .files, .vt, .doc-table, .colour-entries, pre, select';
      return [...document.querySelectorAll<HTMLElement>('*')]
        .filter((element) => !element.matches(meant))
        .filter((element) => {
          const { overflowX } = getComputedStyle(element);
          const scrolls = overflowX === 'auto' || overflowX === 'scroll' || element === document.documentElement;
          return scrolls && element.scrollWidth > element.clientWidth;
        })
        .map((element) => `${element.tagName}.${element.className}: ${element.scrollWidth} in ${element.clientWidth}`);
    });
  }

  test('nothing is wider than the screen', async ({ page }) => {
    await visit(page);
    for (const recipe of await page.locator('.howto summary').all()) {
      await recipe.click();
      expect(await sideways(page), 'the landing page').toEqual([]);
    }
    await drop(page, [broken, heap, cpu]);
    for (const tab of TABS) {
      await goTo(page, tab);
      expect(await sideways(page), tab).toEqual([]);
      expect(await page.getByRole('tabpanel').evaluate((panel) => panel.clientHeight), tab).toBeGreaterThan(200);
    }
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await sideways(page), 'the keys').toEqual([]);
    await page.keyboard.press('Escape');
    for (const name of ['Commands', 'Settings']) {
      await page.getByRole('button', { name, exact: true }).click();
      await expect(page.getByRole('dialog', { name })).toBeVisible();
      expect(await sideways(page), name).toEqual([]);
      await page.keyboard.press('Escape');
    }
    await goTo(page, 'Top');
    const rows = page.locator('.vt tbody tr');
    await rows.nth(1).click();
    await rows.nth(2).click({ modifiers: ['Control'] });
    // What can be done with them is on the screen, to its end.
    await expect(page.getByRole('button', { name: 'Pick nothing' })).toBeInViewport({ ratio: 1 });
    expect(await sideways(page), 'picked').toEqual([]);
  });

  test('the details are one line until they are opened, and as they were left for the next selection', async ({ page }) => {
    await visit(page);
    await drop(page, [cpu]);
    await goTo(page, 'Top');
    await page.locator('.vt tbody tr').nth(1).click();
    const details = page.getByRole('complementary', { name: 'Details' });
    const line = details.getByRole('button', { expanded: false });
    await expect(line).toContainText('runtime.memmove');
    await expect(line).toContainText('1.24s');
    expect((await details.boundingBox())?.height).toBeLessThan(40);
    await line.press('Enter');
    await expect(details.getByRole('button', { expanded: true })).toBeFocused();
    await expect(details.getByRole('button', { name: 'Callers & callees' })).toBeVisible();
    expect(await serious(page)).toEqual([]);
    await page.locator('.vt tbody tr').nth(0).click();
    await expect(details.getByRole('button', { expanded: true })).toContainText('diff.table');
    // What is said of a file that is alone is about no function.
    await goTo(page, 'Compare');
    await expect(details).toBeHidden();
  });

  test('while a file with a long name is read, its progress is on the screen, and told by quarters', async ({ page }) => {
    // A reader that is as slow as the test wants.
    await page.addInitScript(() => {
      const start = window.Worker;
      window.Worker = class extends start {
        constructor(url: string | URL, options?: WorkerOptions) {
          super(url, options);
          (window as unknown as { lastWorker: Worker }).lastWorker = this;
        }
        override postMessage(): void {}
      };
    });
    const read = (bytesIn: number): Promise<void> =>
      page.evaluate((bytes) => {
        const worker = (window as unknown as { lastWorker: Worker }).lastWorker;
        const progress = { bytesIn: bytes, bytesOut: bytes, samples: bytes };
        worker.dispatchEvent(new MessageEvent('message', { data: { type: 'progress', ticket: 1, progress } }));
      }, bytesIn);
    await visit(page);
    const name = `${'a-very-long-name-'.repeat(5)}.pb`;
    await choose(page, [{ name, bytes: Buffer.alloc(1000) }]);
    const told = page.locator('.reading [role=status]');
    const seen = page.locator('.reading');
    for (const [bytes, words] of [[100, ''], [200, ''], [300, ', 25 %'], [499, ', 25 %'], [500, ', 50 %']] as const) {
      await read(bytes);
      await expect(seen).toContainText(`${bytes}B of 1000B`);
      await expect(told).toHaveText(`Reading ${name}${words}`);
    }
    await expect(page.locator('.reading progress')).toBeInViewport({ ratio: 1 });
    expect(await sideways(page)).toEqual([]);
  });

  test('what is typed into the search can be seen beside what it found', async ({ page }) => {
    await visit(page);
    await drop(page, [heap]);
    await goTo(page, 'Top');
    const box = page.getByRole('searchbox');
    await box.fill('json');
    await expect(page.locator('.search-found')).toContainText(/cum [\d.]+%/);
    for (const width of [360, 400, 900, 1181, 1280, 1600]) {
      await page.setViewportSize({ width, height: 740 });
      // Eight characters of the face.
      const [shown, wanted] = await box.evaluate((input: HTMLInputElement) => {
        const pen = new OffscreenCanvas(1, 1).getContext('2d');
        if (pen !== null) pen.font = getComputedStyle(input).font;
        return [input.clientWidth, pen?.measureText('0'.repeat(8)).width ?? Infinity];
      });
      expect(shown, `at ${width} px`).toBeGreaterThanOrEqual(Math.floor(wanted ?? Infinity));
      const found = page.locator('.search-found b').last();
      await expect(found, `at ${width} px`).toBeInViewport({ ratio: 1 });
      expect(await page.locator('.search').evaluate((e) => e.scrollWidth - e.clientWidth), `at ${width} px`).toBeLessThanOrEqual(0);
    }
  });
});

test.describe('with a finger', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test('a tap on the end of a name selects it; the ways on appear with the selection', async ({ page }) => {
    await visit(page);
    await choose(page, [cpu]);
    await ready(page, 'Summary');
    const row = page.getByRole('table', { name: 'Most by itself' }).locator('tbody tr').nth(1);
    const cell = row.locator('td').last();
    const go = row.locator('.go');
    await expect(go).toHaveCSS('opacity', '0');
    const { width, height } = (await cell.boundingBox()) ?? { width: 0, height: 0 };
    // The unseen buttons lie here.
    await cell.tap({ position: { x: width - 12, y: height / 2 } });
    await ready(page, 'Summary');
    await expect(row).toHaveAttribute('aria-current', 'true');
    await expect(go).toHaveCSS('opacity', '1');
    await go.getByRole('button', { name: /in the flame graph/ }).tap();
    await ready(page, 'Flame graph');
  });
});

test('from the landing page to a saved report without a mouse', async ({ page }) => {
  await visit(page);
  // Tab leads to the demos; Enter opens one.
  await tabTo(page, /^CPU/);
  await page.keyboard.press('Enter');
  await ready(page, 'Summary');
  // Digits lead to the first nine views, in the order of the tabs.
  for (const [index, tab] of TABS.slice(0, 9).entries()) {
    await page.keyboard.press(String(index + 1));
    await ready(page, tab);
  }
  await page.keyboard.press('3');
  await ready(page, 'Top');
  await page.keyboard.press('/');
  await page.keyboard.type('regexp');
  await expect(page.locator('.pane-count')).toContainText(' of ');
  await page.keyboard.press('Escape');
  await tabTo(page, /^Top table$/);
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.vt tr[aria-current=true]')).toHaveCount(1);
  // Of the tabs behind the ninth, End leads to the last.
  await tabTo(page, /^Top$/);
  await page.keyboard.press('End');
  await ready(page, 'Report');
  await tabTo(page, /^Markdown$/);
  expect((await saved(page, () => page.keyboard.press('Enter'))).name).toBe('cpu-report.md');
});

test('? lists the shortcuts, and Escape closes the list', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog');
  await expect(sheet).toContainText('Search');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
});
