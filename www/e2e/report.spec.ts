/** The report: what is exported holds the numbers of pprof, and stands on its own. */
import { writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { cpu, heap } from './files';
import { DEMO, golden } from './golden';
import type { GoldenRow } from './golden';
import { drop, expect, goTo, saved, test, visit } from './page';
import { cpuProfile } from './profile';

async function save(page: Page, format: 'HTML' | 'Markdown' | 'JSON'): Promise<{ name: string; text: string }> {
  const button = page.getByRole('group', { name: 'Export' }).getByRole('button', { name: format, exact: true });
  const { name, bytes } = await saved(page, () => button.click());
  return { name, text: bytes.toString() };
}

/** A time as pprof writes it, in ms: one export may say `980ms` where another says `0.98s`. */
function milliseconds(text: string): number {
  const [, number = 'NaN', unit = ''] = /^([\d.]+)(ms|s|hrs|mins)?$/.exec(text) ?? [];
  const factor = { ms: 1, s: 1000, mins: 60_000, hrs: 3_600_000 }[unit] ?? (number === '0' ? 1 : NaN);
  return Math.round(Number(number) * factor * 1000) / 1000;
}

/** What pprof says about a row, in the order of the report's columns. */
function wanted(row: GoldenRow): (string | number)[] {
  return [row.name, milliseconds(row.flat), row.flatPct, milliseconds(row.cum), row.cumPct];
}

/** Cells of a row of the report's top tables, in the same form. */
function given(cells: readonly string[]): (string | number)[] {
  const [name = '', flat = '', flatPct = '', cum = '', cumPct = ''] = cells.map((cell) => cell.trim().replace(/^`|`$/g, ''));
  return [name, milliseconds(flat), flatPct, milliseconds(cum), cumPct];
}

/** Rows of the first table whose caption starts so, on a page. */
async function tableRows(page: Page, caption: string): Promise<string[][]> {
  // The table's own scroller bears the caption, on the page as in the export.
  const table = page.getByRole('group', { name: new RegExp(`^${caption}`) }).first();
  return table
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? '')));
}

/** Rows of the first table whose caption starts so, in Markdown. */
function markdownRows(markdown: string, caption: string): string[][] {
  const lines = markdown.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`*${caption}`));
  const table = lines.slice(at + 1).join('\n').trimStart().split('\n\n')[0] ?? '';
  return table
    .split('\n')
    .slice(2)
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

const TOPS = [
  { caption: 'Top by own cost', args: '-top -sample_index=cpu' },
  { caption: 'Top by cost with callees', args: '-top -sample_index=cpu -cum' },
];

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

  const reader = await page.context().newPage();
  await reader.setContent(html.text);
  await expect(reader.locator('body')).toContainText('Friday <b>run</b>');
  await expect(reader.locator('body')).toContainText('Measured on a quiet machine & twice.');
  expect(html.text).not.toContain('<b>run</b>');
  expect(JSON.parse(json.text)).toMatchObject({ title: 'Friday <b>run</b>', files: [{ kind: 'cpu' }, { kind: 'heap' }] });

  for (const { caption, args } of TOPS) {
    const pprof = golden(DEMO.cpu, args).rows.slice(0, 10).map(wanted);
    expect((await tableRows(page, caption)).map(given), `${caption} on the page`).toEqual(pprof);
    expect((await tableRows(reader, caption)).map(given), `${caption} in HTML`).toEqual(pprof);
    expect(markdownRows(markdown.text, caption).map(given), `${caption} in Markdown`).toEqual(pprof);
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

test('the contents lead to a chapter, and the focus goes along', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Report');
  const entry = page.getByRole('navigation', { name: 'Contents' }).getByRole('button').last();
  const heading = page.locator('.doc h2').filter({ hasText: (await entry.textContent()) ?? '' });
  await entry.press('Enter');
  await expect(heading).toBeFocused();
  await expect(heading).toBeInViewport();
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
  const read = page.locator('.doc').getByRole('table', { name: 'What was read' });
  await expect(read).toContainText('heap.pb.gz');
  await page.getByRole('group', { name: 'Files in the report' }).getByLabel(/heap\.pb\.gz/).uncheck();
  await expect(read).not.toContainText('heap.pb.gz');
  await expect(read).toContainText('cpu.pb.gz');
  await expect(page.locator('.doc-missing').filter({ hasText: /memprofile|heap/ }).first()).toBeVisible();
});

test('a finding that is left out is in no export, and comes back when its file does', async ({ page }) => {
  const title = 'Regular expressions are compiled over and over';
  await visit(page);
  await drop(page, [cpu, heap]);
  await goTo(page, 'Report');
  const bottlenecks = page.locator('.doc').getByRole('table', { name: /^What was found/ });
  await expect(bottlenecks).toContainText(title);
  expect((await save(page, 'Markdown')).text).toContain(title);
  const findings = page.getByRole('group', { name: 'Findings in the report' });
  const box = findings.getByRole('checkbox', { name: title });
  await expect(box).toBeChecked();
  await box.uncheck();
  await expect(bottlenecks).not.toContainText(title);
  await expect(bottlenecks).toContainText('Allocating memory takes a large part of the CPU time');
  for (const format of ['Markdown', 'HTML', 'JSON'] as const) expect((await save(page, format)).text).not.toContain(title);
  // What was left out was seen in both files: without them there is nothing to leave out.
  const files = page.getByRole('group', { name: 'Files in the report' });
  await files.getByLabel(/cpu\.pb\.gz/).uncheck();
  await expect(findings).not.toContainText('CPU time');
  await files.getByLabel(/heap\.pb\.gz/).uncheck();
  await expect(findings).toHaveCount(0);
  await files.getByLabel(/cpu\.pb\.gz/).check();
  await expect(bottlenecks).toContainText(title);
  await expect(box).toBeChecked();
});

test('names that look like markup stay text in every export', async ({ page }) => {
  const evil = 'main.<img src=x onerror=alert(1)>|`</code><script>alert(2)</script>';
  const bytes = cpuProfile([{ stack: [evil, 'main.main'], values: [500, 5_000_000_000] }]);
  await visit(page);
  await drop(page, [{ name: '<i>evil</i>.pb.gz', bytes }]);
  await goTo(page, 'Report');
  await page.getByLabel('Notes').fill('</p><script>alert(3)</script>');
  const html = await save(page, 'HTML');
  expect(html.text).not.toMatch(/<script|<img|<i>/i);
  const reader = await page.context().newPage();
  await reader.setContent(html.text);
  await expect(reader.locator('body')).toContainText('<script>alert(2)</script>');
  // Markdown lets HTML through: a name must not start any outside of code.
  const markdown = await save(page, 'Markdown');
  const outsideCode = markdown.text.replace(/(`+)[\s\S]*?[^`]\1(?!`)/g, '');
  expect(outsideCode).not.toMatch(/(?<!\\)<(script|img|i)\b/i);
});
