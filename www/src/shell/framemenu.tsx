// The menu of a box or row: filters by its function, and ways on.

import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { filterKind } from '../lib/filters';
import { showCallers, showInFlame } from '../table/show';
import { choose, CHOSEN, chosenExpression, frameMenu } from './choose';
import type { FrameMenu } from './choose';
import { copyText } from './copytext';

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

function Item({ label, about, run }: { label: string; about?: string; run: () => void }): JSX.Element {
  return (
    <button type="button" role="menuitem" class="menu-item" tabIndex={-1} title={about}
      onClick={() => {
        frameMenu.value = null;
        run();
      }}>
      {label}
    </button>
  );
}

function Open({ name, asked, x, y }: FrameMenu): JSX.Element {
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
    else if (self.current === null || !moveFocus(self.current, event.key)) return;
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
      <Item label="Flame graph" run={() => void showInFlame(name, asked)} />
      <Item label="Callers & callees" run={() => showCallers(name, asked)} />
      <Item label="Copy name" run={() => void copyText(name.full)} />
    </div>
  );
}

/** The menu, when it is open. */
export function FrameMenuView(): JSX.Element | null {
  const open = frameMenu.value;
  return open === null ? null : <Open key={`${open.x},${open.y}`} {...open} />;
}
