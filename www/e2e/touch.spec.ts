/** Fingers on the flame graph. */
import type { CDPSession, Page } from '@playwright/test';
import { forty, zoomOf } from './flames';
import { choose, expect, ready, test, visit } from './page';
import { cpuProfile } from './profile';

test.use({ hasTouch: true, viewport: { width: 360, height: 740 } });

interface Point {
  x: number;
  y: number;
}

/** Real touches, as the browser gets them from a screen. */
class Fingers {
  private readonly session: CDPSession;

  private constructor(session: CDPSession) {
    this.session = session;
  }

  static async on(page: Page): Promise<Fingers> {
    return new Fingers(await page.context().newCDPSession(page));
  }

  /** Puts fingers down, moves each from its start to its end in steps, and lifts them. */
  async move(paths: readonly (readonly [from: Point, to: Point])[], steps = 12): Promise<void> {
    const at = (share: number): (Point & { id: number })[] =>
      paths.map(([from, to], id) => ({ id, x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }));
    await this.send('touchStart', at(0));
    for (let i = 1; i <= steps; i++) await this.send('touchMove', at(i / steps));
    await this.send('touchEnd', []);
  }

  private async send(type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: (Point & { id: number })[]): Promise<void> {
    await this.session.send('Input.dispatchTouchEvent', { type, touchPoints });
  }
}

test('two fingers zoom, one moves, a double tap goes to a box', async ({ page }) => {
  await visit(page, 'view=flame');
  await choose(page, [forty]);
  await ready(page, 'Flame graph');
  const { x, y, width } = (await page.locator('.flame-scroll').boundingBox()) ?? { x: 0, y: 0, width: 0 };
  const fingers = await Fingers.on(page);
  const point = (share: number, down = 50): Point => ({ x: x + width * share, y: y + down });
  // From a fifth of the width apart to twice that, around the middle: half of the tree is left.
  await fingers.move([[point(0.4), point(0.3)], [point(0.6), point(0.7)]]);
  await expect.poll(() => zoomOf(page)[1] - zoomOf(page)[0]).toBeLessThan(0.6);
  const [left, right] = zoomOf(page);
  expect(right - left).toBeGreaterThan(0.4);
  expect((left + right) / 2).toBeCloseTo(0.5, 1);
  // The page itself did not zoom.
  expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);
  // One finger takes the tree along: to the left shows what is on the right.
  await fingers.move([[point(0.7), point(0.3)]]);
  await expect.poll(() => zoomOf(page)[0]).toBeGreaterThan(left + 0.1);
  expect(zoomOf(page)[1] - zoomOf(page)[0]).toBeCloseTo(right - left, 6);
  await page.touchscreen.tap(point(0.5).x, point(0.5).y);
  await page.touchscreen.tap(point(0.5).x, point(0.5).y);
  await expect(page).toHaveURL(/zoom=\d+%2B\d/);
});

test('a finger scrolls a deep graph', async ({ page }) => {
  const deep = Array.from({ length: 80 }, (_, i) => `main.f${i}`);
  await visit(page, 'view=flame');
  await choose(page, [{ name: 'deep.pb.gz', bytes: cpuProfile([{ stack: deep, values: [1, 10_000_000] }]) }]);
  await ready(page, 'Flame graph');
  const graph = page.locator('.flame-scroll');
  const { x, y, width } = (await graph.boundingBox()) ?? { x: 0, y: 0, width: 0 };
  const fingers = await Fingers.on(page);
  await fingers.move([[{ x: x + width / 2, y: y + 300 }, { x: x + width / 2, y: y + 60 }]]);
  await expect.poll(() => graph.evaluate((element) => element.scrollTop)).toBeGreaterThan(100);
  // That was no zoom and no move.
  await expect(page).not.toHaveURL(/zoom=/);
});
