// The menu of a box or row, or of several rows: filters by its function, and ways on. Each item has a letter.

import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { countText } from '../lib/bytes';
import { frameMenu } from './choose';
import type { FrameMenu } from './choose';
import { MENU_ITEMS } from './frameitems';
import type { MenuItem } from './frameitems';
import { listenForLongPress } from './longpress';

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

/** The items that a menu can have. */
function itemsFor(menu: FrameMenu): MenuItem[] {
  return MENU_ITEMS.filter((item) => (menu.several.length === 0 || item.several === true) && item.fits?.(menu) !== false);
}

function runItem(item: MenuItem, menu: FrameMenu): void {
  if ((item.why?.(menu) ?? '') !== '') return;
  frameMenu.value = null;
  item.run(menu);
}

function Item({ item, menu }: { item: MenuItem; menu: FrameMenu }): JSX.Element {
  const why = item.why?.(menu) ?? '';
  return (
    <button type="button" role="menuitem" class="menu-item" tabIndex={-1} title={why || item.about} aria-keyshortcuts={item.letter}
      aria-disabled={why !== ''} onClick={() => runItem(item, menu)}>
      {item.label}
      <kbd aria-hidden="true">{item.letter}</kbd>
    </button>
  );
}

function Open(menu: FrameMenu): JSX.Element {
  const { name, several, x, y } = menu;
  const items = itemsFor(menu);
  const self = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = self.current;
    if (element === null) return;
    // Near an edge of the window it opens to the other side.
    element.style.left = `${Math.max(4, Math.min(x, innerWidth - element.offsetWidth - 4))}px`;
    element.style.top = `${Math.max(4, Math.min(y, innerHeight - element.offsetHeight - 4))}px`;
  }, [x, y]);
  // At once: what is pressed next is for the menu.
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    self.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const away = (event: Event): void => {
      const inside = event.target instanceof Node && self.current?.contains(event.target) === true;
      // Of the blurs only that of the window counts: a tap takes the focus before it presses an item.
      if (inside || (event.type === 'blur' && event.target instanceof Node)) return;
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
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const lettered = plain ? items.find((item) => item.letter === event.key) : undefined;
    if (event.key === 'Escape' || event.key === 'Tab') frameMenu.value = null;
    else if (lettered !== undefined) runItem(lettered, menu);
    else if (self.current === null || !moveFocus(self.current, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const whom = several.length > 0 ? `${countText(several.length)} rows` : name.full;
  return (
    <div ref={self} class="frame-menu" role="menu" aria-label={whom} onKeyDown={onKey}>
      {several.length > 0 && <p class="menu-whom" role="presentation">{whom}</p>}
      {items.map((item, at) => [
        at > 0 && items[at - 1]?.group !== item.group && <hr key={`before ${item.letter}`} />,
        <Item key={item.letter} item={item} menu={menu} />,
      ])}
    </div>
  );
}

/** The menu, when it is open. */
export function FrameMenuView(): JSX.Element | null {
  const open = frameMenu.value;
  useEffect(listenForLongPress, []);
  return open === null ? null : <Open key={`${open.x},${open.y}`} {...open} />;
}
