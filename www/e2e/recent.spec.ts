/** Files are remembered only after somebody has said so, and are gone when they are forgotten. */
import type { Page } from '@playwright/test';
import { cpu, heap } from './files';
import { drop, expect, ready, test, visit } from './page';

const SWITCH = 'Remember recent files on this device';

/** What the browser holds for the page. */
function stored(page: Page): Promise<{ databases: string[]; keys: string[] }> {
  return page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name ?? ''),
    keys: Object.keys(localStorage),
  }));
}

async function openAndLeave(page: Page, file: typeof cpu): Promise<void> {
  await drop(page, [file]);
  await ready(page, 'Summary');
  await page.getByRole('button', { name: `Close ${file.name}` }).click();
  await expect(page.getByLabel(SWITCH)).toBeVisible();
}

test('nothing is stored unasked', async ({ page }) => {
  await visit(page);
  await expect(page.getByLabel(SWITCH)).not.toBeChecked();
  await openAndLeave(page, cpu);
  expect(await stored(page)).toEqual({ databases: [], keys: [] });
});

test('what is remembered opens after the page was left, is listed latest first, and can be forgotten', async ({ page }) => {
  await visit(page);
  await page.getByLabel(SWITCH).check();
  await expect(page.getByText('200MB at most')).toBeVisible();
  await openAndLeave(page, cpu);
  await openAndLeave(page, heap);
  await openAndLeave(page, cpu);
  const rows = page.getByRole('list', { name: 'Recent files' }).getByRole('listitem');
  await expect(rows).toHaveText([/^cpu\.pb\.gz/, /^heap\.pb\.gz/]);

  await page.reload();
  await expect(rows).toHaveCount(2);
  await rows.nth(1).getByRole('button', { name: /^heap/ }).click();
  await ready(page, 'Summary');
  await expect(page.getByRole('list', { name: 'Files' })).toContainText('heap.pb.gz');
  await page.getByRole('button', { name: 'Close heap.pb.gz' }).click();
  await expect(rows).toHaveText([/^heap\.pb\.gz/, /^cpu\.pb\.gz/]);

  await page.getByRole('button', { name: 'Forget heap.pb.gz' }).click();
  await expect(rows).toHaveText([/^cpu\.pb\.gz/]);
  await page.getByRole('button', { name: 'Forget all' }).click();
  await expect(rows).toHaveCount(0);
});

test('switching it off deletes what was remembered', async ({ page }) => {
  await visit(page);
  await page.getByLabel(SWITCH).check();
  await openAndLeave(page, cpu);
  await expect(page.getByRole('list', { name: 'Recent files' }).getByRole('listitem')).toHaveCount(1);
  await page.getByLabel(SWITCH).uncheck();
  await expect(page.getByRole('list', { name: 'Recent files' })).toHaveCount(0);
  await expect.poll(async () => (await stored(page)).keys).toEqual([]);
  await page.reload();
  await expect(page.getByLabel(SWITCH)).not.toBeChecked();
  await page.getByLabel(SWITCH).check();
  await expect(page.getByText('What is opened from now on stands here.')).toBeVisible();
});

test('what could not be read is not remembered', async ({ page }) => {
  await visit(page);
  await page.getByLabel(SWITCH).check();
  await drop(page, [{ name: 'notes.bin', bytes: Buffer.from([0, 1, 2, 3, 255, 254]) }]);
  await expect(page.getByRole('alert').first()).toContainText('notes.bin');
  await page.reload();
  await expect(page.getByText('What is opened from now on stands here.')).toBeVisible();
});
