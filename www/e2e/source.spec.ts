/** The Source view: lines without and with their text, folders and zips, and how paths belong together. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { zip } from './archive';
import { serious } from './axe';
import { cpu } from './files';
import { choose, drop, expect, goTo, ready, test, visit } from './page';
import { cpuProfile } from './profile';

const PROGRAM = join(import.meta.dirname, '..', '..', 'testdata', 'programs', 'dirsync');
const LINES = 'example.com/dirsync/internal/diff.Lines';
const DIFF = 'internal/diff/diff.go';

/** The lines of a list report of pprof: by number, flat and cum as printed, and the text. */
async function listed(routine: string): Promise<Map<number, { cum: string; text: string }>> {
  const golden = join(import.meta.dirname, '..', '..', 'testdata', 'golden', 'pprof', 'demo', 'cpu',
    'list-diff-._trim_path-example.com-dirsync_source_path-programs-dirsync.txt');
  const [, after = ''] = (await readFile(golden, 'utf8')).split(`ROUTINE ======================== ${routine} in `);
  const [block = ''] = after.split('ROUTINE ');
  const rows = [...block.matchAll(/^\s*(\S+)\s+(\S+)\s+(\d+):(.*)$/gm)];
  return new Map(rows.map(([, , cum = '', line = '', text = '']) => [Number(line), { cum, text }]));
}

const lines = (page: Page) => page.getByRole('table', { name: 'Lines', exact: true });
const row = (page: Page, line: number) =>
  lines(page).locator('tbody tr').filter({ has: page.locator('.source-number', { hasText: new RegExp(`^${line}$`) }) });

/** Seconds of a figure as the page or pprof prints it. */
function seconds(text: string): number {
  const found = /^([\d.]+)(ms|s)$/.exec(text);
  return found === null ? 0 : Number(found[1]) / (found[2] === 'ms' ? 1000 : 1);
}

async function open(page: Page, hash = `view=source&sel=${LINES}`): Promise<void> {
  await visit(page, hash);
  await drop(page, [cpu]);
  await ready(page, 'Source');
}

/** The sources of the program, as a folder below `to`. */
async function folder(to: string): Promise<string> {
  for (const path of [DIFF, 'internal/pack/pack.go', 'internal/tree/tree.go', 'dirsync.go']) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await writeFile(join(to, path), await readFile(join(PROGRAM, path)));
  }
  await writeFile(join(to, 'README.md'), 'not a source\n');
  return to;
}

/** Lets go a folder over the page. The browser's own entries cannot be made by a script: these look like them. */
async function dropFolder(page: Page, files: { path: string; base64: string }[]): Promise<void> {
  await page.evaluate((list) => {
    const made = list.map(({ path, base64 }) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const file = new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name);
      return { name, isFile: true, isDirectory: false, fullPath: `/${path}`, file: (done: (file: File) => void) => done(file) };
    });
    const root = {
      name: 'app',
      isFile: false,
      isDirectory: true,
      createReader: () => {
        let told = false;
        return {
          readEntries: (done: (some: unknown[]) => void) => {
            done(told ? [] : made);
            told = true;
          },
        };
      },
    };
    const event = new Event('drop', { bubbles: true, cancelable: true });
    const items = [{ kind: 'file', webkitGetAsEntry: () => root }];
    Object.assign(event, { dataTransfer: { types: ['Files'], items, files: [] } });
    document.body.dispatchEvent(event);
  }, files);
}

test('without sources the lines stand by themselves, and say how to see the code', async ({ page }) => {
  await open(page);
  const wanted = await listed(LINES);
  const hot = [...wanted].filter(([, { cum }]) => cum !== '.');
  // Two lines of it cost: the splitting, and the call of what does the work.
  expect(hot.length).toBe(2);
  await expect(lines(page).locator('tbody tr')).toHaveCount(hot.length);
  for (const [line, { cum }] of hot) {
    const shown = await row(page, line).locator('td').nth(2).textContent();
    // The table has one unit for all, pprof one for each.
    expect(Math.abs(seconds(shown ?? '') - seconds(cum)), `line ${line}`).toBeLessThan(0.006);
  }
  await expect(page.getByText('To see the code, drop the folder')).toBeVisible();
  // Heaviest first, when it is asked for; and Back undoes it.
  await page.getByRole('button', { name: 'cum', exact: true }).last().click();
  const most = Math.max(...hot.map(([, { cum }]) => seconds(cum)));
  await expect(lines(page).locator('tbody tr').first().locator('td').nth(2)).toContainText(String(most));
  await page.goBack();
  await expect(lines(page).locator('tbody tr').first()).toContainText(String(hot[0]?.[0]));
});

test('a chosen folder brings the text to the right lines', async ({ page }, info) => {
  await open(page);
  const wanted = await listed(LINES);
  await page.getByLabel('Source folder').setInputFiles(await folder(info.outputPath('checkout')));
  await expect(page.getByText('Sources: 1 folder, 4 files')).toBeVisible();
  for (const [line, { cum, text }] of [...wanted].filter(([, one]) => one.cum !== '.')) {
    await expect(row(page, line).locator('.source-line')).toHaveText(text);
    const shown = await row(page, line).locator('td').nth(2).textContent();
    expect(Math.abs(seconds(shown ?? '') - seconds(cum)), `line ${line}`).toBeLessThan(0.006);
  }
  // Colours are there, and lines far from any cost are folded until they are asked for.
  await expect(lines(page).locator('.tok-keyword').first()).toBeVisible();
  const fold = lines(page).getByRole('button', { name: /^Show \d+ lines from 1 to/ });
  await page.getByRole('region', { name: 'Lines table' }).evaluate((element) => element.scrollTo(0, 0));
  await fold.click();
  await expect(row(page, 1).locator('.source-line')).toHaveText(/^(\/\/|package)/);
  await page.getByRole('button', { name: 'Remove sources' }).click();
  await expect(page.getByText('To see the code, drop the folder')).toBeVisible();
});

test('a dropped folder gives its sources to the view and its profiles to the session', async ({ page }) => {
  await visit(page, 'view=source');
  const text = (await readFile(join(PROGRAM, DIFF))).toString('base64');
  await dropFolder(page, [
    { path: `app/${DIFF}`, base64: text },
    { path: 'app/README.md', base64: Buffer.from('not a profile').toString('base64') },
    { path: 'app/cpu.pprof', base64: cpu.bytes.toString('base64') },
  ]);
  await ready(page, 'Source');
  await expect(page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveCount(1);
  await expect(page.getByText('Sources: 1 folder, 1 file')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a dropped zip of sources is no profile that fails', async ({ page }) => {
  await open(page);
  const text = await readFile(join(PROGRAM, DIFF));
  await drop(page, [{ name: 'sources.zip', bytes: zip([{ name: `dirsync-main/${DIFF}`, bytes: text }]) }]);
  await expect(page.getByText('Sources: 1 zip, 1 file')).toBeVisible();
  await expect(row(page, 59).locator('.source-line')).toHaveText('func Lines(old, new string) string {');
  await expect(page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveCount(1);
  await page.getByLabel('Source zip').setInputFiles({ name: 'x.zip', mimeType: '', buffer: Buffer.from('no zip') });
  await expect(page.getByRole('alert')).toHaveText(/x\.zip cannot be read: this is no zip/);
});

test('a tree that has none of the files says which prefix to map, and mapping it finds them', async ({ page }) => {
  await open(page);
  const text = await readFile(join(PROGRAM, DIFF));
  // Another name: nothing of it ends like a path of the profile.
  await drop(page, [{ name: 'sources.zip', bytes: zip([{ name: 'deep/other/nowhere_at_all.go', bytes: text }]) }]);
  const note = page.locator('.source-warn');
  await expect(note).toContainText('None of the 1 source files is one that this profile names');
  await expect(note).toContainText('example.com/dirsync/');
  await note.getByRole('button', { name: /^Map example\.com/ }).click();
  const table = page.getByRole('table', { name: 'Path mapping' });
  await expect(page.getByLabel('Prefix in the profile')).toHaveValue(/^example\.com\/dirsync\//);
  await page.getByRole('button', { name: 'Remove sources' }).click();

  // A rule that follows from the files can be changed, and taken back.
  await drop(page, [{ name: 'sources.zip', bytes: zip([{ name: `moved/${DIFF}`, bytes: text }]) }]);
  await expect(table.locator('tbody tr')).toHaveText(/example\.com\/dirsync\/.*moved\/.*1/s);
  await expect(row(page, 59).locator('.source-line')).toHaveText('func Lines(old, new string) string {');
  await page.getByRole('button', { name: /^Edit the mapping of example/ }).click();
  await page.getByLabel('Folder in the sources').fill('nowhere');
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await expect(table.getByRole('row').filter({ hasText: 'nowhere/' }).locator('td').nth(2)).toHaveText('0');
  await expect(lines(page).locator('.source-line')).toHaveCount(0);
  await page.getByRole('button', { name: /^Remove the mapping of example/ }).click();
  await page.getByLabel('Prefix in the profile').fill('example.com/dirsync');
  await page.getByLabel('Folder in the sources').fill('moved');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(row(page, 59).locator('.source-line')).toHaveText('func Lines(old, new string) string {');
  await expect(table.getByRole('row').filter({ hasText: 'moved/' }).locator('td').nth(2)).toHaveText('1');
});

test('a file of another version is told of', async ({ page }) => {
  await open(page);
  const text = Buffer.concat([Buffer.from('// new\n'.repeat(20)), await readFile(join(PROGRAM, DIFF))]);
  await drop(page, [{ name: 's.zip', bytes: zip([{ name: `dirsync/${DIFF}`, bytes: text }]) }]);
  await expect(page.locator('.source-warn')).toContainText('Lines is not near line 59');
});

test('a link leads to a line; lines, functions and files lead on, and Back leads back', async ({ page }) => {
  const wanted = await listed(LINES);
  const line = [...wanted].find(([, { cum }]) => cum !== '.')?.[0] ?? 0;
  await open(page, `view=source&sel=${LINES}&line=${line}`);
  await expect(row(page, line)).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(row(page, line)).not.toHaveAttribute('aria-current', 'true');
  await expect(page).toHaveURL(/line=\d+/);

  await page.getByRole('button', { name: 'Whole file' }).click();
  await expect(page).toHaveURL(/src=example\.com/);
  await expect(page.getByRole('region', { name: 'Files', exact: true }).locator('tr[aria-current=true]')).toContainText('diff.go');
  await page.goBack();
  await expect(page.getByRole('group', { name: 'What is shown' }).getByRole('button', { name: 'Function' })).toHaveAttribute('aria-pressed', 'true');

  // The selected function is that of the line in the other views, and they lead to it.
  await goTo(page, 'Top');
  await page.locator('.details').getByRole('button', { name: /^line / }).first().click();
  await ready(page, 'Source');
  await expect(page.locator('.source-head')).toContainText('diff.Lines');
  await expect(lines(page).locator('tr[aria-current=true]')).toHaveCount(1);
  await lines(page).locator('tbody tr').first().click({ button: 'right' });
  await expect(page.getByRole('menu')).toBeVisible();
  await page.getByRole('menuitem', { name: 'Callers & callees' }).click();
  await ready(page, 'Callers & callees');
  await page.getByRole('group', { name: 'Selected function' }).getByRole('button', { name: 'Source' }).click();
  await ready(page, 'Source');

  const find = page.getByRole('searchbox', { name: 'Find functions' });
  await find.fill('diff\\.Compare$');
  const list = page.getByRole('table', { name: 'Functions', exact: true });
  await expect(list.locator('tbody tr')).toHaveCount(1);
  await list.locator('tbody tr').click();
  await expect(page.locator('.source-head')).toContainText('diff.Compare');
});

test('inlined calls open below their line, and add up to it', async ({ page }) => {
  await visit(page, 'view=source&g=functions');
  await drop(page, [cpu]);
  await ready(page, 'Source');
  await page.getByRole('searchbox', { name: 'Find functions' }).fill('^example\\.com/dirsync');
  const toggle = lines(page).getByRole('button', { name: /^Inlined on line/ });
  const list = page.getByRole('table', { name: 'Functions', exact: true }).locator('tbody tr');
  for (let at = 0; (await toggle.count()) === 0; at++) {
    await list.nth(at).click();
    await ready(page, 'Source');
    await page.waitForTimeout(100);
  }
  const before = await lines(page).locator('tbody tr').count();
  await toggle.first().click();
  await expect(toggle.first()).toHaveAttribute('aria-expanded', 'true');
  expect(await lines(page).locator('tbody tr').count()).toBeGreaterThan(before);
  await expect(lines(page).locator('.source-inlined').first()).toBeVisible();
});

test('the search marks what matches in the code', async ({ page }) => {
  await open(page);
  const text = await readFile(join(PROGRAM, DIFF));
  await drop(page, [{ name: 's.zip', bytes: zip([{ name: `dirsync/${DIFF}`, bytes: text }]) }]);
  await expect(row(page, 59)).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('Sprintf');
  await expect(lines(page).locator('mark').first()).toHaveText('Sprintf');
  await expect(page.locator('.source-all')).toContainText(/\d+ lines match the search/);
});

test('a file of twenty thousand lines stays smooth', async ({ page }) => {
  await open(page);
  const text = `package diff\n${'\tx := f(1, "a") // c\n'.repeat(20_000)}`;
  await drop(page, [{ name: 's.zip', bytes: zip([{ name: `dirsync/${DIFF}`, bytes: Buffer.from(text) }]) }]);
  await page.getByRole('checkbox', { name: 'All lines' }).check();
  await expect.poll(async () => Number(await lines(page).getAttribute('aria-rowcount'))).toBeGreaterThan(20_000);
  expect(await lines(page).locator('tbody tr').count()).toBeLessThan(150);
  await page.getByRole('region', { name: 'Lines table' }).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(row(page, 20_001)).toBeVisible();
});

test('a profile without line numbers says so', async ({ page }) => {
  await visit(page, 'view=source');
  await choose(page, [{ name: 'a.pb.gz', bytes: cpuProfile([{ stack: ['main.a', 'main.main'], values: [1, 10_000_000] }], { unlined: true }) }]);
  await ready(page, 'Source');
  await expect(page.getByText('This profile has no line numbers')).toBeVisible();
});

for (const viewport of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
  test.describe(`${viewport.width} px wide`, () => {
    test.use({ viewport });

    for (const colorScheme of ['light', 'dark'] as const) {
      test(`code and mapping have no serious fault, ${colorScheme}`, async ({ page }) => {
        test.slow();
        await page.emulateMedia({ colorScheme });
        await open(page);
        const text = await readFile(join(PROGRAM, DIFF));
        await drop(page, [{ name: 's.zip', bytes: zip([{ name: `dirsync/${DIFF}`, bytes: text }]) }]);
        await expect(row(page, 59)).toBeVisible();
        await row(page, 59).click();
        await page.getByRole('button', { name: 'Path mapping' }).click();
        expect(await serious(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
        await page.getByRole('button', { name: 'Path mapping' }).click();
        // There is still code to be seen.
        expect(await page.getByRole('region', { name: 'Lines table' }).evaluate((e) => e.clientHeight)).toBeGreaterThan(100);
      });
    }
  });
}
