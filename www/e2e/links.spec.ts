/** Links: to a file that is not there, and what a copied one says of itself. */
import { expect as plainExpect, test as plain } from '@playwright/test';
import { DEMO, profileBytes } from './golden';
import { choose, drop, expect, fileDialog, ready, test, visit } from './page';

const bytes = profileBytes(DEMO.cpu);
const STATE = 'view=flame&name=cpu.pb.gz&i=%5Eruntime&search=sha';

test('a link about a file asks for it by name and goes on when it comes', async ({ page }) => {
  await visit(page, STATE);
  await expect(page.getByText('This link is about cpu.pb.gz')).toBeVisible();
  const dialog = await fileDialog(page, () => page.getByRole('button', { name: 'Open cpu.pb.gz…' }).click());
  await dialog.setFiles([{ name: 'cpu.pb.gz', mimeType: '', buffer: bytes }]);
  await ready(page, 'Flame graph');
  await expect(page).toHaveURL(new RegExp(`#${STATE.replaceAll(/[%^]/g, '.')}$`));
});

test('whether another file will do is asked, and the rest of the link stays', async ({ page }) => {
  await visit(page, STATE);
  await drop(page, [{ name: 'other.pb.gz', bytes }]);
  const question = page.getByRole('region', { name: 'Another file than the link’s' }).or(page.locator('.missed'));
  await expect(question).toContainText('This link is about cpu.pb.gz');
  await question.getByRole('button', { name: 'Use other.pb.gz instead' }).click();
  await ready(page, 'Flame graph');
  await expect(page).toHaveURL(/name=other\.pb\.gz/);
  await expect(page).toHaveURL(/i=%5Eruntime/);
  await expect(page).toHaveURL(/search=sha/);
  // Back asks again.
  await page.goBack();
  await expect(page).toHaveURL(/name=cpu\.pb\.gz/);
});

test('the right file after a wrong one ends the question', async ({ page }) => {
  await visit(page, `${STATE}&sel=main.main`);
  await drop(page, [{ name: 'other.pb.gz', bytes }]);
  await expect(page.locator('.missed')).toBeVisible();
  await choose(page, [{ name: 'cpu.pb.gz', bytes }]);
  await ready(page, 'Flame graph');
  await expect(page).toHaveURL(/name=cpu\.pb\.gz/);
  await expect(page).toHaveURL(/sel=main\.main/);
});

test('a copied link says that it holds no data, and leads to the same state', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await visit(page, 'view=top');
  await drop(page, [{ name: 'cpu.pb.gz', bytes }]);
  await ready(page, 'Top');
  await page.getByRole('button', { name: 'Save as…' }).click();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText('no data of the profile. Who opens it is asked for cpu.pb.gz.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
});

// Not the page's own test: a file that is not there is told of in the console, and here it is what is wanted.
plain('a file beside the page that is gone is asked for by name', async ({ page }) => {
  await visit(page, 'file=profiles/gone.pb.gz&view=top');
  await plainExpect(page.getByRole('alert')).toContainText('gone.pb.gz could not be loaded: the server answered 404');
  await plainExpect(page.getByText('This link is about gone.pb.gz')).toBeVisible();
  await drop(page, [{ name: 'gone.pb.gz', bytes }]);
  await ready(page, 'Top');
});
