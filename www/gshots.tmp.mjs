import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
const url = 'http://127.0.0.1:8121/pages/dropprof/';
const out = '/tmp/graph-slot/shots';
const only = process.argv[2] ?? '';
const demo = (name) => `/work/wt/graph/www/public/demo/${name}.pb.gz`;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--disable-gpu','--no-first-run','--disable-background-networking','--no-sandbox'] });
const SCREENS = [
  { name: 'light', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { name: 'dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { name: 'narrow', viewport: { width: 360, height: 740 }, colorScheme: 'light' },
];
const cdp = await browser.newBrowserCDPSession();
const cpu = async () => { const { processInfo } = await cdp.send('SystemInfo.getProcessInfo'); return processInfo.filter((p) => p.type === 'renderer').reduce((s, p) => s + p.cpuTime, 0) * 1000; };
for (const { name, ...options } of SCREENS) {
  if (only !== '' && !only.split(',').includes(name)) continue;
  const page = await browser.newPage(options);
  page.on('console', (m) => console.log(name, m.type(), m.text()));
  page.on('pageerror', (e) => console.log(name, 'pageerror', e.message));
  await page.addInitScript(() => { window.long = []; new PerformanceObserver((l) => { for (const e of l.getEntries()) window.long.push([Math.round(e.startTime), Math.round(e.duration)]); }).observe({ type: 'longtask', buffered: true }); });
  const save = async (what) => { await page.waitForTimeout(350); await page.screenshot({ path: join(out, `${name}-${what}.png`) }); };
  const show = async () => { await page.getByRole('tab', { name: 'Call graph', exact: true }).click(); await page.waitForFunction(() => document.documentElement.dataset.ready === 'graph'); };
  for (const kind of ['cpu', 'heap']) {
    await page.goto('about:blank'); await page.goto(url);
    await page.locator('input[type=file]').setInputFiles([demo(kind)]);
    await page.waitForFunction(() => document.documentElement.dataset.ready === 'summary');
    await page.waitForTimeout(4000);
    await page.evaluate(() => { window.long.length = 0; });
    const before = await cpu(); const t = Date.now();
    await show();
    await page.waitForTimeout(700);
    console.log(name, kind, 'cpu ms', Math.round(await cpu() - before), 'wall', Date.now() - t - 700, 'long', JSON.stringify(await page.evaluate(() => window.long)), await page.locator('.graph-legend li').first().textContent());
    await save(kind);
  }
  await page.evaluate(() => { window.long.length = 0; });
  await page.evaluate(() => (location.hash += '&gn=150'));
  await page.waitForTimeout(2500); await save('heap-150');
  await page.evaluate(() => (location.hash = location.hash.replace('gn=150', 'gn=all')));
  await page.waitForTimeout(4000); await save('heap-all');
  console.log('all, long', JSON.stringify(await page.evaluate(() => window.long)), await page.locator('.graph-legend li').first().textContent());
  await page.evaluate(() => { window.long.length = 0; });
  const box = await page.locator('.graph-canvas').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let i = 0; i < 20; i++) { await page.mouse.wheel(0, 30); await page.waitForTimeout(16); }
  console.log('pan of all, long', JSON.stringify(await page.evaluate(() => window.long)));
  await page.evaluate(() => (location.hash = location.hash.replace('&gn=all', '&si=alloc_space&search=json')));
  await page.waitForTimeout(2500); await save('heap-search');
  await page.evaluate(() => (location.hash = location.hash.replace(/&search=json/, '')));
  await page.waitForTimeout(1500);
  await page.locator('[role=tree]').focus(); await page.keyboard.press('ArrowDown'); await page.keyboard.press('ArrowUp');
  await page.keyboard.down('Control'); await page.mouse.wheel(0, -400); await page.keyboard.up('Control');
  await save('heap-zoom');
  const dl = page.waitForEvent('download'); await page.getByRole('button', { name: 'SVG', exact: true }).click();
  const svg = readFileSync(await (await dl).path(), 'utf8'); writeFileSync(join(out, `${name}.svg`), svg);
  if (name === 'light') { const p2 = await browser.newPage({ viewport: { width: 1280, height: 900 } }); await p2.setContent(`<style>body{margin:0}svg{width:1280px;height:900px}</style>${svg.replace(/<\?xml.*?\?>/, '')}`); await p2.screenshot({ path: join(out, 'saved-svg.png') }); await p2.close(); }
  await page.close();
}
await browser.close();
