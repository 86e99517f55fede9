// The panels that open under the filter bar; at most one is open.

import { signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { StepName } from '../lib/steps';
import { registerKeys } from './keys';

/** Which panel is open. */
export type OpenPanel =
  /** `at` is the place of the step that is changed; -1 to add one. */
  | { is: 'filter'; name: StepName; expression: string; at: number }
  | { is: 'module' }
  | { is: 'options' }
  | { is: 'save' };

/** The open panel; null for none. */
export const panel = signal<OpenPanel | null>(null);

/** What had the focus before the panel opened, and gets it back. */
let opener: HTMLElement | null = null;

/** Opens a panel. */
export function openPanel(which: OpenPanel): void {
  if (panel.peek() === null) opener = document.activeElement as HTMLElement | null;
  panel.value = which;
}

/** Closes the panel; the focus goes back to where it came from. */
export function closePanel(): void {
  if (panel.peek() === null) return;
  panel.value = null;
  if (opener?.isConnected === true) opener.focus();
  opener = null;
}

/** Opens a panel, or closes it when it is the open one. */
export function togglePanel(which: OpenPanel): void {
  if (panel.peek()?.is === which.is) closePanel();
  else openPanel(which);
}

interface Props {
  label: string;
  /** It hangs from the right end of the bar. */
  right?: boolean;
  children: ComponentChildren;
}

/** The frame of a panel. Escape and a press elsewhere close it. */
export function Panel({ label, right, children }: Props): JSX.Element {
  const self = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      const target = event.target as Element;
      if (self.current?.contains(target) === true || target.closest('[data-panel]') !== null) return;
      // The press itself decides where the focus goes.
      panel.value = null;
    };
    document.addEventListener('pointerdown', outside);
    // For the focus elsewhere; the key sheet does not list it.
    const giveBack = registerKeys([{ keys: ['Escape'], label: '', group: '', run: closePanel }]);
    return () => {
      document.removeEventListener('pointerdown', outside);
      giveBack();
    };
  }, []);
  useLayoutEffect(() => {
    // Under a tall row, in a low window, it covers as much of the row as it needs.
    const over = (self.current?.getBoundingClientRect().bottom ?? 0) + 8 - innerHeight;
    if (over > 0 && self.current !== null) self.current.style.marginTop = `${-over}px`;
  }, []);
  const escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    closePanel();
  };
  return (
    <div ref={self} class={right === true ? 'panel right' : 'panel'} role="dialog" aria-label={label} onKeyDown={escape}>
      {children}
    </div>
  );
}
