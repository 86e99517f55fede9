/** Everybody can use it: axe, the keyboard alone, a narrow screen. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { DEMO, golden, profileBytes } from './golden';
import { VIEWS, drop, expect, goTo, ready, test, visit } from './page';
import type { Tab } from './page';

const cpu = { name: 'cpu.pb.gz', bytes: profileBytes(DEMO.cpu) };
const heap = { name: 'heap.pb.gz', bytes: profileBytes(DEMO.heap) };
const broken = { name: 'broken.pb.gz', bytes: cpu.bytes.subarray(0, 1000) };
const TABS = Object.keys(VIEWS) as Tab[];

/** What axe calls serious or critical. */
async function serious(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join('\n')}`);
}

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

  async function overflow(page: Page): Promise<number> {
    return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  }

  test('nothing is wider than the screen', async ({ page }) => {
    await visit(page);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await drop(page, [broken, heap, cpu]);
    for (const tab of TABS) {
      await goTo(page, tab);
      expect(await overflow(page), tab).toBeLessThanOrEqual(0);
      expect(await page.getByRole('tabpanel').evaluate((panel) => panel.clientHeight), tab).toBeGreaterThan(200);
    }
  });
});

test('from the landing page to a saved report without a mouse', async ({ page }) => {
  await visit(page);
  // Tab leads to the demos; Enter opens one.
  await tabTo(page, /^CPU/);
  await page.keyboard.press('Enter');
  await ready(page, 'Summary');
  // Digits lead to the views, in the order of the tabs.
  for (const [index, tab] of TABS.entries()) {
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
  await page.keyboard.press('7');
  await ready(page, 'Report');
  await tabTo(page, /^Markdown$/);
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toBe('cpu-report.md');
});

/** Presses Tab until something with this name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 200; presses++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    if (name.test(focused.trim())) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never leads to ${name}`);
}

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
