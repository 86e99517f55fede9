/** What the tests ask of axe. */
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

/** What axe calls serious or critical. */
export async function serious(page: Page): Promise<string[]> {
  // What passed is not written down, and no second page puts the answers of frames together: a fourth of
  // the time for the same faults, as long as the page has no frame.
  expect(page.frames()).toHaveLength(1);
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode(true).analyze();
  return violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join('\n')}`);
}
