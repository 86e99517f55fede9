/** What all views share: waiting, failing, and saying that they are drawn. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Answer, Query } from '../core';
import { query, setReady } from '../state';
import type { ViewName } from '../state';
import { Asked } from './asked';
import { useInert } from './inert';
import './view.css';

/** Says that the view is drawn once this is in the document, and again for every other `of`. */
export function Drawn(props: { view: ViewName; of: unknown }): null {
  useEffect(() => setReady(props.view), [props.view, props.of]);
  return null;
}

interface Props<T> {
  /** Without `asked` it is about no query, and never outlived by one. */
  answer: Answer<T> & { asked?: Query | null };
  children: (value: T) => ComponentChildren;
}

/** The answer drawn; its place is kept while it is on its way, and a refusal is told. */
export function Answered<T>(props: Props<T>): JSX.Element {
  const { value, loading, error, asked } = props.answer;
  const self = useRef<HTMLDivElement>(null);
  // Another order of the same rows can be waited for; rows of another query cannot be used.
  useInert(self, value !== undefined && asked !== undefined && asked !== query.value);
  return (
    <div ref={self} class="answered" aria-busy={loading}>
      {error !== '' && (
        <p class="view-error" role="alert">
          {error}
        </p>
      )}
      {value !== undefined && <Asked.Provider value={asked ?? null}>{props.children(value)}</Asked.Provider>}
    </div>
  );
}
