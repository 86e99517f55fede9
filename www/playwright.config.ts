import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

// `cargo xtask test` serves dist/ itself and says where (DROPPROF_URL) and which browser to drive
// (DROPPROF_CHROMIUM). Run by hand, `npx playwright test` starts the server through xtask and uses
// Playwright's own Chromium unless the variable names another.
const served = process.env['DROPPROF_URL'];
const executablePath = process.env['DROPPROF_CHROMIUM'];
const results = fileURLToPath(new URL('../target/playwright/', import.meta.url));

const port = 8099;
// A sub-path two levels deep: a site that uses an absolute URL anywhere fails on it.
const base = '/pages/dropprof/';

const asRoot = process.getuid?.() === 0;
const args = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Chromium refuses to sandbox for root; nothing but our own page is opened.
  ...(asRoot ? ['--no-sandbox'] : []),
];

export default defineConfig({
  testDir: 'e2e',
  outputDir: results,
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: served ?? `http://127.0.0.1:${port}${base}`,
    viewport: { width: 1280, height: 800 },
    // Every page would keep the whole site; the tests about that allow it.
    serviceWorkers: 'block',
    // A trace of every test costs a fourth of the run. By hand: --trace=retain-on-failure.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { args, ...(executablePath === undefined ? {} : { executablePath }) },
  },
  projects: [{ name: 'chromium', use: { browserName: 'chromium' } }],
  ...(served === undefined
    ? {
        webServer: {
          command: `cargo xtask serve --no-build --no-open --port=${port} --base=${base}`,
          cwd: fileURLToPath(new URL('..', import.meta.url)),
          url: `http://127.0.0.1:${port}${base}`,
          reuseExistingServer: true,
          timeout: 300_000,
        },
      }
    : {}),
});
