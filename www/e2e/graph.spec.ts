/** The call graph: what is in the picture, what hands do with it, and what happens when it is too much. */
import type { Locator, Page } from '@playwright/test';
import { cpu, heap, small } from './files';
import { DEMO, printed } from './golden';
import { drop, expect, goTo, param, ready, saved, test, topRows, visit } from './page';
import { cpuProfile } from './profile';

/** Graphviz, which the layout's thread fetches when it first needs it. */
const GRAPHVIZ = /assets\/viz-[^/]*\.js$/;

const tree = (page: Page): Locator => page.getByRole('tree', { name: 'Call graph' });
const said = (page: Page): Locator => page.locator('.flame-hover');
const looks = (page: Page): Locator => page.getByRole('list', { name: 'Looks' });
const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });

/** Presses a button and reads what is saved. */
async function savedBy(page: Page, name: string): Promise<{ file: string; text: string }> {
  const { name: file, bytes } = await saved(page, () => button(page, name).click());
  return { file, text: bytes.toString() };
}

/** Moves the pointer down the middle of the picture until it is on something that the line tells of. */
async function pointAt(page: Page, what: RegExp): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = (await page.locator('.graph-canvas').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  for (let down = 8; down < height; down += 8) {
    await page.mouse.move(x + width / 2, y + down);
    if (what.test((await said(page).textContent()) ?? '')) return { x: x + width / 2, y: y + down };
  }
  throw new Error(`nothing in the middle is called ${what}`);
}

/** What the tree says of the node that is stood on. */
async function active(page: Page): Promise<string> {
  return tree(page).evaluate((element) => {
    const item = document.getElementById(element.getAttribute('aria-activedescendant') ?? '');
    return item?.getAttribute('aria-selected') === 'true' ? (item.getAttribute('aria-label') ?? '') : '';
  });
}

/** Nodes, calls and boxes of labels in a picture. */
interface Counts {
  nodes: number;
  calls: number;
  labels: number;
}

function countIn(text: string, patterns: Record<keyof Counts, RegExp>): Counts {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return { nodes: count(patterns.nodes), calls: count(patterns.calls), labels: count(patterns.labels) };
}

const IN_DOT = { nodes: /^N\d+ \[/gm, calls: /^N\d+ -> N\d+ \[/gm, labels: /^N+\d+(_\d+)+ \[/gm };
const IN_SVG = { nodes: /<g class="node">/g, calls: /<g class="edge">/g, labels: /<g class="label">/g };

for (const [file, input] of [[cpu, DEMO.cpu], [heap, DEMO.heap]] as const) {
  test(`${file.name}: the picture has what pprof's has, and DOT is pprof's to the byte`, async ({ page }) => {
    const dot = printed(input, '-dot -nodecount=15');
    const expected = countIn(dot, IN_DOT);
    await visit(page, 'gn=15');
    await drop(page, [file]);
    await goTo(page, 'Call graph');
    await expect(looks(page)).toContainText(`${expected.nodes} nodes, ${expected.calls} calls`);
    const svg = await savedBy(page, 'SVG');
    expect(svg.file).toBe(`${file.name.split('.')[0]}-graph.svg`);
    expect(countIn(svg.text, IN_SVG)).toEqual(expected);
    expect(await savedBy(page, 'DOT')).toEqual({ file: svg.file.replace('svg', 'dot'), text: dot });
    // It stands alone: an image may not fetch anything, so what shows is in it.
    const size = await page.evaluate(async (text) => {
      const image = new Image();
      image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    }, svg.text);
    expect(Math.min(...size)).toBeGreaterThan(100);
  });
}

test('pprof says what is left out; another number of nodes is a step that Back undoes', async ({ page }) => {
  const legend = /Showing nodes accounting for [^"\\]*/.exec(printed(DEMO.cpu, '-dot -nodecount=15'))?.[0] ?? 'no legend';
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Call graph');
  const before = await looks(page).textContent();
  await page.getByRole('combobox', { name: 'Nodes' }).selectOption('20');
  await expect(page).toHaveURL(/[#&]gn=20/);
  await expect(looks(page)).not.toHaveText(before ?? '');
  await page.evaluate(() => (location.hash = location.hash.replace('gn=20', 'gn=15')));
  await expect(page.locator('.graph-shown')).toContainText(legend);
  await page.goBack();
  await page.goBack();
  await expect(page).not.toHaveURL(/gn=/);
  await expect(looks(page)).toHaveText(before ?? '');
});

test('a click selects, a second one opens the flame graph, the other button a menu', async ({ page }) => {
  await visit(page);
  await drop(page, [small]);
  await goTo(page, 'Call graph');
  await expect(looks(page)).toContainText('4 nodes, 4 calls');
  const { x, y } = await pointAt(page, /^main\.c/);
  // c: 50 and 30 of 100, all of it its own.
  await expect(said(page)).toContainText('cum 800ms 80.00% · flat 800ms 80.00%');
  await page.mouse.click(x, y);
  await expect(page).toHaveURL(/sel=main\.c/);
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('main.c');
  await page.mouse.click(x, y, { button: 'right' });
  await expect(page.getByRole('menu', { name: 'main.c' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.mouse.dblclick(x, y);
  await ready(page, 'Flame graph');
  await expect(page).toHaveURL(/sel=main\.c/);
});

test('arrows walk to the heaviest caller and callee, and beside; Enter opens the flame graph', async ({ page }) => {
  await visit(page);
  await drop(page, [small]);
  await goTo(page, 'Call graph');
  await tree(page).focus();
  await page.keyboard.press('ArrowDown');
  for (let steps = 0; steps < 3; steps++) await page.keyboard.press('ArrowUp');
  await expect.poll(() => active(page)).toBe('main.main, cum 1000ms, 100%, flat 0');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => active(page)).toBe('main.a, cum 600ms, 60.00%, flat 100ms');
  const parent = tree(page).getByRole('treeitem', { name: /^main\.main/ });
  await expect(parent.getByRole('treeitem', { name: /^main\.c, .*, 500ms from the caller$/ })).toHaveCount(1);
  // b stands on one side of a, whichever Graphviz gave it.
  await page.keyboard.press('ArrowRight');
  if (!(await active(page)).startsWith('main.b')) await page.keyboard.press('ArrowLeft');
  await expect.poll(() => active(page)).toMatch(/^main\.b, cum 400ms/);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => active(page)).toMatch(/^main\.c/);
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => active(page)).toMatch(/^main\.a/);
  await expect(page).toHaveURL(/sel=main\.a/);
  await page.keyboard.press('Enter');
  await ready(page, 'Flame graph');
});

test('the wheel moves, Ctrl and the wheel zoom, 0 shows all again', async ({ page }) => {
  await visit(page);
  await drop(page, [cpu]);
  await goTo(page, 'Call graph');
  const percent = page.locator('.graph-percent');
  // It begins where it can be read; all of it is a step away.
  expect(parseFloat((await percent.textContent()) ?? '')).toBe(60);
  await button(page, 'Fit').click();
  await expect.poll(async () => parseFloat((await percent.textContent()) ?? '')).toBeLessThan(60);
  const whole = await percent.textContent();
  const { x, y, width, height } = (await page.locator('.graph-canvas').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  // 300 pixels of wheel at 0.0022 per pixel: e^0.66 = 1.93 times as large.
  await expect.poll(async () => parseFloat((await percent.textContent()) ?? '') / parseFloat(whole ?? '')).toBeCloseTo(1.93, 0);
  expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);
  const shot = (): Promise<Buffer> => page.locator('.graph-canvas').screenshot();
  const before = await shot();
  await page.mouse.wheel(0, 100);
  await expect.poll(async () => (await shot()).equals(before)).toBe(false);
  await page.keyboard.press('0');
  await expect(percent).toHaveText(whole ?? '');
});

/** Pictures of the canvas, once nothing that comes later changes its size. */
async function shots(page: Page): Promise<{ shot: () => Promise<Buffer>; comesTo: (wanted: Buffer) => Promise<void> }> {
  await ready(page, 'Call graph');
  await page.waitForLoadState('networkidle');
  const shot = (): Promise<Buffer> => page.locator('.graph-canvas').screenshot();
  return { shot, comesTo: async (wanted) => expect.poll(async () => (await shot()).equals(wanted)).toBe(true) };
}

test('where the graph was zoomed and moved to outlives a reload; Back and Forward lead there, another graph forgets it', async ({ page }) => {
  await visit(page, 'file=demo/cpu.pb.gz&view=graph');
  const { shot, comesTo } = await shots(page);
  const percent = page.locator('.graph-percent');
  const place = (): string | null => param(page, 'gz');
  const first = await shot();
  const { x, y, width, height } = (await page.locator('.graph-canvas').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await expect.poll(place).toMatch(/^[\d.]+(_-?[\d.]+){2}$/);
  const zoomed = place();
  await page.mouse.wheel(50, 120);
  await page.mouse.move(0, 0);
  await expect.poll(place).not.toBe(zoomed);
  const [moved, size, second] = [place(), await percent.textContent(), await shot()];
  expect(second.equals(first)).toBe(false);

  await page.reload();
  await ready(page, 'Call graph');
  await expect(percent).toHaveText(size ?? '');
  await comesTo(second);
  expect(place()).toBe(moved);
  await goTo(page, 'Top');
  await goTo(page, 'Call graph');
  await comesTo(second);

  // Two steps led to the other view and back; both movements were one.
  for (let steps = 0; steps < 3; steps++) await page.goBack();
  await expect(page).not.toHaveURL(/gz=/);
  await comesTo(first);
  await page.goForward();
  await comesTo(second);

  await button(page, 'Fit').click();
  await expect(page).toHaveURL(/gz=all/);
  await page.goBack();
  await comesTo(second);
  await page.getByRole('combobox', { name: 'Nodes' }).selectOption('20');
  await expect(page).not.toHaveURL(/gz=/);
  await page.goBack();
  await comesTo(second);
});

test('a place that is none, and one where nothing is, are the beginning', async ({ page }) => {
  await visit(page, 'file=demo/cpu.pb.gz&view=graph');
  const { shot, comesTo } = await shots(page);
  const first = await shot();
  const edit = (gz: string): Promise<void> =>
    page.evaluate((text) => void (location.hash = `${location.hash.replace(/&gz=.*/, '')}&gz=${text}`), gz);
  for (const gz of ['1_999999_0', '%3Cb%3E']) {
    await edit('1_50_50');
    await expect.poll(async () => (await shot()).equals(first)).toBe(false);
    await edit(gz);
    await expect(page).toHaveURL(new RegExp(`gz=${gz}`));
    // What means nothing is told over the view, which is less high until that is taken away.
    const forget = button(page, 'Forget it');
    if (gz !== '1_999999_0') await forget.click();
    await expect(forget).toHaveCount(0);
    await comesTo(first);
  }
});

/** A function that is out of sight where the graph of the demo begins. */
const LOW = 'runtime.mallocgc';

/** Waits until the graph says that it has moved, and asks what is in its middle. */
async function inTheMiddle(page: Page, name: string): Promise<void> {
  await expect(page).toHaveURL(/gz=[\d.]+_/);
  await ready(page, 'Call graph');
  await page.locator('.graph-canvas').click({ button: 'right' });
  await expect(page.getByRole('menu', { name, exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
}

test('a selection made in another view is brought into sight, wherever the graph was', async ({ page }) => {
  await visit(page, 'file=demo/cpu.pb.gz&name=cpu.pb.gz&view=graph&gz=3_0_0');
  await ready(page, 'Call graph');
  await goTo(page, 'Top');
  await expect(page).toHaveURL(/gz=3_0_0/);
  await page.getByRole('table', { name: 'Top', exact: true }).locator('tbody tr').first().click();
  await expect(page).not.toHaveURL(/gz=/);
  await goTo(page, 'Call graph');
  await expect(said(page)).toContainText('diff.table');
  // That one the graph begins with; of what begins out of sight, it says where it has gone to.
  await goTo(page, 'Top');
  await page.getByRole('searchbox').fill(LOW);
  // Rows move while the search is answered, and a click may then be for another one.
  await expect.poll(async () => (await topRows(page, 1))[0]?.name).toContain(LOW);
  await page.getByRole('table', { name: 'Top', exact: true }).locator('tbody tr').filter({ hasText: LOW }).first().click();
  await expect(page).toHaveURL(new RegExp(`sel=${LOW}(&|$)`));
  await expect(page).not.toHaveURL(/gz=/);
  await goTo(page, 'Call graph');
  await inTheMiddle(page, LOW);
});

test('a selection that the address is given in an open tab is brought into sight; Back leads to where the graph was', async ({ page }) => {
  await visit(page, 'file=demo/cpu.pb.gz&name=cpu.pb.gz&view=graph');
  const { shot, comesTo } = await shots(page);
  const first = await shot();
  await page.evaluate((name) => void (location.hash += `&sel=${name}`), LOW);
  await inTheMiddle(page, LOW);
  await page.goBack();
  await expect(page).not.toHaveURL(/sel=/);
  await comesTo(first);
});

test('who leaves the graph while it moves finds it where that led', async ({ page }) => {
  await visit(page, 'file=demo/cpu.pb.gz&name=cpu.pb.gz&view=graph');
  await ready(page, 'Call graph');
  await page.getByRole('tab', { name: 'Top', exact: true }).evaluate((tab: HTMLElement) => {
    const picture = document.querySelector('.graph-canvas');
    picture?.dispatchEvent(new WheelEvent('wheel', { deltaY: 120, bubbles: true, cancelable: true }));
    tab.click();
  });
  await ready(page, 'Top');
  await expect(page).toHaveURL(/gz=[\d.]+_/);
  // Still one step.
  await page.goBack();
  await ready(page, 'Call graph');
  await expect(page).not.toHaveURL(/gz=/);
});

test('what a search finds stands out', async ({ page }) => {
  await visit(page);
  await drop(page, [small]);
  await goTo(page, 'Call graph');
  const place = await pointAt(page, /^main\.c/);
  await page.mouse.move(0, 0);
  // Below the first line that belongs to it: the area, not the text.
  const colour = (): Promise<number[]> =>
    page.locator('.graph-canvas > canvas').evaluate((canvas: HTMLCanvasElement, { x, y }) => {
      const { left, top } = canvas.getBoundingClientRect();
      const [atX = 0, atY = 0] = [x - left, y - top + 4].map((value) => Math.round(value * devicePixelRatio));
      // A copy is read: the page's own canvas is to stay one that is only drawn on.
      const copy = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      copy?.drawImage(canvas, atX, atY, 1, 1, 0, 0, 1, 1);
      return [...(copy?.getImageData(0, 0, 1, 1).data ?? [])];
    }, place);
  const plain = await colour();
  await page.getByRole('searchbox').fill('main.c');
  await expect.poll(colour).not.toEqual(plain);
  const found = await colour();
  // Yellow has little blue.
  expect((found[0] ?? 0) - (found[2] ?? 0)).toBeGreaterThan(60);
  await page.getByRole('searchbox').fill('main.a');
  await expect.poll(colour).not.toEqual(found);
});

test('labels are boxes below the nodes, and can be left out', async ({ page }) => {
  await visit(page);
  await drop(page, [heap]);
  await goTo(page, 'Call graph');
  const labels = page.getByRole('combobox', { name: 'Labels' });
  await expect(labels).toHaveValue('bytes');
  await expect(looks(page)).toContainText('deep box = label');
  await labels.selectOption('none');
  await expect(page).toHaveURL(/gl=-/);
  await expect(looks(page)).not.toContainText('deep box');
  expect(countIn((await savedBy(page, 'SVG')).text, IN_SVG).labels).toBe(0);
});

test('Graphviz is fetched when the graph is first shown, once', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (GRAPHVIZ.test(request.url())) asked.push(request.url());
  });
  await visit(page);
  await drop(page, [small]);
  await ready(page, 'Summary');
  // The other parts come once the page is idle.
  await page.waitForRequest(/assets\/view-/);
  await page.waitForLoadState('networkidle');
  expect(asked).toEqual([]);
  await goTo(page, 'Call graph');
  await goTo(page, 'Top');
  await goTo(page, 'Call graph');
  await page.getByRole('combobox', { name: 'Nodes' }).selectOption('20');
  await ready(page, 'Call graph');
  expect(asked).toHaveLength(1);
});

test('a layout can be cancelled, made plainly, and tried again', async ({ page }) => {
  let letGo = (): void => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(GRAPHVIZ, async (route) => {
    await gate;
    await route.continue().catch(() => {});
  });
  await visit(page);
  await drop(page, [small]);
  await page.getByRole('tab', { name: 'Call graph', exact: true }).click();
  await expect(page.getByText('Laying out 4 nodes…')).toBeVisible();
  await button(page, 'Cancel').click();
  await expect(page.getByText('The layout was cancelled.')).toBeVisible();
  await expect(button(page, 'SVG')).toBeDisabled();
  await button(page, 'Plainer layout').click();
  await expect(looks(page)).toContainText('4 nodes, 4 calls');
  const plain = countIn((await savedBy(page, 'SVG')).text, IN_SVG);
  expect(plain).toEqual({ nodes: 4, calls: 4, labels: 0 });
  letGo();
  await page.getByRole('checkbox', { name: 'Call tree' }).check();
  // A node for each path: c is called by a and by b.
  await expect(looks(page)).toContainText('5 nodes, 4 calls');
  await expect(button(page, 'SVG')).toBeEnabled();
});

test('all of a graph is laid out in layers when it is large, and what is too large offers a smaller one', async ({ page }) => {
  const many = {
    name: 'many.pb.gz',
    bytes: cpuProfile(Array.from({ length: 5100 }, (_, i) => ({ stack: [`main.f${i}`, 'main.main'], values: [1, 10_000_000] }))),
  };
  await visit(page, 'gn=all');
  await drop(page, [cpu]);
  await goTo(page, 'Call graph');
  await expect(looks(page)).toContainText('in layers');
  await expect(page.locator('.graph-shown')).toContainText('100% of');
  await drop(page, [many]);
  await page.getByRole('list', { name: 'Files' }).getByRole('button', { name: /many\.pb\.gz/ }).first().click();
  // f0 to f5099, and main.
  await expect(page.getByText(/All of it is 5\s?101 nodes and 5\s?100 calls/)).toBeVisible();
  await ready(page, 'Call graph');
  await button(page, 'Show 80 nodes').click();
  await expect(page).not.toHaveURL(/gn=/);
  await expect(button(page, 'SVG')).toBeEnabled();
});

test('what was selected elsewhere is brought into sight, and told where it is not in the picture', async ({ page }) => {
  await visit(page);
  await drop(page, [small]);
  await goTo(page, 'Top');
  await page.getByRole('table', { name: 'Top', exact: true }).locator('tbody tr').first().click();
  await goTo(page, 'Call graph');
  await expect(said(page)).toContainText('main.c');
  await page.evaluate(() => (location.hash = location.hash.replace(/sel=[^&]*/, 'sel=main.nobody')));
  await expect(said(page)).toContainText('main.nobody is not among the nodes shown');
});

test.describe('with fingers', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test('two of them zoom', async ({ page }) => {
    await visit(page);
    await page.locator('input[type=file]').setInputFiles([{ name: small.name, mimeType: 'application/octet-stream', buffer: small.bytes }]);
    await ready(page, 'Summary');
    await goTo(page, 'Call graph');
    const percent = page.locator('.graph-percent');
    const whole = parseFloat((await percent.textContent()) ?? '');
    const { x, y } = (await page.locator('.graph-canvas').boundingBox()) ?? { x: 0, y: 0 };
    const session = await page.context().newCDPSession(page);
    const touch = (type: string, apart: number): Promise<unknown> =>
      session.send('Input.dispatchTouchEvent', {
        type: type as 'touchStart',
        touchPoints: apart === 0 ? [] : [{ x: x + 150 - apart, y: y + 150, id: 1 }, { x: x + 150 + apart, y: y + 150, id: 2 }],
      });
    await touch('touchStart', 30);
    for (const apart of [35, 45, 60]) await touch('touchMove', apart);
    await touch('touchEnd', 0);
    await expect.poll(async () => parseFloat((await percent.textContent()) ?? '')).toBeGreaterThan(whole * 1.3);
    expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);
  });
});
