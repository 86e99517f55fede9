/** A short explanation that appears when its anchor is hovered or focused, and leaves with Escape. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import './tip.css';

const GAP = 6;

interface Tip {
  /** Put on the anchor; together they make it explain itself. */
  anchor: {
    'aria-describedby': string;
    onMouseEnter: (event: MouseEvent) => void;
    onMouseLeave: () => void;
    onFocus: (event: FocusEvent) => void;
    onBlur: () => void;
  };
  /** Put anywhere beside the anchor. */
  bubble: JSX.Element;
}

/**
 * Makes an anchor explain itself. The bubble is a popover, so that no scroller clips it; it is in
 * the document at all times, so that assistive technology can read it without showing it.
 */
export function useTip(text: string): Tip {
  const id = useId();
  const bubble = useRef<HTMLSpanElement>(null);
  // One listener from showing to hiding, however often the anchor is drawn in between.
  const listening = useRef<AbortController | null>(null);
  const hide = (): void => {
    listening.current?.abort();
    listening.current = null;
    bubble.current?.hidePopover();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    // Dismissing the tip is all that this press does.
    event.preventDefault();
    event.stopPropagation();
    hide();
  };
  const show = (event: Event): void => {
    const element = bubble.current;
    if (element === null || text === '' || !(event.currentTarget instanceof Element)) return;
    element.showPopover();
    placeTip(element, event.currentTarget.getBoundingClientRect());
    listening.current?.abort();
    listening.current = new AbortController();
    // Before anybody else hears of the key.
    document.addEventListener('keydown', onKey, { capture: true, signal: listening.current.signal });
  };
  useEffect(() => () => listening.current?.abort(), []);
  return {
    anchor: {
      'aria-describedby': id,
      onMouseEnter: show,
      onMouseLeave: hide,
      onFocus: (event) => {
        // A click focuses too, but who clicks wants the action.
        if (event.currentTarget instanceof Element && event.currentTarget.matches(':focus-visible')) show(event);
      },
      onBlur: hide,
    },
    bubble: (
      <span ref={bubble} id={id} class="tip" role="tooltip" popover="manual">
        {text}
      </span>
    ),
  };
}

/** Puts it below the anchor, above it when there is no room, and never outside the window. */
export function placeTip(element: HTMLElement, anchor: DOMRect): void {
  const { width, height } = element.getBoundingClientRect();
  const left = Math.min(anchor.left, document.documentElement.clientWidth - width - GAP);
  const below = anchor.bottom + GAP;
  const top = below + height > window.innerHeight ? anchor.top - height - GAP : below;
  element.style.left = `${Math.max(GAP, left)}px`;
  element.style.top = `${Math.max(GAP, top)}px`;
}

/** Words that explain themselves on hover and focus. */
export function Explained(props: { text: string; children: ComponentChildren }): JSX.Element {
  const tip = useTip(props.text);
  return (
    <>
      <span class="explained" tabIndex={0} {...tip.anchor}>
        {props.children}
      </span>
      {tip.bubble}
    </>
  );
}
