/** What all views share: waiting, failing, and saying that they are drawn. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Answer } from '../core';
import { setReady } from '../state';
import type { ViewName } from '../state';
import './view.css';

/** Says that the view is drawn once this is in the document, and again for every other `of`. */
export function Drawn(props: { view: ViewName; of: unknown }): null {
  useEffect(() => setReady(props.view), [props.view, props.of]);
  return null;
}

interface Props<T> {
  answer: Answer<T>;
  children: (value: T) => ComponentChildren;
}

/** The answer drawn; its place is kept while it is on its way, and a refusal is told. */
export function Answered<T>(props: Props<T>): JSX.Element {
  const { value, loading, error } = props.answer;
  return (
    <div class="answered" aria-busy={loading}>
      {error !== '' && (
        <p class="view-error" role="alert">
          {error}
        </p>
      )}
      {value !== undefined && props.children(value)}
    </div>
  );
}
