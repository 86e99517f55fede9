/** The promise that nothing leaves the machine is the browser's to keep, not ours. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
// Not the page's own test: there a refusal in the console would be a fault, here it is what is wanted.
import { expect, test } from '@playwright/test';
import { DEMO, profileBytes } from './golden';
import { drop, ready, visit } from './page';

/** Another origin, which would answer anybody; `asked` is what reached it. */
async function elsewhere(): Promise<{ url: string; asked: string[]; close: () => void }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, asked, close: () => server.close() };
}

/** Runs in the page and in its worker: what became of a question. */
async function tryFetch(url: string): Promise<string> {
  try {
    return await (await fetch(url)).text();
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

test('the policy stands in the page, before anything it is to hold for', async ({ page }) => {
  await visit(page);
  const policy = page.locator('head > meta[http-equiv="Content-Security-Policy"]');
  await expect(policy).toHaveCount(1);
  const rules = ((await policy.getAttribute('content')) ?? '').split(';').map((rule) => rule.trim());
  expect(rules).toContain("default-src 'none'");
  expect(rules).toContain("connect-src 'self'");
  expect(rules).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(rules).toContain("form-action 'none'");
  // A policy in a meta tag holds from there on: no script and no style may stand above it.
  const first = await page.evaluate(() => document.querySelector('script, style, link, meta[http-equiv]')?.tagName);
  expect(first).toBe('META');
});

test('neither the page nor the worker that reads the files can ask another origin', async ({ page }) => {
  const other = await elsewhere();
  const plain = await elsewhere();
  try {
    await visit(page);
    await drop(page, [{ name: 'cpu.pb.gz', bytes: profileBytes(DEMO.cpu) }]);
    await ready(page, 'Summary');
    const worker = page.workers()[0];
    expect(page.workers().length).toBe(1);

    expect(await page.evaluate(tryFetch, other.url)).toBe('TypeError');
    expect(await worker?.evaluate(tryFetch, other.url)).toBe('TypeError');
    expect(other.asked).toEqual([]);
    // The site it came from it can ask, in both places.
    const own = new URL('icon.svg', page.url()).href;
    expect(await page.evaluate(tryFetch, own)).toContain('<svg');
    expect(await worker?.evaluate(tryFetch, own)).toContain('<svg');

    // And it is the policy that stops it: a page without one gets through.
    await page.goto(plain.url);
    expect(await page.evaluate(tryFetch, other.url)).toBe('hello');
    expect(other.asked).toEqual(['/']);
  } finally {
    other.close();
    plain.close();
  }
});
