import { defineConfig } from 'vitest/config';

// The page must work from any static host under any sub-path (`base: './'`), with a CSP that allows
// neither inline script nor data: modules. Hence no inlined assets and no injected preload helper.
export default defineConfig({
  base: './',
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The sizes that count are brotli ones, measured by `cargo xtask build` against the budget.
    reportCompressedSize: false,
    // What the first picture needs is one script and one style, whatever is fetched later shares with it:
    // the order of the styles is that of the imports.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'page', tags: ['$initial'] }] } } },
  },
  worker: { format: 'es' },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1' },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
  },
});
