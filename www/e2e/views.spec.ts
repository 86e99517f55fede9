/** What the views do with a click or a key. */
import { cpu, heap, small } from './files';
import { DEMO, golden } from './golden';
import { drop, expect, goTo, ready, test, topRows, visit } from './page';
import { cpuProfile } from './profile';

test('the summary shows the five heaviest, and where it goes adds up', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  await expect(page.locator('.headline')).not.toBeEmpty();
  for (const [label, args] of [
    ['Most by itself', '-top -sample_index=cpu -nodecount=10'],
    ['Most with what it calls', '-top -sample_index=cpu -cum -nodecount=10'],
  ] as const) {
    const names = page.getByRole('table', { name: label }).locator('.frame-cut');
    const want = golden(DEMO.cpu, args).rows.slice(0, 5);
    await expect(names).toHaveText(want.map((row) => row.name));
  }
  await page.getByRole('button', { name: /^Show all \d+ parts/ }).click();
  const percents = await page.locator('.legend-pct').allTextContents();
  const sum = percents.reduce((total, text) => total + Number(text.replace('%', '')), 0);
  // Each part is rounded to a hundredth.
  expect(Math.abs(sum - 100)).toBeLessThan(0.005 * percents.length + 0.001);
});

test('a part of the bar opens to its heaviest functions, which lead on', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  const part = page.locator('.legend button[aria-expanded]').first();
  await part.press('Enter');
  await expect(part).toHaveAttribute('aria-expanded', 'true');
  const row = page.getByRole('table', { name: /^Heaviest in/ }).locator('tbody tr').first();
  const name = await row.locator('.frame-cut').textContent();
  await row.getByRole('button', { name: /^Show callers and callees of/ }).focus();
  await page.keyboard.press('Enter');
  await ready(page, 'Callers & callees');
  await expect(page.getByRole('group', { name: 'Selected function' }).locator('.frame-cut')).toHaveText(name ?? '');
});

test('callers and callees are those of the stacks, and a click re-centres', async ({ page }) => {
  await visit(page);
  await drop(page, [small]);
  await goTo(page, 'Callers & callees');
  await expect(page.getByText('Pick a function')).toBeVisible();
  await page.getByRole('table', { name: 'Heaviest functions' }).getByRole('button', { name: /main\.c/ }).first().click();

  const middle = page.getByRole('group', { name: 'Selected function' });
  await expect(middle).toContainText('main.c');
  await expect(middle).toContainText('80.00%');
  const callers = page.getByRole('table', { name: 'Callers', exact: true }).locator('tbody tr');
  await expect(callers).toHaveText([/500ms.*62\.50%.*main\.a/s, /300ms.*37\.50%.*main\.b/s]);
  await expect(page.getByText('It calls nothing that was sampled')).toBeVisible();

  await callers.nth(0).click();
  await expect(middle).toContainText('main.a');
  await expect(page.getByRole('table', { name: 'Callees', exact: true }).locator('tbody tr')).toHaveText([
    /500ms.*83\.33%.*main\.c/s,
  ]);
  await page.goBack();
  await expect(middle).toContainText('main.c');
});

test('hot paths lead from the root to the leaf with self and cum at every step', async ({ page }) => {
  await visit(page);
  await drop(page, [small]);
  await goTo(page, 'Hot paths');
  const path = page.getByRole('table', { name: 'Path 1' });
  const steps = path.locator('tr.step');
  await expect(steps.last()).toContainText('main.c');
  await expect(steps.last()).toContainText('500ms');
  await steps.last().click();
  await expect(steps.last()).toHaveAttribute('aria-current', 'true');
  await page.getByRole('button', { name: 'Show in flame graph' }).first().click();
  await ready(page, 'Flame graph');
  expect(page.url()).toContain('zoom=');
});

test('allocations: a heap profile has sites, a CPU profile says what would have them', async ({ page }) => {
  await visit(page);
  await drop(page, [heap]);
  await goTo(page, 'Allocations');
  const table = page.getByRole('table', { name: 'Allocation sites' });
  await expect(table.locator('tbody tr').first()).toContainText(/\S/);
  const headings = await table.getByRole('columnheader').count();
  expect(headings).toBeGreaterThan(3);
  // The heaviest function by alloc_space allocates at one or more lines of its own.
  await page.getByRole('columnheader', { name: /^Allocated(?! objects)/ }).getByRole('button').click();
  const heaviest = golden(DEMO.heap, '-top -sample_index=alloc_space -nodecount=10').rows[0]?.name ?? '';
  await expect(table).toContainText(heaviest);

  await drop(page, [cpu]);
  await expect(page.getByText(/memprofile/).first()).toBeVisible();
});

test('headings of figures end where the figures do', async ({ page }) => {
  await visit(page);
  await drop(page, [heap]);
  for (const tab of ['Top', 'Allocations', 'Source'] as const) {
    await goTo(page, tab);
    const gaps = await page.locator('.vt table').last().evaluate((table: HTMLTableElement) => {
      const end = (cell: Element | undefined): number => {
        const range = document.createRange();
        const texts = document.createTreeWalker(cell as Element, NodeFilter.SHOW_TEXT);
        let right = 0;
        while (texts.nextNode() !== null) {
          range.selectNodeContents(texts.currentNode);
          right = Math.max(right, range.getBoundingClientRect().right);
        }
        return right;
      };
      const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
      return heads.flatMap((head, at) => {
        const cell = table.tBodies[0]?.rows[0]?.cells[at];
        return head.matches('.vt-num') && cell?.textContent !== '' ? [Math.abs(end(head) - end(cell))] : [];
      });
    });
    expect(gaps.length, tab).toBeGreaterThan(2);
    for (const gap of gaps) expect(gap, tab).toBeLessThan(1);
  }
});

test('arrows, Page Down, Home and End walk the Top table and select', async ({ page }) => {
  await visit(page, 'view=top');
  await drop(page, [cpu]);
  await ready(page, 'Top');
  const [first, second] = await topRows(page, 2);
  const count = Number(await page.getByRole('table', { name: 'Top', exact: true }).getAttribute('aria-rowcount'));
  const current = page.locator('.vt tr[aria-current=true]');
  // Wherever the focus is; then from a clicked row on.
  await page.keyboard.press('ArrowDown');
  await expect(current.locator('.frame-cut')).toHaveText(first?.name ?? '');
  await page.getByRole('button', { name: first?.name ?? '' }).first().click();
  await page.keyboard.press('ArrowDown');
  await expect(current.locator('.frame-cut')).toHaveText(second?.name ?? '');
  await page.keyboard.press('End');
  await expect(current).toHaveAttribute('aria-rowindex', String(count));
  await expect(current).toBeInViewport();
  await page.keyboard.press('Home');
  await expect(current).toHaveAttribute('aria-rowindex', '2');
  await page.keyboard.press('PageDown');
  const at = Number(await current.getAttribute('aria-rowindex'));
  expect(at).toBeGreaterThan(10);
  await page.keyboard.press('Enter');
  await ready(page, 'Flame graph');
});

test('a table of 5000 functions holds only the rows on screen', async ({ page }) => {
  const samples = Array.from({ length: 5000 }, (_, i) => ({
    stack: [`example.com/many.f${String(i).padStart(4, '0')}`, 'main.main'],
    values: [5000 - i, (5000 - i) * 10_000_000],
  }));
  await visit(page, 'view=top');
  await drop(page, [{ name: 'many.pb.gz', bytes: cpuProfile(samples) }]);
  await ready(page, 'Top');
  const table = page.getByRole('table', { name: 'Top', exact: true });
  // 5000 functions, main.main and the header.
  await expect(table).toHaveAttribute('aria-rowcount', '5002');
  expect(await table.locator('tbody tr').count()).toBeLessThan(120);
  const scroller = page.getByRole('region', { name: 'Top table' });
  await scroller.evaluate((element) => element.scrollTo(0, 2500 * 24));
  // Row 2500 (from 0) of the order by flat is f2500: flat falls by one from row to row.
  await expect(table.locator('tr[aria-rowindex="2502"]')).toContainText('many.f2500');
  expect(await table.locator('tbody tr').count()).toBeLessThan(120);
});

test('Top shows where a function is that was selected elsewhere', async ({ page }) => {
  const samples = Array.from({ length: 1000 }, (_, i) => ({
    stack: [`example.com/many.f${String(i).padStart(4, '0')}`, 'main.main'],
    values: [1000 - i, (1000 - i) * 10_000_000],
  }));
  await visit(page, 'sel=example.com/many.f0700');
  await drop(page, [{ name: 'many.pb.gz', bytes: cpuProfile(samples) }]);
  await ready(page, 'Summary');
  await goTo(page, 'Top');
  const current = page.locator('.vt tr[aria-current=true]');
  await expect(current).toContainText('many.f0700');
  await expect(current).toBeInViewport({ ratio: 1 });
  // The next row was in sight already: a click moves nothing.
  const scroller = page.getByRole('region', { name: 'Top table' });
  const before = await scroller.evaluate((element) => element.scrollTop);
  await page.getByRole('button', { name: /many\.f0701/ }).click();
  await expect(current).toContainText('many.f0701');
  expect(await scroller.evaluate((element) => element.scrollTop)).toBe(before);
});

test('hot paths count the frames that they fold, and name the first of many', async ({ page }) => {
  const plumbing = Array.from({ length: 60 }, (_, i) => `encoding/json.step${i}`);
  const bytes = cpuProfile([{ stack: ['main.leaf', ...plumbing, 'main.main'], values: [5, 50_000_000] }]);
  await visit(page, 'view=hotpaths');
  await drop(page, [{ name: 'deep.pb.gz', bytes }]);
  await ready(page, 'Hot paths');
  const fold = page.getByRole('table', { name: 'Path 1' }).getByRole('button', { name: /frames$/ });
  const [, count = ''] = /(\d+) frames/.exec((await fold.textContent()) ?? '') ?? [];
  expect(Number(count)).toBeGreaterThan(40);
  await fold.click();
  const names = page.locator('.folded-names li');
  // 40 names, and a line for the rest.
  await expect(names).toHaveCount(41);
  await expect(names.last()).toHaveText(`and ${Number(count) - 40} more`);
});

test('headings explain themselves when focused', async ({ page }) => {
  await visit(page, 'view=top');
  await drop(page, [cpu]);
  await ready(page, 'Top');
  await page.getByLabel('Inlined frames').focus();
  for (const text of ['without what it calls', 'share of the total', 'all rows above', 'everything it calls']) {
    await expect(async () => {
      await page.keyboard.press('Tab');
      await expect(page.getByRole('tooltip').filter({ hasText: text, visible: true })).toHaveCount(1, { timeout: 500 });
    }).toPass();
  }
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip').filter({ visible: true })).toHaveCount(0);
});

test('names are shortened from what tells least, and keep their beginning', async ({ page }) => {
  const name = 'example.com/sync/pool.Map[go.shape.string,example.com/sync.reused[int]].func1';
  const bytes = cpuProfile([{ stack: [name, 'main.main'], values: [5, 50_000_000] }]);
  await page.setViewportSize({ width: 2000, height: 800 });
  await visit(page);
  await drop(page, [{ name: 'generic.pb.gz', bytes }]);
  await goTo(page, 'Top');
  const cut = page.locator('.vt tbody .frame-cut').first();
  await expect(cut).toHaveText(name);
  /** The characters of the name that are in sight in a place of that width. */
  const seenIn = (width: number): Promise<string> =>
    cut.evaluate((element, room) => {
      element.style.maxWidth = `${room}ch`;
      const edges = element.getBoundingClientRect();
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      let seen = '';
      for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
        [...(node.textContent ?? '')].forEach((sign, at) => {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const { left, right } = range.getBoundingClientRect();
          if (left > edges.left - 1 && right < edges.right + 1) seen += sign;
        });
      }
      return seen;
    }, width);
  // The ellipsis is no text of the page. It takes the place of a character.
  expect(await seenIn(35)).toBe('example.com/sync/pool.Map[].func1');
  expect(await seenIn(30)).toBe('pool.Map[].func1');
  expect(await seenIn(13)).toBe('Map[].func1');
  expect(await seenIn(100)).toBe(name);
  await expect(page.getByRole('button', { name })).toBeVisible();
});
