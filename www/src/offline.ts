// The service worker, by which the page can be opened without a network and installed.

import { IS_ONE_FILE } from './host';

/** Milliseconds after the start: the first picture comes before what is kept for another visit. */
const LATER = 4000;

/** Has the page kept for visits without a network, once there is nothing more urgent. Where it cannot be, nothing changes. */
export function keepForOffline(): void {
  // Only safe origins have such a thing; a page from the disk is none.
  if (IS_ONE_FILE || !('serviceWorker' in navigator) || navigator.serviceWorker === undefined) return;
  setTimeout(() => {
    navigator.serviceWorker.register(new URL('sw.js', document.baseURI)).catch(() => {});
  }, LATER);
}
