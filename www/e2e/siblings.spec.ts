/** Siblings of the flame graph by name: the same boxes elsewhere, so that two pictures can be compared. */
import { drop, expect, goTo, param, ready, test, visit } from './page';
import { cpuProfile } from './profile';
import { active, labels, tree } from './flames';

/** Under main.main: z 50, b 30, m 20. */
const three = {
  name: 'three.pb.gz',
  bytes: cpuProfile([
    { stack: ['main.z', 'main.main'], values: [50, 500_000_000] },
    { stack: ['main.b', 'main.main'], values: [30, 300_000_000] },
    { stack: ['main.m', 'main.main'], values: [20, 200_000_000] },
  ]),
};

test('siblings stand by name, and stay the same boxes', async ({ page }) => {
  await visit(page);
  await drop(page, [three]);
  await goTo(page, 'Flame graph');
  const button = page.getByRole('button', { name: 'By name' });
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  // By weight z is on the left; what the line says of a place is what is drawn there.
  expect(await labels(page, [0.2, 0.6, 0.9], 2)).toEqual(['main.z', 'main.b', 'main.m']);
  await button.click();
  await ready(page, 'Flame graph');
  await expect(page).toHaveURL(/order=name/);
  // b 0 to 0.3, m to 0.5, z to 1.
  await expect.poll(() => labels(page, [0.2, 0.4, 0.6], 2)).toEqual(['main.b', 'main.m', 'main.z']);
  // Neighbours are those that are seen; down is still the heaviest.
  await tree(page).focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
  await expect.poll(async () => (await active(page)).label).toMatch(/^main\.z, cum 500ms/);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await active(page)).label).toMatch(/^main\.m/);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await active(page)).label).toMatch(/^main\.b/);
  // A box that is zoomed to stays so in the other order.
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/zoom=/);
  const zoom = param(page, 'zoom');
  await page.keyboard.press('o');
  await ready(page, 'Flame graph');
  await expect(page).not.toHaveURL(/order=/);
  expect(param(page, 'zoom')).toBe(zoom);
  await page.goBack();
  await expect(button).toHaveAttribute('aria-pressed', 'true');
});
