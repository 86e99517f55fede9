// The browser that the measuring scripts drive.
import { chromium } from '@playwright/test';

/** Runs `use` with a browser that does nothing beside it, and closes it. */
export async function withBrowser(use) {
  // Chromium refuses to sandbox for root; nothing but our own page is opened.
  const root = process.getuid?.() === 0;
  const browser = await chromium.launch({
    executablePath: process.env.DROPPROF_CHROMIUM,
    args: ['--disable-gpu', '--no-first-run', '--disable-background-networking', ...(root ? ['--no-sandbox'] : [])],
  });
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}
