// The layout's thread. Graphviz is fetched when it is first asked for.

import { fromJson, toDot } from './dot';
import { pack } from './pack';
import type { Packed } from './pack';
import { layOutPlainly } from './plain';
import type { Laid, LayoutRequest } from './request';

/** What the worker says: a layout, or why there is none. */
export type Reply = { laid: Packed } | { failure: string };

// The DOM typings describe `self` as a window; `Worker` has the postMessage that is meant here.
const port = self as unknown as Worker;

async function layOut(request: LayoutRequest): Promise<Laid> {
  if (request.plain) return layOutPlainly(request);
  const { instance } = await import('@viz-js/viz');
  const graphviz = await instance();
  return fromJson(graphviz.renderString(toDot(request), { engine: 'dot', format: 'json0' }), request);
}

self.addEventListener('message', (event: MessageEvent<LayoutRequest>) => {
  layOut(event.data).then(
    (found) => {
      const [laid, buffers] = pack(found);
      port.postMessage({ laid } satisfies Reply, buffers);
    },
    (error: unknown) => port.postMessage({ failure: error instanceof Error ? error.message : String(error) } satisfies Reply),
  );
});
