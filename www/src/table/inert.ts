/** Content of an older query: still to be seen, but no longer to be used. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Makes an element inert. The focus inside it would be lost: it comes back with the new content. */
export function useInert(element: RefObject<HTMLElement | null>, inert: boolean): void {
  const kept = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    const focused = document.activeElement;
    if (inert && focused instanceof HTMLElement && target.contains(focused)) kept.current = focused;
    target.inert = inert;
    if (inert || kept.current === null) return;
    if (document.activeElement === document.body && kept.current.isConnected) kept.current.focus({ preventScroll: true });
    kept.current = null;
  }, [inert]);
}
