// Views that are no part of the first load: each is fetched when it is first shown, or once the page has
// nothing else to do, so that it is there when the network is gone.

import { signal } from '@preact/signals';
import type { FunctionComponent, JSX } from 'preact';
import { useEffect } from 'preact/hooks';

/** Milliseconds that a profile is shown before views that nobody has asked for are fetched. */
const IDLE = 2000;

/** How each of them is fetched, in the order of their tabs. */
const fetches: (() => Promise<void>)[] = [];

/**
 * A view in the place of one that `load` fetches. Fetched once it stays, so that going back to it is as quick
 * as to any other. Until then its place is kept empty, as that of an answer is; `place` is the class of another one.
 */
export function lazyView<P extends object = object>(load: () => Promise<FunctionComponent<P>>, place = 'answered'): FunctionComponent<P> {
  const fetched = signal<FunctionComponent<P> | null>(null);
  const failure = signal('');
  let coming = false;
  const get = async (): Promise<void> => {
    if (coming || fetched.peek() !== null) return;
    coming = true;
    try {
      if (failure.peek() !== '') await fetchStylesAgain();
      fetched.value = await load();
      failure.value = '';
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
    }
    coming = false;
  };
  fetches.push(get);
  return function LazyView(props: P): JSX.Element {
    useEffect(() => void get(), []);
    const View = fetched.value;
    if (View !== null) return <View {...props} />;
    return <div class={place} aria-busy="true">{failure.value !== '' && <Failed reason={failure.value} again={get} />}</div>;
  };
}

function Failed(props: { reason: string; again: () => Promise<void> }): JSX.Element {
  return (
    <p class="view-error" role="alert">
      A part of this page could not be fetched ({props.reason}).{' '}
      <button type="button" class="link" onClick={() => void props.again()}>
        Try again
      </button>
    </p>
  );
}

/** Styles that could not be fetched: the bundler's helper asks for each of them once and never again. */
const failedStyles = new Set<HTMLLinkElement>();

function noteFailure({ target }: Event): void {
  if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') failedStyles.add(target);
}

async function fetchStylesAgain(): Promise<void> {
  const failed = [...failedStyles];
  failedStyles.clear();
  await Promise.all(failed.map(fetchStyle));
}

function fetchStyle(failed: HTMLLinkElement): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = failed.cloneNode() as HTMLLinkElement;
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(`no answer for ${link.href}`));
    failed.replaceWith(link);
  });
}

/** Fetches the views that nobody has asked for yet, one after the other, once the first picture is drawn. */
export function fetchWhenIdle(): () => void {
  const timer = setTimeout(() => void fetchAll(), IDLE);
  return () => clearTimeout(timer);
}

/** Called once at the start. Failures of links do not bubble. */
export function startLazy(): void {
  addEventListener('error', noteFailure, true);
}

async function fetchAll(): Promise<void> {
  for (const get of fetches) await get();
}
