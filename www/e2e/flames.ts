/** What tests of flame graphs ask of one. */
import type { Locator, Page } from '@playwright/test';
import type { NamedFile } from './archive';
import { param } from './page';
import { cpuProfile } from './profile';

/** The hidden tree that holds the keyboard's place. */
export function tree(page: Page, name = 'Flame graph'): Locator {
  return page.getByRole('tree', { name, exact: true });
}

/** The item that the tree names as the active one: its name and numbers, and its level; empty while it is not there. */
export async function active(page: Page, name = 'Flame graph'): Promise<{ label: string; level: number }> {
  return tree(page, name).evaluate((element) => {
    const item = document.getElementById(element.getAttribute('aria-activedescendant') ?? '');
    const stands = element.getAttribute('aria-busy') === 'false' && item?.matches('[role=treeitem][aria-selected=true]');
    return { label: (stands && item?.getAttribute('aria-label')) || '', level: Number(stands ? item?.getAttribute('aria-level') : 0) };
  });
}

/** Names that the line under the graph tells when the pointer is at shares of the width of a row; row 0 is the root. */
export async function labels(page: Page, shares: readonly number[], row: number): Promise<string[]> {
  const { x, y, width } = (await page.locator('.flame-scroll').boundingBox()) ?? { x: 0, y: 0, width: 0 };
  const seen: string[] = [];
  for (const share of shares) {
    await page.mouse.move(x + width * share, y + 20 * row + 10);
    seen.push((await page.locator('.flame-what').textContent()) ?? '');
  }
  return seen;
}

/** Left and right edge of the zoom as the URL has it. */
export function zoomOf(page: Page): [number, number] {
  const [, left = '0', right = '1'] = (param(page, 'zoom') ?? '0').split(',');
  return [Number(left), Number(right)];
}

/** A tree of 40 stacks, each 1 of 40: under main.main f00 to f39, and under each a leaf of its own. */
export const forty: NamedFile = {
  name: 'forty.pb.gz',
  bytes: cpuProfile(
    Array.from({ length: 40 }, (_, i) => {
      const name = `main.f${String(i).padStart(2, '0')}`;
      return { stack: [`${name}.leaf`, name, 'main.main'], values: [1, 10_000_000] };
    }),
  ),
};

/** Pixels of a canvas, as the page would give them; read from a copy, for the browser warns of reading often. */
export async function pixels(canvas: Locator): Promise<{ data: number[]; width: number }> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const { width, height } = element;
    const pen = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    pen?.drawImage(element, 0, 0);
    return { data: [...(pen?.getImageData(0, 0, width, Math.min(height, 60)).data ?? [])], width };
  });
}
