// How keys are written for people.

import type { KeyAction } from './keys';

const NAMES: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  ContextMenu: 'Menu',
  ' ': 'Space',
};

/** A key as the table has it, as it is written on a keyboard. */
function keyName(key: string): string {
  const [, modifiers = '', last = key] = /^((?:Ctrl\+|Shift\+)*)(.+)$/.exec(key) ?? [];
  const name = NAMES[last] ?? (modifiers === '' ? last : last.toUpperCase());
  return modifiers.replaceAll('+', ' ') + name;
}

/** The keys of an action, one by one. */
export function keysOf({ keys, shown }: Pick<KeyAction, 'keys' | 'shown'>): string[] {
  return shown?.split(' ') ?? keys.map(keyName);
}
