/** One function between its callers and its callees, over all its occurrences. */
import AxeBuilder from '@axe-core/playwright';
import { active, tree } from './flames';
import { drop, expect, goTo, ready, test, visit } from './page';
import { cpuProfile } from './profile';

/** f is called by a (50) and by b (30), and calls g (60 of those 80); 20 are without it. */
const calls = {
  name: 'calls.pb.gz',
  bytes: cpuProfile([
    { stack: ['main.g', 'main.f', 'main.a', 'main.main'], values: [40, 400_000_000] },
    { stack: ['main.f', 'main.a', 'main.main'], values: [10, 100_000_000] },
    { stack: ['main.g', 'main.f', 'main.b', 'main.main'], values: [20, 200_000_000] },
    { stack: ['main.f', 'main.b', 'main.main'], values: [10, 100_000_000] },
    { stack: ['main.main'], values: [20, 200_000_000] },
  ]),
};

test('callers stand above, callees below, over all occurrences', async ({ page }) => {
  await visit(page, 'view=flame&sel=main.f');
  await drop(page, [calls]);
  await ready(page, 'Flame graph');
  await page.getByRole('button', { name: 'Sandwich' }).click();
  await expect(page).toHaveURL(/sandwich=t/);
  await ready(page, 'Flame graph');
  await tree(page, 'Callees').focus();
  // Who walks begins at the function in the middle.
  await expect.poll(async () => (await active(page, 'Callees')).label).toMatch(/^main\.f, cum 800ms, 80\.00%/);
  await page.keyboard.press('ArrowDown');
  // 60 of 100 samples: both places of f together.
  await expect.poll(async () => (await active(page, 'Callees')).label).toMatch(/^main\.g, cum 600ms, 60\.00%/);
  await tree(page, 'Callers').focus();
  await expect.poll(async () => (await active(page, 'Callers')).label).toMatch(/^main\.f, cum 800ms/);
  await page.keyboard.press('ArrowUp');
  await expect.poll(async () => (await active(page, 'Callers')).label).toMatch(/^main\.a, cum 500ms, 50\.00%/);
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await active(page, 'Callers')).label).toMatch(/^main\.b, cum 300ms, 30\.00%/);
  // Walking has not changed what is in the middle; Enter does.
  await expect(page).toHaveURL(/sel=main\.f/);
  const axe = await new AxeBuilder({ page }).include('.flame').analyze();
  expect(axe.violations).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/sel=main\.b/);
  await ready(page, 'Flame graph');
  await page.goBack();
  await expect(page).toHaveURL(/sel=main\.f/);
});

test('callers grow upwards from the lower edge', async ({ page }) => {
  await visit(page, 'view=flame&sel=main.f&sandwich=t');
  await drop(page, [calls]);
  await ready(page, 'Flame graph');
  const callers = page.getByRole('region', { name: 'Callers' });
  const { x, y, width, height } = (await callers.locator('.flame-scroll').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const at = async (share: number, row: number): Promise<string> => {
    await page.mouse.move(x + width * share, y + height - 20 * row - 10);
    return (await callers.locator('.flame-what').textContent()) ?? '';
  };
  expect(await at(0.5, 1)).toBe('main.f');
  // a has 50 of 80.
  expect(await at(0.3, 2)).toBe('main.a');
  expect(await at(0.8, 2)).toBe('main.b');
  expect(await at(0.8, 3)).toBe('main.main');
  // Back to the whole tree.
  await page.keyboard.press('v');
  await expect(page).not.toHaveURL(/sandwich/);
  await ready(page, 'Flame graph');
  await expect(tree(page)).toHaveCount(1);
});

test('the menu of a row leads there', async ({ page }) => {
  await visit(page);
  await drop(page, [calls]);
  await goTo(page, 'Top');
  // g costs most by itself.
  await page.getByRole('table', { name: 'Top', exact: true }).locator('tbody tr').first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Sandwich' }).click();
  await expect(page).toHaveURL(/view=flame.*sandwich=t.*sel=main\.g|sel=main\.g.*sandwich=t/);
  await ready(page, 'Flame graph');
  await expect(page.getByRole('region', { name: 'Callees' })).toBeVisible();
});
