/** Content of an older query: still to be seen, but no longer to be used. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

type Find = () => HTMLElement | null | undefined;

/** What is to have the focus once an element is no longer inert. */
const wanted = new WeakMap<Element, Find>();

/** Makes an element inert. The focus inside it would be lost: it comes back with the new content. */
export function useInert(element: RefObject<HTMLElement | null>, inert: boolean): void {
  const kept = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    const focused = document.activeElement;
    if (inert && focused instanceof HTMLElement && target.contains(focused)) kept.current = focused;
    target.inert = inert;
    if (inert) return;
    const next = wanted.get(target)?.() ?? kept.current;
    // Who has gone elsewhere meanwhile stays there; a control that got disabled still seems to have it.
    const isFree = focused === document.body || target.contains(focused);
    if (isFree && next?.isConnected === true) next.focus({ preventScroll: true });
    wanted.delete(target);
    kept.current = null;
  }, [inert]);
}

/** Gives the focus to what is found once the change being made is drawn; inside what is inert then, once it is not. */
export function focusSoon(find: Find): void {
  // Changes of the state are drawn before the next task.
  setTimeout(() => {
    const found = find();
    const inert = found?.closest('[inert]');
    if (inert == null) found?.focus();
    else wanted.set(inert, find);
  });
}
