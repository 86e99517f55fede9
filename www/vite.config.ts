import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';

// The page must work from any static host under any sub-path (`base: './'`), with a CSP that allows
// neither inline script nor data: modules. Hence no inlined assets and no injected preload helper.
/** What the core's glue has for others: the worker frees what it holds, and starts the core as the glue wants it. */
const IDLE = /^(const \w+Finalization = [^;]*;|\s*\w+Finalization\.\w+\([^;]*\);|if \(Symbol\.dispose\) [^;]*;)$| else \{\s*console\.warn\('using deprecated[^}]*\}/gm;

/** Leaves that out of the first load. */
function slimGlue(): Plugin {
  return {
    name: 'slim-glue',
    transform: (code, id) => (id.endsWith('/pkg/dropprof.js') ? { code: code.replace(IDLE, ''), map: null } : null),
  };
}

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
    // The first script names all that may be fetched after it, and hashes do not compress: six characters tell
    // versions of a file apart as well as eight.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'page', tags: ['$initial'], priority: 1 },
            // What several of the others share comes with the first of them: apart, each would pack worse. Findings do
            // without it.
            { name: 'shared', test: /src.(table|views|range|lib|export|shell.(download|transforms|teaching))/, minShareCount: 2 },
          ],
        },
        chunkFileNames: 'assets/[name]-[hash:6].js',
        assetFileNames: 'assets/[name]-[hash:6][extname]',
      },
    },
  },
  worker: { format: 'es', plugins: () => [slimGlue()] },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1' },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
  },
});
