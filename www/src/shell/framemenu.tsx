// The menu of a box or row: filters by its function, and ways on.

import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { filterKind } from '../lib/filters';
import { showCallers, showInFlame, showSandwich, showSource } from '../table/show';
import { TRANSFORMS } from '../lib/steps';
import { applyTransform, choose, CHOSEN, chosenExpression, frameMenu, whyNot } from './choose';
import type { FrameMenu } from './choose';
import { copyText } from './howto';

/** Where the next or previous item is, round and round. */
function moveFocus(menu: HTMLElement, key: string): boolean {
  const items = [...menu.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const last = items.length - 1;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[key];
  if (to === undefined) return false;
  items[(to + items.length) % items.length]?.focus();
  return true;
}

interface Entry {
  label: string;
  about?: string;
  /** The key that does it while the menu is open. */
  letter?: string;
  /** Why it cannot be done here; empty when it can. */
  whyNot?: string;
  run: () => void;
}

function Item({ label, about, letter, whyNot = '', run }: Entry): JSX.Element {
  return (
    <button type="button" role="menuitem" class="menu-item" tabIndex={-1} title={whyNot || about} aria-disabled={whyNot !== ''}
      aria-keyshortcuts={letter} data-letter={letter}
      onClick={() => {
        if (whyNot !== '') return;
        frameMenu.value = null;
        run();
      }}>
      {label}
      {letter !== undefined && <kbd aria-hidden="true">{letter}</kbd>}
    </button>
  );
}

/** Does what has this letter; says false when nothing has it. */
function pressLetter(menu: HTMLElement, { key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || key.length !== 1) return false;
  const items = [...menu.querySelectorAll<HTMLElement>('[data-letter]')];
  const item = items.find((one) => one.dataset['letter'] === key);
  item?.click();
  return item !== undefined;
}

function Open({ name, asked, box, x, y }: FrameMenu): JSX.Element {
  const self = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const menu = self.current;
    if (menu === null) return;
    // Near an edge of the window it opens to the other side.
    menu.style.left = `${Math.max(4, Math.min(x, innerWidth - menu.offsetWidth - 4))}px`;
    menu.style.top = `${Math.max(4, Math.min(y, innerHeight - menu.offsetHeight - 4))}px`;
  }, [x, y]);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    self.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const away = (event: Event): void => {
      if (event.target instanceof Node && self.current?.contains(event.target) === true) return;
      frameMenu.value = null;
    };
    const stop = new AbortController();
    for (const type of ['pointerdown', 'wheel', 'resize', 'blur']) addEventListener(type, away, { signal: stop.signal, capture: true });
    return () => {
      stop.abort();
      if (before?.isConnected === true) before.focus({ preventScroll: true });
    };
  }, []);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab') frameMenu.value = null;
    else if (self.current === null || !(moveFocus(self.current, event.key) || pressLetter(self.current, event))) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const filters = chosenExpression(name) === '' ? [] : CHOSEN;
  return (
    <div ref={self} class="frame-menu" role="menu" aria-label={name.full} onKeyDown={onKey}>
      {filters.map((filter) => (
        <Item key={filter} label={filterKind(filter).label} about={filterKind(filter).about} run={() => choose(filter, name)} />
      ))}
      {filters.length > 0 && <hr />}
      {TRANSFORMS.map((kind) => (
        <Item key={kind.name} label={kind.label} about={kind.about} letter={kind.letter} whyNot={whyNot(kind.name, name, box)}
          run={() => void applyTransform(kind.name, name, asked, box)} />
      ))}
      <hr />
      <Item label="Flame graph" run={() => void showInFlame(name, asked)} />
      <Item label="Sandwich" about="Flame graphs of its callers and its callees" run={() => showSandwich(name, asked)} />
      <Item label="Callers & callees" run={() => showCallers(name, asked)} />
      <Item label="Source" run={() => showSource(name, asked)} />
      <Item label="Copy name" run={() => void copyText(name.full)} />
    </div>
  );
}

/** The menu, when it is open. */
export function FrameMenuView(): JSX.Element | null {
  const open = frameMenu.value;
  return open === null ? null : <Open key={`${open.x},${open.y}`} {...open} />;
}
