/** Pictures and tables that are saved hold what is on screen, and nothing that could run or be taken for a formula. */
import type { Page } from '@playwright/test';
import { cpu, heap } from './files';
import { DEMO, golden, profileBytes } from './golden';
import { choose, drop, expect, goTo, ready, saved, test, topRows, visit } from './page';
import { cpuProfile, heapProfile } from './profile';

/** Saves by a button of the panel. */
async function save(page: Page, button: string): ReturnType<typeof saved> {
  const panel = page.getByRole('dialog', { name: 'Save as' });
  if (!(await panel.isVisible())) await page.getByRole('button', { name: 'Save as…' }).click();
  return saved(page, () => panel.getByRole('button', { name: button, exact: true }).click());
}

/** Cells of a CSV file, by RFC 4180. */
function cells(csv: string): string[][] {
  expect(csv.endsWith('\r\n')).toBe(true);
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('the flame graph as SVG: the boxes of the picture, a title, light and dark', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await visit(page, 'view=flame&i=runtime%5C.mcall&si=cpu');
  await drop(page, [cpu]);
  await ready(page, 'Flame graph');
  const { name, bytes } = await save(page, 'Flame graph as SVG');
  expect(name).toBe('cpu-flame.svg');
  const read = await page.evaluate((text) => {
    const svg = new DOMParser().parseFromString(text, 'image/svg+xml');
    const boxes = [...svg.querySelectorAll('g > rect:first-of-type')];
    return {
      broken: svg.querySelector('parsererror') !== null,
      title: svg.documentElement.getAttribute('aria-label') ?? '',
      names: [...svg.querySelectorAll('title')].map((one) => one.textContent ?? ''),
      widest: Math.max(...boxes.map((box) => Number(box.getAttribute('width')))),
      outside: [...svg.querySelectorAll('[href], image, script, foreignObject')].length,
    };
  }, bytes.toString());
  expect(read.broken).toBe(false);
  expect(read.outside).toBe(0);
  expect(read.title).toContain('cpu.pb.gz · cpu (nanoseconds)');
  expect(read.title).toContain('Ignore runtime\\.mcall');
  expect(read.names).toContain('example.com/dirsync/internal/diff.Lines');
  expect(read.names).not.toContain('runtime.mcall');
  const width = await page.locator('.flame-scroll').evaluate((element) => element.clientWidth);
  expect(read.widest).toBe(width - 1);

  const light = bytes.toString();
  await page.keyboard.press('Escape');
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = (await save(page, 'Flame graph as SVG')).bytes.toString();
  const background = (text: string): string => /width="100%" height="100%" fill="([^"]+)"/.exec(text)?.[1] ?? '';
  expect(background(dark)).not.toBe(background(light));
});

test('the picture shows what is zoomed to, or the whole at a chosen width', async ({ page }) => {
  await visit(page, 'view=flame&si=cpu');
  await drop(page, [cpu]);
  await ready(page, 'Flame graph');
  await page.locator('canvas.flame-canvas').click({ position: { x: 200, y: 90 } });
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/zoom=/);
  const zoomed = (await save(page, 'Flame graph as SVG')).bytes.toString();
  expect(zoomed).toContain('zoomed in');
  const panel = page.getByRole('dialog', { name: 'Save as' });
  await panel.getByLabel('Whole graph').check();
  await panel.getByLabel('Width').selectOption('1920');
  const whole = (await save(page, 'Flame graph as SVG')).bytes.toString();
  expect(whole).not.toContain('zoomed in');
  // 12 pixels of margin on both sides.
  expect(whole).toContain('<svg xmlns="http://www.w3.org/2000/svg" width="1944"');
  expect(whole.split('<g transform').length).toBeGreaterThan(zoomed.split('<g transform').length);
});

test('siblings by name, and a search that minds letters, are in the picture as on the screen', async ({ page }) => {
  // Of 100 samples zip has 50, aZip 30 and mzip 20.
  const bytes = cpuProfile(
    ([['zip', 50], ['aZip', 30], ['mzip', 20]] as const).map(([name, count]) => ({
      stack: [`main.${name}`, 'main.main'],
      values: [count, count * 10_000_000],
    })),
  );
  await visit(page, 'view=flame&search=zip');
  await drop(page, [{ name: 'zips.pb.gz', bytes }]);
  await ready(page, 'Flame graph');
  await page.getByRole('button', { name: 'Save as…' }).click();
  await page.getByRole('dialog', { name: 'Save as' }).getByLabel('Width').selectOption('1200');
  /** The boxes below main.main from left to right: name, share of the width on their left, colour. */
  const boxes = async (): Promise<{ name: string; left: number; fill: string }[]> =>
    page.evaluate((text) => {
      const svg = new DOMParser().parseFromString(text, 'image/svg+xml');
      const all = [...svg.querySelectorAll('g > title')].map((title) => {
        const place = /translate\(([\d.]+) ([\d.]+)\)/.exec(title.parentElement?.getAttribute('transform') ?? '');
        const fill = title.parentElement?.querySelector('rect')?.getAttribute('fill') ?? '';
        return { name: title.textContent ?? '', left: Number(place?.[1]) / 1200, row: Number(place?.[2]) / 20, fill };
      });
      // Below the root and main.main.
      return all.filter(({ row }) => row === 2).sort((a, b) => a.left - b.left);
    }, (await save(page, 'Flame graph as SVG')).bytes.toString());

  const heaviestFirst = await boxes();
  expect(heaviestFirst.map(({ name }) => name)).toEqual(['main.zip', 'main.aZip', 'main.mzip']);
  // A search without a capital matches in either case.
  expect(new Set(heaviestFirst.map(({ fill }) => fill)).size).toBe(1);

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Match case' }).click();
  await page.getByRole('button', { name: 'By name' }).click();
  await expect(page).toHaveURL(/order=name/);
  await expect(page).toHaveURL(/case=t/);
  await ready(page, 'Flame graph');
  await page.getByRole('button', { name: 'Save as…' }).click();
  await page.getByRole('dialog', { name: 'Save as' }).getByLabel('Width').selectOption('1200');
  const byName = await boxes();
  expect(byName.map(({ name }) => name)).toEqual(['main.aZip', 'main.mzip', 'main.zip']);
  // aZip 0 to 0.3, mzip to 0.5, zip to 1.
  for (const [i, left] of [0, 0.3, 0.5].entries()) expect(byName[i]?.left).toBeCloseTo(left, 2);
  const [other, ...matches] = byName.map(({ fill }) => fill);
  expect(new Set(matches).size).toBe(1);
  expect(matches).not.toContain(other);
});

test('the flame graph as PNG has two pixels for one and is no empty picture', async ({ page }) => {
  await visit(page, 'view=flame&si=cpu');
  await drop(page, [cpu]);
  await ready(page, 'Flame graph');
  await page.getByRole('button', { name: 'Save as…' }).click();
  await page.getByRole('dialog', { name: 'Save as' }).getByLabel('Width').selectOption('1200');
  const { name, bytes } = await save(page, 'Flame graph as PNG');
  expect(name).toBe('cpu-flame.png');
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.readUInt32BE(16)).toBe(2 * (1200 + 24));
  const colours = await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext('2d');
    pen?.drawImage(image, 0, 0);
    const { data } = pen?.getImageData(0, 0, image.width, image.height) ?? { data: [] };
    return new Set(new Uint32Array(Uint8Array.from(data).buffer)).size;
  }, bytes.toString('base64'));
  expect(colours).toBeGreaterThan(20);
});

test('hostile names are text in the picture', async ({ page }) => {
  await visit(page, 'view=flame');
  const evil = '"><script>alert(1)</script>\u0007&<image href="//x">';
  await choose(page, [{ name: 'a<b>.pb', bytes: Buffer.from(cpuProfile([{ stack: [evil], values: [1, 10] }])) }]);
  await ready(page, 'Flame graph');
  const { bytes } = await save(page, 'Flame graph as SVG');
  const read = await page.evaluate((text) => {
    const svg = new DOMParser().parseFromString(text, 'image/svg+xml');
    return { bad: svg.querySelectorAll('parsererror, script, image').length, names: [...svg.querySelectorAll('title')].map((one) => one.textContent) };
  }, bytes.toString());
  expect(read.bad).toBe(0);
  expect(read.names).toContain(evil.replace('\u0007', '\ufffd'));
});

test('the CSV of Top has the rows of pprof, with raw numbers', async ({ page }) => {
  await visit(page, 'view=top&si=cpu');
  await drop(page, [cpu]);
  await ready(page, 'Top');
  const { name, bytes } = await save(page, 'CSV');
  expect(name).toBe('cpu-top.csv');
  const [head = [], ...rows] = cells(bytes.toString());
  expect(head.slice(0, 8)).toEqual(['name', 'file', 'line', 'flat (nanoseconds)', 'flat (percent)', 'sum (percent)', 'cum (nanoseconds)', 'cum (percent)']);
  // Further down pprof leaves out what is small by itself and with its callees; the page does not.
  const wanted = golden(DEMO.cpu, '-top -sample_index=cpu').rows.slice(0, 10);
  expect(rows.slice(0, wanted.length).map(([row]) => row)).toEqual(wanted.map((row) => row.name));
  // pprof says 1.30s where the cell says 1300000000.
  const seconds = (text: string): number => (text.endsWith('ms') ? parseFloat(text) / 1000 : parseFloat(text));
  for (const [i, row] of wanted.entries()) {
    expect(Number(rows[i]?.[3]) / 1e9).toBeCloseTo(seconds(row.flat), 2);
    expect(Number(rows[i]?.[6]) / 1e9).toBeCloseTo(seconds(row.cum), 2);
  }
});

test('the CSV is the table that is shown: its order, its search, its columns', async ({ page }) => {
  await visit(page, 'view=top&sort=cum&search=%5Eruntime');
  await drop(page, [cpu]);
  await ready(page, 'Top');
  const shown = await topRows(page, 3);
  const [, ...rows] = cells((await save(page, 'CSV')).bytes.toString());
  expect(rows.slice(0, 3).map(([name]) => name)).toEqual(shown.map((row) => row.name));
  expect(rows.every(([name]) => name?.startsWith('runtime'))).toBe(true);
});

test('Allocations, Hot paths, Callers and Compare are tables of their own', async ({ page }) => {
  await visit(page, 'view=allocations');
  await drop(page, [heap]);
  await ready(page, 'Allocations');
  const allocations = await save(page, 'CSV');
  expect(allocations.name).toBe('heap-allocations.csv');
  const [head = []] = cells(allocations.bytes.toString());
  expect(head).toContain('alloc_space (bytes)');
  expect(head).toContain('inuse_objects (count)');
  await page.keyboard.press('Escape');

  await goTo(page, 'Hot paths');
  expect(cells((await save(page, 'CSV')).bytes.toString()).length).toBeGreaterThan(3);
  await page.keyboard.press('Escape');

  await choose(page, [cpu, { name: 'tuned.pb.gz', bytes: profileBytes('../www/public/demo/cpu-tuned.pb.gz') }]);
  const list = page.getByRole('list', { name: 'Files' });
  await expect(list.getByRole('listitem').filter({ hasText: 'CPU profile' })).toHaveCount(2);
  // What was opened is shown, and nothing of it is selected: that is not to come after the link.
  await expect(list.locator('[aria-current=true]')).toContainText('cpu.pb.gz');
  await visit(page, 'name=cpu.pb.gz&view=callers&sel=runtime.main&si=cpu');
  await ready(page, 'Callers & callees');
  const callers = cells((await save(page, 'CSV')).bytes.toString());
  expect(callers.find((row) => row[3] === 'function')?.[0]).toBe('runtime.main');
  expect(callers.filter((row) => row[3] === 'callee').map((row) => row[0])).toContain('main.main');
  await page.keyboard.press('Escape');

  await visit(page, 'name=tuned.pb.gz&base=cpu.pb.gz&view=compare&si=cpu&mode=absolute');
  await ready(page, 'Compare');
  const compared = await save(page, 'CSV');
  expect(compared.name).toBe('tuned-compare.csv');
  const [columns = [], first = []] = cells(compared.bytes.toString());
  expect(columns.slice(3, 8)).toEqual([
    'baseline (nanoseconds)', 'this file (nanoseconds)', 'baseline compared (nanoseconds)', 'this file compared (nanoseconds)', 'difference (nanoseconds)',
  ]);
  // As they are: what is compared is the values themselves.
  expect(Number(first[4]) - Number(first[3])).toBe(Number(first[7]));
});

test('what does not grow is not offered as a table of growth', async ({ page }) => {
  await visit(page, 'view=compare&mode=growth');
  await drop(page, ['a', 'b'].map((name) => ({ name: `${name}.pb.gz`, bytes: heapProfile({ 'main.cache': 20 }, 1.7e18) })));
  await ready(page, 'Compare');
  await page.getByRole('button', { name: 'Save as…' }).click();
  await expect(page.getByRole('button', { name: 'CSV', exact: true })).toHaveAttribute('title', 'The table Top for a spreadsheet');
  const { bytes } = await save(page, 'CSV');
  expect(cells(bytes.toString()).length).toBeGreaterThan(1);
});

test('Growth is a table of its own, to be saved with the amounts of every file, and to be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const heaps = [0, 1, 2].map((minute) => ({
    name: `h${minute}.pb.gz`,
    bytes: heapProfile({ 'main.cache': 20 + 30 * minute, 'main.steady': 40 }, (1_700_000_000 + 60 * minute) * 1e9),
  }));
  await visit(page);
  await drop(page, heaps);
  await expect(page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveCount(3);
  await goTo(page, 'Compare');
  await page.getByRole('button', { name: 'Growth' }).click();
  await ready(page, 'Compare');
  const { name, bytes } = await save(page, 'CSV');
  expect(name).toMatch(/-growth\.csv$/);
  const [head = [], cache = [], steady = [], ...rest] = cells(bytes.toString());
  expect(head.slice(3, 7)).toEqual(['h0.pb.gz (bytes)', 'h1.pb.gz (bytes)', 'h2.pb.gz (bytes)', 'delta (bytes)']);
  // 20, 50 and 80 MiB in two minutes, of 16 objects each.
  expect([cache[0], ...cache.slice(3, 7).map(Number)]).toEqual(['main.cache', ...[20, 50, 80, 60].map((mib) => mib * 2 ** 20)]);
  expect(cache.slice(9, 11).map(Number)).toEqual([60 * 16, 30 * 2 ** 20]);
  expect(cache[11]).toContain('grows, steadily');
  expect([steady[0], steady[6], rest.length]).toEqual(['main.steady', '0', 0]);
  await page.keyboard.press('Escape');

  await page.getByRole('region', { name: 'Growth table' }).focus();
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('group', { name: 'What is picked' })).toContainText('2 rows');
  await page.getByRole('button', { name: 'Copy as CSV' }).click();
  const copied = async (): Promise<string[]> => (await page.evaluate(() => navigator.clipboard.readText())).split('\r\n');
  await expect.poll(async () => (await copied())[0]).toBe('first,last,delta,± σ,sampled,Δ objects,per minute,what holds,Name');
  expect((await copied())[1]).toMatch(/^20MB,80MB,'?\+60MB,.*,main\.cache$/);

  await page.getByRole('searchbox').fill('STEADY');
  await expect(page.getByRole('table', { name: 'Growth', exact: true }).locator('tbody tr')).toHaveCount(1);
  expect(cells((await save(page, 'CSV')).bytes.toString()).slice(1).map(([found]) => found)).toEqual(['main.steady']);
});

test('a name that a spreadsheet would run is a text', async ({ page }) => {
  await visit(page, 'view=top');
  const stack = ['=HYPERLINK("//x","y")'];
  await choose(page, [{ name: 'formula.pb', bytes: Buffer.from(cpuProfile([{ stack, values: [1, 10] }])) }]);
  await ready(page, 'Top');
  const text = (await save(page, 'CSV')).bytes.toString();
  expect(cells(text)[1]?.[0]).toBe(`'${stack[0]}`);
});
