// Where the page lives: a site. The page that is one file has its own of this, see `onefile/host.ts`.

import workerUrl from './worker.ts?worker&url';

/** Whether the page, its core and a profile are one file, which cannot fetch anything. */
export const IS_ONE_FILE: boolean = false;

/**
 * Starts the worker from a one-line blob module. A worker fetched from its own URL would be bound
 * by the headers of that response, which a static host does not set; one made from a blob inherits
 * the page's Content-Security-Policy, so `connect-src 'self'` holds where the data is, too.
 */
export function newWorker(): Worker {
  const source = `import ${JSON.stringify(new URL(workerUrl, import.meta.url).href)};`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  return new Worker(url, { type: 'module', name: 'dropprof' });
}

/** The page as one file without a profile: a part of the site that is fetched when it is asked for. */
export async function emptyPage(): Promise<string> {
  const response = await fetch(new URL('onefile.html', document.baseURI));
  if (!response.ok) throw new Error(`the server answered ${response.status} for onefile.html`);
  return response.text();
}
