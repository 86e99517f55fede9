// A layout as a view waits for it.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { knownLayout, layOut } from './engine';
import type { Job } from './engine';
import type { Laid, LayoutRequest } from './request';

/** How far a layout is. */
export interface Waiting {
  /** The layout of the request; undefined while there is none. */
  laid: Laid | undefined;
  /** When it was begun, by the page's clock. */
  since: number;
  /** Why there is none; empty while it may still come. */
  failure: string;
  cancelled: boolean;
  cancel: () => void;
  again: () => void;
}

interface State {
  of: LayoutRequest | null;
  attempt: number;
  laid?: Laid;
  since: number;
  failure: string;
  cancelled: boolean;
}

const NOTHING: State = { of: null, attempt: 0, since: 0, failure: '', cancelled: false };

/** Lays a request out; null is nothing to lay out. */
export function useLayout(request: LayoutRequest | null): Waiting {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<State>(NOTHING);
  const job = useRef<Job | null>(null);
  useLayoutEffect(() => {
    if (request === null) return undefined;
    const begun: State = { ...NOTHING, of: request, attempt, since: performance.now() };
    const laid = knownLayout(request);
    if (laid !== null) {
      setState({ ...begun, laid });
      return undefined;
    }
    setState(begun);
    const own = layOut(request);
    job.current = own;
    let current = true;
    own.laid.then(
      (found) => current && setState({ ...begun, laid: found }),
      (error: unknown) => current && setState({ ...begun, failure: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      current = false;
      own.cancel();
    };
  }, [request, attempt]);
  // The render that sees a new request comes before the effect.
  const shown = state.of === request ? state : { ...NOTHING, since: performance.now() };
  return {
    laid: shown.laid,
    since: shown.since,
    failure: shown.failure,
    cancelled: shown.cancelled,
    cancel: () => {
      job.current?.cancel();
      setState({ ...shown, of: request, cancelled: true });
    },
    again: () => setAttempt(attempt + 1),
  };
}
