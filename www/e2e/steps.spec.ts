/** Going from match to match, and letters in their own case. */
import { drop, expect, goTo, test, visit } from './page';
import { cpuProfile } from './profile';

/** Parse 50, parse 30, parser 20 of 100. */
const parsers = {
  name: 'parsers.pb.gz',
  bytes: cpuProfile([
    { stack: ['main.Parse', 'main.main'], values: [50, 500_000_000] },
    { stack: ['main.parse', 'main.main'], values: [30, 300_000_000] },
    { stack: ['main.parser', 'main.main'], values: [20, 200_000_000] },
  ]),
};

test('matches are counted and stepped through, heaviest first, round and round', async ({ page }) => {
  await visit(page);
  await drop(page, [parsers]);
  await goTo(page, 'Flame graph');
  const box = page.getByLabel('Search functions');
  const found = page.locator('#search-found');
  await box.fill('parse');
  await expect(found).toContainText('cum 100%');
  await page.getByRole('button', { name: 'Next match' }).click();
  await expect(found).toContainText('1 of 3');
  await expect(page).toHaveURL(/sel=main\.Parse(&|$)/);
  await page.locator('.flame-scroll').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('F3');
  await expect(found).toContainText('2 of 3');
  await expect(page).toHaveURL(/sel=main\.parse(&|$)/);
  await page.keyboard.press('Shift+F3');
  await page.keyboard.press('Shift+F3');
  await expect(found).toContainText('3 of 3');
  await expect(page).toHaveURL(/sel=main\.parser(&|$)/);
  await page.getByRole('button', { name: 'Previous match' }).click();
  await expect(found).toContainText('2 of 3');
});

test('Enter goes to the heaviest match however fast it was typed', async ({ page }) => {
  await visit(page);
  await drop(page, [parsers]);
  await goTo(page, 'Top');
  await page.evaluate(() => {
    const box = document.querySelector<HTMLInputElement>('#search');
    if (box === null) throw new Error('no box');
    box.focus();
    box.value = 'parse$';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  });
  await expect(page).toHaveURL(/sel=main\.Parse(&|$)/);
});

test('letters match in either case, unless that is switched off', async ({ page }) => {
  await visit(page);
  await drop(page, [parsers]);
  await goTo(page, 'Flame graph');
  const found = page.locator('#search-found');
  await page.getByLabel('Search functions').fill('parse');
  await expect(found).toContainText('cum 100%');
  const button = page.getByRole('button', { name: 'Match case' });
  await button.click();
  await expect(page).toHaveURL(/case=t/);
  // parse 30 and parser 20.
  await expect(found).toContainText('cum 50.00%');
  await goTo(page, 'Top');
  await expect(page.getByRole('table', { name: 'Top', exact: true })).toHaveAttribute('aria-rowcount', '3');
  await page.goBack();
  await page.goBack();
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await expect(found).toContainText('cum 100%');
  // The place of an error is that of what was typed.
  await button.click();
  await page.getByLabel('Search functions').fill('pa(rse');
  await expect(page.getByRole('alert')).toContainText('pa(rse');
});
