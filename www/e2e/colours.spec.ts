/** What the colours of the flame graph tell, and the line that says so. */
import AxeBuilder from '@axe-core/playwright';
import { pixels } from './flames';
import { drop, expect, goTo, ready, test, visit } from './page';
import { cpuProfile } from './profile';

/** 10 samples: strings in 7 of them, fmt in 3, main in all; 4 allocate. */
const mixed = {
  name: 'mixed.pb.gz',
  bytes: cpuProfile([
    { stack: ['runtime.mallocgc', 'strings.Map', 'main.main'], values: [4, 40_000_000] },
    { stack: ['fmt.Fprint', 'strings.Map', 'main.main'], values: [3, 30_000_000] },
    { stack: ['main.work', 'main.main'], values: [3, 30_000_000] },
  ]),
};

test('packages are listed with what goes through them; one dims the others', async ({ page }) => {
  await visit(page);
  await drop(page, [mixed]);
  await goTo(page, 'Flame graph');
  const entries = page.getByRole('list', { name: 'Colours by package' }).getByRole('button');
  // By cum: main 10, strings 7, runtime 4, fmt 3 of 10.
  await expect(entries).toHaveText([/^main\s*100%/, /^strings\s*70\.00%/, /^runtime\s*40\.00%/, /^fmt\s*30\.00%/]);
  const strings = entries.filter({ hasText: 'strings' });
  await expect(strings).toHaveAttribute('title', /cum 70ms \(70\.00%\), flat 0/);
  await strings.focus();
  await page.keyboard.press('Enter');
  await expect(strings).toHaveAttribute('aria-pressed', 'true');
  await expect(page).toHaveURL(/lit=strings/);
  await ready(page, 'Flame graph');
  await page.locator('.colour-lit').getByRole('button', { name: 'Focus', exact: true }).click();
  await expect(page).toHaveURL(/f=%5Estrings%5C\./);
  await expect(page).not.toHaveURL(/lit=/);
  await ready(page, 'Flame graph');
  // 7 of the 10 samples are left.
  await expect(entries.filter({ hasText: 'fmt' })).toContainText('30.00%');
  await expect(entries.filter({ hasText: 'main' })).toContainText('70.00%');
});

test('colours by mechanism, file and class are in the link', async ({ page }) => {
  await visit(page, 'view=flame');
  await drop(page, [mixed]);
  await ready(page, 'Flame graph');
  const menu = page.getByLabel('Colour by');
  await menu.selectOption('mechanism');
  await expect(page).toHaveURL(/colour=mechanism/);
  const mechanisms = page.getByRole('list', { name: 'Colours by mechanism' }).getByRole('button');
  await expect(mechanisms.filter({ hasText: /alloc/i })).toContainText('40.00%');
  await menu.selectOption('class');
  // Classes keep their order, whatever they weigh.
  await expect(page.getByRole('list', { name: 'Colours by whose code' }).getByRole('button')).toHaveText([
    /100%/, /^standard library\s*70\.00%/, /^runtime\s*40\.00%/,
  ]);
  await menu.selectOption('file');
  await expect(page.getByRole('list', { name: 'Colours by file' }).getByRole('button')).toHaveText([/^src\/main\.go\s*100%/]);
  await page.goBack();
  await expect(menu).toHaveValue('class');
  const axe = await new AxeBuilder({ page }).include('.flame').analyze();
  expect(axe.violations).toEqual([]);
});

test('the safe colours are remembered', async ({ page }) => {
  await visit(page, 'view=flame');
  await drop(page, [mixed]);
  await ready(page, 'Flame graph');
  const pixel = async (): Promise<string> => {
    const { data, width } = await pixels(page.locator('.flame-canvas'));
    // In the middle of main.main's row; three pixels down there is no text yet.
    const at = 4 * (23 * width + Math.floor(width / 2));
    return data.slice(at, at + 4).join();
  };
  const before = await pixel();
  const safe = page.getByLabel('Colour-blind safe');
  await safe.check();
  await expect.poll(pixel).not.toBe(before);
  await page.reload();
  await drop(page, [mixed]);
  await ready(page, 'Flame graph');
  await expect(safe).toBeChecked();
  await safe.uncheck();
  await expect.poll(pixel).toBe(before);
});
