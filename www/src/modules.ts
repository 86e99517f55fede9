// Where the worker gets the core's two modules from: the site. The page that is one file has its own of this.

const FIRST = new URL('./pkg/dropprof_bg.wasm', import.meta.url);

/** The first half, compiled while it comes, or what is to be compiled. */
export async function firstModule(): Promise<BufferSource | WebAssembly.Module> {
  const response = await fetch(FIRST);
  if (!response.ok) throw new Error(`status ${response.status}`);
  // Compiling what comes is only for servers that say what it is.
  return /wasm/.test(response.headers.get('Content-Type') ?? '') ? WebAssembly.compileStreaming(response) : response.arrayBuffer();
}

const ADDRESS = new URL('./pkg/dropprof_more.wasm', import.meta.url);

/** The bytes of the second half. */
export async function secondModule(): Promise<ArrayBuffer> {
  const response = await fetch(ADDRESS);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.arrayBuffer();
}

/** The same without waiting; it blocks. */
export function secondModuleNow(): ArrayBuffer {
  const request = new XMLHttpRequest();
  request.open('GET', ADDRESS, false);
  request.responseType = 'arraybuffer';
  request.send();
  if (request.status !== 200) throw new Error(`status ${request.status}`);
  return request.response as ArrayBuffer;
}
