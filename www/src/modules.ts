// Where the worker gets the core's two modules from: the site. The page that is one file has its own of this.

/** The first half as the glue takes it; without one the glue fetches what lies beside it. */
export async function firstModule(): Promise<BufferSource | undefined> {
  return undefined;
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
