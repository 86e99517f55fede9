/** Shortcuts of the whole page, the theme, and a folder in one go. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cpu, heap } from './files';
import { drop, expect, fileDialog, goTo, ready, test, visit } from './page';

test('n and p go through the files, round and round', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu, heap]);
  await ready(page, 'Summary');
  const shown = page.getByRole('list', { name: 'Files' }).locator('[aria-current=true]');
  await expect(shown).toContainText('cpu.pb.gz');
  for (const [key, name] of [['n', 'heap'], ['n', 'cpu'], ['p', 'heap'], ['p', 'cpu']] as const) {
    await page.keyboard.press(key);
    await expect(shown).toContainText(`${name}.pb.gz`);
    await ready(page, 'Summary');
  }
});

test('t and T go through the sample types', async ({ page }) => {
  await visit(page);
  await drop(page, [heap]);
  await goTo(page, 'Top');
  const menu = page.getByLabel('Sample type');
  const types = await menu.locator('option').count();
  const first = Number(await menu.inputValue());
  await page.keyboard.press('t');
  await expect(menu).toHaveValue(String((first + 1) % types));
  await ready(page, 'Top');
  await page.keyboard.press('T');
  await expect(menu).toHaveValue(String(first));
  // A key that is typed into the search is a letter there.
  await page.keyboard.press('/');
  await page.keyboard.type('tnp');
  await expect(menu).toHaveValue(String(first));
  await expect(page.getByRole('searchbox')).toHaveValue('tnp');
});

test('Ctrl+F goes to the search, Ctrl+O opens the dialog', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  const box = page.getByRole('searchbox');
  await page.keyboard.press('Control+f');
  await expect(box).toBeFocused();
  await box.blur();
  const dialog = await fileDialog(page, () => page.keyboard.press('Control+o'));
  await dialog.setFiles({ name: heap.name, mimeType: '', buffer: heap.bytes });
  await expect(page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveCount(2);
});

test('that a sheet has closed is told late, and closes no other', async ({ page }) => {
  await visit(page);
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await page.keyboard.press('Control+k');
  await expect(palette).toBeVisible();
  const first = await palette.elementHandle();
  await page.keyboard.press('Escape');
  await expect(palette).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await expect(palette).toBeVisible();
  await first?.evaluate((dialog) => dialog.dispatchEvent(new Event('close')));
  await page.keyboard.type('theme');
  await expect(palette.getByRole('option', { selected: true })).toContainText('Theme');
  // The browser closes the open one itself when the page kept no Escape from it.
  await palette.evaluate((dialog: HTMLDialogElement) => dialog.close());
  await expect(palette).toHaveCount(0);
});

test.describe('on a light system', () => {
  test.use({ colorScheme: 'light' });

  test('the switch goes from the system’s theme to light and dark, and is remembered', async ({ page }) => {
    await visit(page);
    const button = page.getByRole('button', { name: /^Theme:/ });
    // Luminance by eye: the ground is near white or near black.
    const ground = (): Promise<number> =>
      page.evaluate(() => {
        const pen = new OffscreenCanvas(1, 1).getContext('2d');
        if (pen === null) return -1;
        pen.fillStyle = getComputedStyle(document.body).backgroundColor;
        pen.fillRect(0, 0, 1, 1);
        return pen.getImageData(0, 0, 1, 1).data[1] ?? -1;
      });
    await expect(button).toHaveAccessibleName('Theme: as the system');
    expect(await ground()).toBeGreaterThan(240);
    await button.click();
    await expect(button).toHaveAccessibleName('Theme: light');
    await button.click();
    await expect(button).toHaveAccessibleName('Theme: dark');
    await expect.poll(ground).toBeLessThan(40);
    await page.reload();
    await expect(button).toHaveAccessibleName('Theme: dark');
    expect(await ground()).toBeLessThan(40);
    // What is drawn follows, not only what is styled.
    await drop(page, [cpu]);
    await goTo(page, 'Flame graph');
    const corner = await page.locator('.flame-canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      return canvas.getContext('2d')?.getImageData(width - 1, height - 1, 1, 1).data[1] ?? -1;
    });
    expect(corner).toBeLessThan(40);
    await button.click();
    await expect(button).toHaveAccessibleName('Theme: as the system');
    await expect.poll(ground).toBeGreaterThan(240);
  });
});

test('a dropped folder opens with everything below it, but not what is hidden', async ({ page }, info) => {
  const folder = info.outputPath('profiles');
  await mkdir(join(folder, 'monday', '.cache'), { recursive: true });
  await writeFile(join(folder, 'cpu.pb.gz'), cpu.bytes);
  await writeFile(join(folder, 'monday', 'heap.pb.gz'), heap.bytes);
  await writeFile(join(folder, 'monday', '.cache', 'hidden.pb.gz'), heap.bytes);
  await writeFile(join(folder, '.hidden.pb.gz'), heap.bytes);
  await visit(page);
  // A script can make a DataTransfer of files but not of folders; the browser itself can.
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  }
  const list = page.getByRole('list', { name: 'Files' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await ready(page, 'Summary');
  await expect(list).toContainText('cpu.pb.gz');
  await expect(list).toContainText('heap.pb.gz');
  await expect(list).not.toContainText('hidden');
});

test('a command can be copied without a clipboard object, as over plain http', async ({ page, context }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await context.grantPermissions(['clipboard-read']);
  await visit(page);
  await page.getByRole('button', { name: 'Copy: Tests and benchmarks, CPU time and allocations' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const reader = await context.newPage();
  await reader.goto(page.url());
  expect(await reader.evaluate(() => navigator.clipboard.readText())).toContain('-cpuprofile=cpu.prof');
});

test('where the browser refuses to copy, the text is selected and the page says so', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    document.execCommand = () => false;
  });
  await visit(page);
  await page.getByRole('button', { name: 'Copy: Tests and benchmarks, CPU time and allocations' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'does not let this page copy' })).toBeVisible();
  expect(await page.evaluate(() => getSelection()?.toString())).toContain('-cpuprofile=cpu.prof');
});
