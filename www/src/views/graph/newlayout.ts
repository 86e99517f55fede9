// Starts the layout worker. The page that is one file has its own of this, see `onefile/newlayout.ts`.

import workerUrl from './worker.ts?worker&url';

/** From a blob, as the core's: it inherits the page's policy, see `newWorker` of src/host.ts. */
export function newLayout(): Worker {
  const source = `import ${JSON.stringify(new URL(workerUrl, import.meta.url).href)};`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url, { type: 'module', name: 'layout' });
  // One is started anew after every cancel; the worker has read its line by the time it speaks.
  worker.addEventListener('message', () => URL.revokeObjectURL(url), { once: true });
  return worker;
}
