// The help sheet and the "How do I get a profile?" sheet.

import type { ComponentChildren, JSX } from 'preact';
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { HowTo } from './howto';
import { Icon } from './icons';
import { keyTable } from './keys';
import type { KeyAction } from './keys';

/** The sheet that is open. */
export const sheet = signal<'keys' | 'howto' | null>(null);

function Sheet({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  const self = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    self.current?.showModal();
  }, []);
  const outside = (event: MouseEvent): void => {
    if (event.target === self.current) self.current?.close();
  };
  return (
    <dialog ref={self} class="sheet" aria-label={title} onClose={() => (sheet.value = null)} onClick={outside}>
      <div class="sheet-in">
        <header>
          <h2>{title}</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={() => self.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

const KEY_NAMES: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  ' ': 'Space',
};

function keyName(key: string): string {
  const [, ctrl, rest = key] = /^(Ctrl\+)(.+)$/.exec(key) ?? [];
  if (ctrl !== undefined) return `Ctrl ${rest.toUpperCase()}`;
  return KEY_NAMES[key] ?? key;
}

function KeyRow({ action }: { action: KeyAction }): JSX.Element {
  const shown = action.shown?.split(' ') ?? action.keys.map(keyName);
  return (
    <div>
      <dt>
        {shown.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{action.label}</dd>
    </div>
  );
}

function KeySheet(): JSX.Element {
  const table = keyTable.value.filter((action) => action.label !== '');
  const groups = [...new Set(table.map((action) => action.group))];
  return (
    <Sheet title="Keyboard">
      <div class="keys">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {table
                .filter((action) => action.group === group)
                .map((action) => (
                  <KeyRow key={action.label} action={action} />
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Sheet>
  );
}

/** Whichever sheet is open. */
export function Sheets(): JSX.Element | null {
  switch (sheet.value) {
    case 'keys':
      return <KeySheet />;
    case 'howto':
      return (
        <Sheet title="How do I get a profile?">
          <HowTo />
        </Sheet>
      );
    case null:
      return null;
  }
}
