// The page as one file, for "Interactive page (HTML)": dist/onefile.html, to which the page adds profiles.
//
// A page that is opened from the disk may neither fetch nor import anything. So all scripts are one, the
// worker is a text in it, and the core's halves stand in elements, packed. Its policy names the script and
// the style by their hashes: nothing that a profile contains could be run.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Modules that are others here: where the page lives, where the worker gets the core from, how graphs are laid out. */
function elsewhere(): Plugin {
  return {
    name: 'onefile-modules',
    enforce: 'pre',
    resolveId(source, importer) {
      const name = /^(?:\.\.?\/)+(host|modules|newlayout)$/.exec(source)?.[1];
      return name === undefined || importer === undefined ? null : path(`src/onefile/${name}.ts`);
    },
  };
}

/** A text of a script or style in an element: what could end the element is written otherwise. */
function inert(text: string): string {
  return text.replace(/<(?=\/script|\/style|!--)/gi, '\\x3c');
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function packed(name: string): string {
  return gzipSync(readFileSync(path(`src/pkg/${name}`)), { level: 9 }).toString('base64');
}

function carrier(id: string, base64: string): string {
  return `<script type="application/octet-stream" id="${id}">${base64}</script>`;
}

function pageOf(script: string, style: string): string {
  const icon = readFileSync(path('public/icon.svg')).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)} 'wasm-unsafe-eval'`,
    'worker-src blob:',
    `style-src ${hash(style)}`,
    'img-src data: blob:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  // What stands before <title> is the site's own head, so that both pages say the same.
  const head = readFileSync(path('index.html'), 'utf8')
    .replace(/<!--.*?-->\s*/gs, '')
    .replace(/(http-equiv="Content-Security-Policy"\s+content=)"[^"]*"/, (_all, before: string) => `${before}"${policy}"`)
    .replace(/<link[^>]*rel="icon"[^>]*>/, `<link rel="icon" href="data:image/svg+xml;base64,${icon}" />`)
    .replace(/\s*<link[^>]*rel="(manifest|apple-touch-icon)"[^>]*>/g, '');
  const [before = '', after = ''] = head.split(/\s*<script type="module"[^>]*><\/script>/);
  return [
    before.replace('</head>', () => `<style>${style}</style>\n  </head>`),
    `\n    ${carrier('core-first', packed('dropprof_bg.wasm'))}`,
    `\n    ${carrier('core-more', packed('dropprof_more.wasm'))}`,
    `\n    <script>${script}</script>`,
    after,
  ].join('');
}

/** Writes the page from the one script and the one style. */
function onePage(): Plugin {
  return {
    name: 'onefile-page',
    writeBundle(_options, bundle) {
      const outputs = Object.values(bundle);
      const scripts = outputs.flatMap((output) => (output.type === 'chunk' ? [output.code] : []));
      const styles = outputs.flatMap((output) =>
        output.type === 'asset' && output.fileName.endsWith('.css') ? [String(output.source)] : [],
      );
      const [script = '', style = ''] = [scripts[0], styles[0]];
      if (scripts.length !== 1 || styles.length !== 1) {
        throw new Error(`the page as one file has ${scripts.length} scripts and ${styles.length} styles`);
      }
      writeFileSync(path('../dist/onefile.html'), pageOf(inert(script), style));
    },
  };
}

export default defineConfig({
  base: './',
  publicDir: false,
  plugins: [elsewhere(), onePage()],
  build: {
    outDir: '../target/onefile',
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: path('src/onefile/main.ts'),
      output: { format: 'iife', codeSplitting: false },
      // The bundler's own helper for styles has one, on a way that a single style does not take.
      checks: { emptyImportMeta: false },
    },
  },
  worker: { format: 'iife', plugins: () => [elsewhere()] },
});
