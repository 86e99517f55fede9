// The sheets that lie over the page, one at a time. None of them is part of the first load.

import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Glossary } from './glossary';
import { HowTo } from './howto';
import { Icon } from './icons';
import { KeySheet } from './keysheet';
import { Palette } from './palette';
import { SettingsSheet } from './settingsheet';
import { closeSheet, sheet } from './sheets';
import type { SheetName } from './sheets';
import './sheets.css';

interface Props {
  name: SheetName;
  title: string;
  children: ComponentChildren;
}

function Sheet({ name, title, children }: Props): JSX.Element {
  const self = useRef<HTMLDialogElement>(null);
  const close = (): void => closeSheet(name, self.current);
  // At once: what is pressed next is for the sheet.
  useLayoutEffect(() => {
    self.current?.showModal();
  }, []);
  const outside = (event: MouseEvent): void => {
    if (event.target === self.current) close();
  };
  const escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    close();
  };
  return (
    <dialog ref={self} class="sheet" aria-label={title} onClose={close} onClick={outside} onKeyDown={escape}>
      <div class="sheet-in">
        <header>
          <h2>{title}</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** Whichever sheet is open. */
export function OpenSheet(): JSX.Element | null {
  // Each is another dialog: one that follows another must not take over its element.
  switch (sheet.value) {
    case 'palette':
      return <Palette key="palette" />;
    case 'keys':
      return (
        <Sheet key="keys" name="keys" title="Keys and gestures">
          <KeySheet />
        </Sheet>
      );
    case 'settings':
      return (
        <Sheet key="settings" name="settings" title="Settings">
          <SettingsSheet />
        </Sheet>
      );
    case 'terms':
      return (
        <Sheet key="terms" name="terms" title="What is what">
          <Glossary />
        </Sheet>
      );
    case 'howto':
      return (
        <Sheet key="howto" name="howto" title="How do I get a profile?">
          <HowTo />
        </Sheet>
      );
    case null:
      return null;
  }
}
