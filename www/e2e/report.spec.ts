/** The report: what is exported holds the numbers of pprof, and stands on its own. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { DEMO, golden, profileBytes } from './golden';
import { drop, expect, goTo, test, visit } from './page';

const cpu = { name: 'cpu.pb.gz', bytes: profileBytes(DEMO.cpu) };
const heap = { name: 'heap.pb.gz', bytes: profileBytes(DEMO.heap) };

async function save(page: Page, format: 'HTML' | 'Markdown' | 'JSON'): Promise<{ name: string; text: string }> {
  const download = page.waitForEvent('download');
  await page.getByRole('group', { name: 'Export' }).getByRole('button', { name: format, exact: true }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

/** What a reader of the markup sees: tags off, entities resolved, spaces as one. */
async function visibleText(page: Page, html: string): Promise<string> {
  return page.evaluate((source) => {
    const parsed = new DOMParser().parseFromString(source, 'text/html');
    for (const unseen of parsed.querySelectorAll('style, script, title')) unseen.remove();
    return (parsed.body.textContent ?? '').replace(/\s+/g, ' ');
  }, html);
}

test('HTML, Markdown and JSON hold the title, the notes and pprof’s numbers', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu, heap]);
  await goTo(page, 'Report');
  await page.getByLabel('Title').fill('Friday <b>run</b>');
  await page.getByLabel('Notes').fill('Measured on a quiet machine & twice.');
  const html = await save(page, 'HTML');
  const markdown = await save(page, 'Markdown');
  const json = await save(page, 'JSON');
  expect([html.name, markdown.name, json.name]).toEqual(['report.html', 'report.md', 'report.json']);

  const read = await visibleText(page, html.text);
  expect(read).toContain('Friday <b>run</b>');
  expect(html.text).not.toContain('<b>run</b>');
  expect(read).toContain('Measured on a quiet machine & twice.');
  expect(JSON.parse(json.text)).toMatchObject({ title: 'Friday <b>run</b>', files: [{ kind: 'cpu' }, { kind: 'heap' }] });

  const wanted = [
    ...golden(DEMO.cpu, '-top -sample_index=cpu -nodecount=10').rows.slice(0, 5),
    ...golden(DEMO.cpu, '-top -sample_index=cpu -cum -nodecount=10').rows.slice(0, 5),
  ];
  const onPage = (await page.locator('.sheet').innerText()).replace(/\s+/g, ' ');
  for (const row of wanted) {
    for (const [where, text] of [
      ['html', read],
      ['markdown', markdown.text],
      ['page', onPage],
    ] as const) {
      expect(text, `${row.name} in ${where}`).toContain(row.name);
      expect(text, `flat of ${row.name} in ${where}`).toContain(row.flat);
      expect(text, `cum of ${row.name} in ${where}`).toContain(row.cum);
      expect(text, `cum% of ${row.name} in ${where}`).toContain(row.cumPct);
    }
  }
});

test('the HTML report opens from disk: no script, nothing fetched, pictures inline', async ({ page, context }, info) => {
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Report');
  const html = await save(page, 'HTML');
  expect(html.name).toBe('cpu-report.html');
  const path = info.outputPath('report.html');
  await writeFile(path, html.text);
  expect(html.text).not.toMatch(/<script/i);

  const reader = await context.newPage();
  const requests: string[] = [];
  reader.on('request', (request) => requests.push(request.url()));
  await reader.goto(`file://${path}`);
  expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([`file://${path}`]);
  await expect(reader.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(reader.locator('svg').first()).toBeVisible();
  const first = golden(DEMO.cpu, '-top -sample_index=cpu -nodecount=10').rows[0];
  await expect(reader.locator('body')).toContainText(first?.name ?? '');
  await reader.setViewportSize({ width: 360, height: 740 });
  const overflow = await reader.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test('the same input gives the same bytes', async ({ page }) => {
  await visit(page);
  await drop(page, [heap]);
  await goTo(page, 'Report');
  const first = await save(page, 'HTML');
  await page.reload();
  await drop(page, [heap]);
  await goTo(page, 'Report');
  const second = await save(page, 'HTML');
  expect(second.text).toBe(first.text);
});

test('a file can be left out, and what is missing says what would fill it', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu, heap]);
  await goTo(page, 'Report');
  await expect(page.locator('.sheet')).toContainText('heap.pb.gz');
  await page.getByRole('group', { name: 'Files in the report' }).getByLabel(/heap\.pb\.gz/).uncheck();
  await expect(page.locator('.sheet')).not.toContainText('heap.pb.gz');
  await expect(page.locator('.doc-missing').filter({ hasText: /memprofile|heap/ }).first()).toBeVisible();
});
