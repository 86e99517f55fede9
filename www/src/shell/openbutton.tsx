// The file chooser: one input for the whole page, opened by every "Open files" button.

import type { JSX } from 'preact';
import { receive } from '../receive';
import { Icon } from './icons';

const INPUT_ID = 'open-files';

/** The input itself; rendered once. No tab stop: the buttons that open it are. */
export function FileInput(): JSX.Element {
  const change = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    void receive({ files: [...(input.files ?? [])], more: false, unreadable: 0 });
    // The same file can be chosen again, e.g. after it was closed.
    input.value = '';
  };
  return (
    <input id={INPUT_ID} class="hidden-visually" type="file" multiple tabIndex={-1} aria-label="Open files"
      onChange={change} />
  );
}

/** Shows the system's file dialog. Works only in answer to a key or click. */
export function chooseFiles(): void {
  (document.getElementById(INPUT_ID) as HTMLInputElement | null)?.click();
}

/** A button that opens files. */
export function OpenButton({ primary, short }: { primary?: boolean; short?: boolean }): JSX.Element {
  return (
    <button type="button" class={primary === true ? 'button primary' : 'button'} onClick={chooseFiles}>
      <Icon name="open" />
      {short === true ? 'Open' : 'Open files…'}
    </button>
  );
}
