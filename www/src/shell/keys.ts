// The key table: every shortcut of the page, registered by whoever acts on it, listed by the help
// sheet. One place, so that the sheet cannot tell anything but the truth.

import { signal } from '@preact/signals';

/** A shortcut. */
export interface KeyAction {
  /**
   * `KeyboardEvent.key` values; any of them triggers. With Ctrl or Command the letter is small and
   * has `Ctrl+` before it, with Shift as well `Ctrl+Shift+`.
   */
  keys: readonly string[];
  /** How the help sheet writes them, when the key values themselves would not do. */
  shown?: string;
  /** What it does, for the help sheet. */
  label: string;
  /** Heading in the help sheet. */
  group: string;
  /** What the command palette calls it, where the sheet's words would not do alone; empty to leave it out. */
  command?: string;
  /** Why it can do nothing at the moment; empty when it can. */
  why?: () => string;
  /** Does it. Saying false leaves the key to the browser. */
  run: (event: KeyboardEvent) => void | boolean;
}

const actions = signal<readonly KeyAction[]>([]);

/** Every registered shortcut, oldest registration first. */
export const keyTable = actions;

/** Registers shortcuts and says how to take them back. Later ones win over earlier ones. */
export function registerKeys(added: readonly KeyAction[]): () => void {
  actions.value = [...actions.peek(), ...added];
  return () => {
    actions.value = actions.peek().filter((action) => !added.includes(action));
  };
}

/** The event's key as the table writes it. */
export function keyOf(event: KeyboardEvent): string {
  if (!event.ctrlKey && !event.metaKey) return event.shiftKey && /^F\d+$/.test(event.key) ? `Shift+${event.key}` : event.key;
  return `Ctrl+${event.shiftKey ? 'Shift+' : ''}${event.key.toLowerCase()}`;
}

/** Widgets that use every plain key themselves, Escape included. */
const TYPING = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]';
/** Widgets that use some keys themselves, and which. The table keeps away from those. */
const OWN_KEYS: readonly (readonly [selector: string, keys: readonly string[]])[] = [
  ['button, a, summary', ['Enter', ' ']],
  ['input', [' ']],
  ['[role=tablist]', ['ArrowLeft', 'ArrowRight', 'Home', 'End']],
  [
    '[role=grid], [role=listbox], [role=slider], [type=radio]',
    ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'Enter', ' '],
  ],
];

/** Whether a plain key is for the widget that has the focus. */
export function belongsToWidget(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (target === null || event.ctrlKey || event.metaKey) return false;
  if (target.closest(TYPING) !== null) return true;
  return OWN_KEYS.some(([selector, keys]) => keys.includes(event.key) && target.closest(selector) !== null);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  // An open dialog keeps the keyboard; Escape closes it by itself.
  if (belongsToWidget(event) || document.querySelector('dialog[open]') !== null) return;
  const key = keyOf(event);
  const table = actions.peek();
  for (let i = table.length - 1; i >= 0; i--) {
    const action = table[i];
    if (action?.keys.includes(key) === true && action.run(event) !== false) {
      event.preventDefault();
      return;
    }
  }
}

/** Listens to the keyboard. Called once at the start. */
export function startKeys(): void {
  document.addEventListener('keydown', onKeyDown);
}
