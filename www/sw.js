// The page without a network: keeps the files of one build and answers with them.
//
// `cargo xtask build` writes the list and the version into dist/sw.js. Another build is another version,
// fetched while the old one goes on being shown; it takes over with the next visit. A profile is none of
// these files: whatever is opened from beside the page is fetched as if this were not here.

const VERSION = '';
const FILES = [];

const SCOPE = self.registration.scope;
const PREFIX = `dropprof ${SCOPE} `;
const NAME = PREFIX + VERSION;
const KEPT = new Set(FILES.map((file) => new URL(file, SCOPE).href));

async function keep() {
  const cache = await caches.open(NAME);
  // What has a hash in its name is taken from the browser's own cache, the rest is asked for anew.
  await cache.addAll(FILES.map((file) => new Request(new URL(file, SCOPE), { cache: file.startsWith('assets/') ? 'default' : 'no-cache' })));
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)));
}

/** The address of the file that a request is for; null for what is none of ours. */
function addressOf(request) {
  const url = new URL(request.url);
  url.search = url.hash = '';
  const address = url.href === SCOPE ? new URL('index.html', SCOPE).href : url.href;
  return KEPT.has(address) ? address : null;
}

async function answer(request, address) {
  const cache = await caches.open(NAME);
  const hit = await cache.match(address);
  // Some hosts redirect index.html, and a navigation may not be answered with what was redirected.
  if (hit?.redirected) return new Response(hit.body, { headers: hit.headers });
  return hit ?? fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(keep()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOthers()));
self.addEventListener('fetch', (event) => {
  const address = event.request.method === 'GET' ? addressOf(event.request) : null;
  if (address !== null) event.respondWith(answer(event.request, address));
});
