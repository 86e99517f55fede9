/** What is to be known of a figure: a mark beside it, and its words on hover and focus. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { placeTip } from '../../table/tip';

/**
 * The mark. In rows it is no tab stop: a table has thousands of them, and what the selected row has to say
 * stands beside the table in full.
 */
export function Mark(props: { notes: readonly string[]; tab?: boolean }): JSX.Element | null {
  const text = props.notes.filter((note) => note !== '').join(' ');
  if (text === '') return null;
  return (
    <span class="bench-mark" role="note" aria-label={text} data-note={text} tabIndex={props.tab === true ? 0 : -1}>
      *
    </span>
  );
}

/** One bubble for all marks inside an element: a table has hundreds of them. */
export function Notes(): JSX.Element {
  const self = useRef<HTMLDivElement>(null);
  const [text, setText] = useState('');
  const anchor = useRef<Element | null>(null);
  useEffect(() => {
    const root = self.current?.parentElement;
    if (root == null) return undefined;
    const stop = new AbortController();
    const show = (event: Event): void => {
      const marked = event.target instanceof Element ? event.target.closest('[data-note]') : null;
      anchor.current = marked;
      setText(marked?.getAttribute('data-note') ?? '');
    };
    const hide = (): void => setText('');
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || self.current?.matches(':popover-open') !== true) return;
      // Dismissing it is all that this press does.
      event.preventDefault();
      event.stopPropagation();
      hide();
    };
    root.addEventListener('pointerover', show, stop);
    root.addEventListener('pointerleave', hide, stop);
    root.addEventListener('focusin', show, stop);
    root.addEventListener('focusout', hide, stop);
    root.addEventListener('scroll', hide, { capture: true, signal: stop.signal });
    document.addEventListener('keydown', onKey, { capture: true, signal: stop.signal });
    return () => stop.abort();
  }, []);
  useEffect(() => {
    const element = self.current;
    if (element === null) return;
    if (text === '' || anchor.current?.isConnected !== true) {
      element.hidePopover();
      return;
    }
    element.showPopover();
    placeTip(element, anchor.current.getBoundingClientRect());
  }, [text]);
  return (
    <div ref={self} class="tip" popover="manual" aria-hidden="true">
      {text}
    </div>
  );
}
