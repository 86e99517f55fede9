// The page's side of the layout worker: one layout at a time, the last ones remembered.

import { newLayout } from './newlayout';
import { unpack } from './pack';
import type { Laid, LayoutRequest } from './request';
import type { Reply } from './worker';

/** Layouts remembered, so that going back to a graph costs nothing. */
const KEPT = 4;

const known: { request: LayoutRequest; key: string; laid: Laid }[] = [];
let worker: Worker | undefined;

/** What a request says. Small ones are known again by it, when the same graph is asked for anew. */
function keyOf(request: LayoutRequest): string {
  return request.plain ? '' : JSON.stringify(request);
}

function remember(request: LayoutRequest, laid: Laid): void {
  known.push({ request, key: keyOf(request), laid });
  if (known.length > KEPT) known.shift();
}

/** A layout under way. */
export interface Job {
  /** Rejected when it cannot be made; never settled after a cancel. */
  laid: Promise<Laid>;
  /** Ends it; without effect once it is done. */
  cancel(): void;
}

/** The layout of a request that was made before; null when it was not. */
export function knownLayout(request: LayoutRequest): Laid | null {
  const key = keyOf(request);
  return known.find((one) => one.request === request || (key !== '' && one.key === key))?.laid ?? null;
}

/** Lays a graph out. One that is still under way is given up: nobody waits for it. */
export function layOut(request: LayoutRequest): Job {
  const engine = (worker ??= newLayout());
  let done = false;
  const end = (): void => {
    if (done) return;
    done = true;
    // There is no other way to stop what it is doing.
    engine.terminate();
    if (worker === engine) worker = undefined;
  };
  const laid = new Promise<Laid>((resolve, reject) => {
    engine.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (done) return;
      done = true;
      if ('laid' in data) {
        const found = unpack(data.laid);
        remember(request, found);
        resolve(found);
      } else {
        // A fetch that failed is remembered by the worker: the next one starts anew.
        done = false;
        end();
        reject(new Error(data.failure));
      }
    };
    engine.onerror = (event) => {
      event.preventDefault();
      if (done) return;
      end();
      reject(new Error(event.message || 'the layout could not be started'));
    };
    engine.postMessage(request);
  });
  return { laid, cancel: end };
}
