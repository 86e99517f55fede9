/** Getting files into the page: by drop, by dialog, several at once, broken ones, archives. */
import { truncate, writeFile } from 'node:fs/promises';
import { zip } from './archive';
import { cpu, heap } from './files';
import { choose, choosePaths, drop, expect, fileDialog, goTo, ready, test, visit } from './page';
import { cpuProfile, largeProfile } from './profile';

test('a dropped profile shows its summary', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  await expect(page.getByRole('tab', { name: 'Summary', exact: true })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('list', { name: 'Files' })).toContainText('cpu.pb.gz');
});

test('the button opens the file dialog, and what is chosen there opens', async ({ page }) => {
  await visit(page);
  const chooser = await fileDialog(page, () => page.getByRole('button', { name: 'Open files…' }).click());
  expect(chooser.isMultiple()).toBe(true);
  await chooser.setFiles({ name: heap.name, mimeType: 'application/gzip', buffer: heap.bytes });
  await ready(page, 'Summary');
  await expect(page.getByRole('list', { name: 'Files' })).toContainText('heap.pb.gz');
});

test('a drop on a page that already shows something adds to it', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  await drop(page, [heap]);
  const list = page.getByRole('list', { name: 'Files' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list.getByRole('button', { name: /heap\.pb\.gz/ }).first()).toHaveAttribute('aria-current', 'true');
});

test('one broken file among several says what is wrong with it, and the others open', async ({ page }) => {
  await visit(page);
  // The gzip header and the start of the stream are sound; the rest is not there.
  const cut = { name: 'cut.pb.gz', bytes: cpu.bytes.subarray(0, cpu.bytes.length / 2) };
  const words = { name: 'notes.txt', bytes: Buffer.from('dear diary, no profile today\n') };
  await drop(page, [cut, cpu, words, heap]);
  await ready(page, 'Summary');
  const list = page.getByRole('list', { name: 'Files' });
  await expect(list.getByRole('listitem')).toHaveCount(4);
  await expect(list.locator('[aria-current=true]')).toContainText('cpu.pb.gz');

  const panel = page.getByRole('alert').filter({ hasText: 'cut.pb.gz' });
  await expect(panel).toContainText('could not be read');
  await expect(panel.locator('dt', { hasText: 'Reason' })).toHaveCount(1);
  await expect(panel.locator('dd').first()).not.toBeEmpty();
  // Stage and position: the compressed data end at this byte or before.
  await expect(panel).toContainText('while unpacking');
  await expect(panel).toContainText(/at byte [\d,]+/);

  const other = page.getByRole('alert').filter({ hasText: 'notes.txt' });
  await expect(other).toContainText('could not be read');

  await goTo(page, 'Top');
  await page.getByRole('button', { name: 'Dismiss cut.pb.gz' }).click();
  await expect(panel).toHaveCount(0);
  await expect(list.getByRole('listitem')).toHaveCount(3);
});

test('an empty file is refused by name', async ({ page }) => {
  await visit(page);
  await drop(page, [{ name: 'empty.prof', bytes: Buffer.alloc(0) }]);
  const panel = page.getByRole('alert').filter({ hasText: 'empty.prof' });
  await expect(panel).toContainText('could not be read');
  await expect(panel).toContainText(/empty/i);
});

test('of many unreadable files the first are explained and the others counted', async ({ page }) => {
  await visit(page);
  const notes = Array.from({ length: 33 }, (_, i) => ({ name: `note-${i}.txt`, bytes: Buffer.from('no profile\n') }));
  await choose(page, [...notes, cpu]);
  await ready(page, 'Summary');
  // 1 has a panel; 33 - 1 = 32 share a line.
  await expect(page.getByRole('alert').filter({ hasText: /^note-\d+\.txt could not be read/ })).toHaveCount(1);
  const rest = page.getByRole('alert').filter({ hasText: '33 files could not be read in all' });
  await rest.getByText('33 files could not be read in all').click();
  await expect(rest.getByRole('listitem')).toHaveCount(32);
  await expect(rest).toContainText('note-32.txt');
  // What was opened is in sight.
  await expect(rest.getByRole('listitem').nth(2)).toBeInViewport();
  await expect(page.getByRole('list', { name: 'Files' })).toContainText('33 files could not be read in all');
  // 20 rows, the line about the other 13, and the profile.
  const list = page.getByRole('list', { name: 'Files' });
  await expect(list.getByRole('listitem')).toHaveCount(22);
  await rest.getByRole('button', { name: 'Dismiss these 32' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(2);
});

test('a huge file of another kind is given up at its beginning', async ({ page }, info) => {
  const huge = info.outputPath('disk.img');
  await writeFile(huge, Buffer.from('this is not a profile\n'));
  // Sparse: it takes no room on the disk, but reading 20 GiB to the end would take minutes.
  await truncate(huge, 20 * 1024 ** 3);
  await visit(page);
  await choosePaths(page, [huge]);
  const panel = page.getByRole('alert').filter({ hasText: 'disk.img' });
  await expect(panel).toContainText('could not be read');
  await expect(panel.locator('div', { hasText: 'Size' })).toContainText(/20(\.\d+)? ?GB/);
});

test('every profile of a zip archive becomes a file of the session', async ({ page }) => {
  await visit(page);
  const archive = zip([
    { name: 'run/cpu.pb.gz', bytes: cpu.bytes },
    { name: 'run/heap.pb.gz', bytes: heap.bytes },
  ]);
  await choose(page, [{ name: 'run.zip', bytes: archive }]);
  await ready(page, 'Summary');
  const list = page.getByRole('list', { name: 'Files' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list).toContainText('run.zip/run/cpu.pb.gz');
  await expect(list).toContainText('run.zip/run/heap.pb.gz');
});

test('names that look like markup are text everywhere', async ({ page }) => {
  const evil = '<img src=x onerror="document.title=1">.<script>document.title=2</script>';
  const bytes = cpuProfile([
    { stack: [evil, 'main.main'], values: [3, 30_000_000] },
    { stack: ['main.main'], values: [1, 10_000_000] },
  ]);
  await visit(page);
  const title = await page.title();
  await drop(page, [{ name: '<b>evil</b>.pb.gz', bytes }]);
  await ready(page, 'Summary');
  await expect(page.getByRole('list', { name: 'Files' })).toContainText('<b>evil</b>.pb.gz');
  for (const tab of ['Top', 'Hot paths', 'Callers & callees', 'Flame graph', 'Report'] as const) {
    await goTo(page, tab);
    expect(await page.locator('main script, main img[src=x], main b:text-is("evil")').count(), tab).toBe(0);
  }
  await goTo(page, 'Top');
  await expect(page.getByRole('table', { name: 'Top', exact: true })).toContainText('<script>document.title=2</script>');
  expect(await page.title()).toBe(title);
});

test('reading can be cancelled, and the page goes on', async ({ page }, info) => {
  const large = info.outputPath('large.pb');
  await writeFile(large, largeProfile(30_000_000, 7));
  const small = info.outputPath('cpu.pb.gz');
  await writeFile(small, cpu.bytes);
  await visit(page);
  const cancel = page.getByRole('button', { name: 'Cancel large.pb' });
  // In the page, as soon as it is there: reading takes about as long as a test needs to press.
  await page.evaluate(() => {
    const own = window as unknown as { cancelled: boolean };
    own.cancelled = false;
    new MutationObserver((_, observer) => {
      const button = document.querySelector<HTMLElement>('[aria-label="Cancel large.pb"]');
      if (button === null) return;
      observer.disconnect();
      own.cancelled = true;
      button.click();
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await choosePaths(page, [large, small]);
  await expect.poll(() => page.evaluate(() => (window as unknown as { cancelled: boolean }).cancelled)).toBe(true);
  await expect(cancel).toHaveCount(0);
  await ready(page, 'Summary');
  const list = page.getByRole('list', { name: 'Files' });
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(list).toContainText('cpu.pb.gz');
});

test('a demo opens by one click', async ({ page }) => {
  await visit(page);
  await page.getByRole('button', { name: /^CPU A file/ }).click();
  await ready(page, 'Summary');
  const list = page.getByRole('list', { name: 'Files' });
  await expect(list).toContainText('cpu.pb.gz');
  // Once, though the address names it as well; and again after it was closed.
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Close cpu.pb.gz' }).click();
  await page.getByRole('button', { name: /^CPU A file/ }).click();
  await ready(page, 'Summary');
  await expect(list.getByRole('listitem')).toHaveCount(1);
});

test('when the engine dies the page says so, and works again', async ({ page }) => {
  await page.addInitScript(() => {
    const start = window.Worker;
    window.Worker = class extends start {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        (window as unknown as { lastWorker: Worker }).lastWorker = this;
      }
    };
  });
  await visit(page);
  await drop(page, [cpu]);
  await ready(page, 'Summary');
  await page.evaluate(() => {
    const worker = (window as unknown as { lastWorker: Worker }).lastWorker;
    // Whatever comes after the first notice is an echo of it.
    for (const message of ['memory access out of bounds', 'an echo']) {
      worker.dispatchEvent(new MessageEvent('message', { data: { type: 'dead', message } }));
    }
  });
  const panel = page.getByRole('alert').filter({ hasText: 'The reader stopped' });
  await expect(panel).toContainText('memory access out of bounds');
  await expect(panel).toContainText('cpu.pb.gz');
  await panel.getByRole('button', { name: 'Open it again' }).click();
  await ready(page, 'Summary');
  await expect(page.getByRole('list', { name: 'Files' })).toContainText('cpu.pb.gz');
});
