// Dropping files anywhere, in any state of the page, also whole folders.

import type { JSX } from 'preact';
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { countText } from '../lib/bytes';
import { filesUnder } from '../lib/entries';
import type { Found } from '../lib/entries';
import { receive } from '../receive';
import { notice } from '../session';
import { Icon } from './icons';

/** A folder may hold a whole repository; past this many files it was not meant to be dropped. */
const MOST_FILES = 500;

const hovering = signal(false);

/** Files of a drop. The items are only valid during the event, so entries are taken at once. */
function droppedFiles(data: DataTransfer): Promise<Found> {
  const entries = [...data.items]
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry());
  const known = entries.filter((entry) => entry !== null);
  const folders = known.some((entry) => entry.isDirectory);
  // Without a folder the plain list is complete, and it exists in browsers without entries as well.
  return folders
    ? filesUnder(known, MOST_FILES)
    : Promise.resolve({ files: [...data.files], more: false, unreadable: 0 });
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}

function over(event: DragEvent): void {
  if (!hasFiles(event)) return;
  event.preventDefault();
  if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
  hovering.value = true;
}

function leave(event: DragEvent): void {
  // Leaving the window has no related target; moving between elements has one.
  if (event.relatedTarget === null) hovering.value = false;
}

/** What did not come along; empty when everything did. */
function lossText({ more, unreadable, sources }: Found): string {
  const said: string[] = [];
  // Beside sources most files are neither: that some were not looked at says nothing.
  if (more && (sources ?? []).length === 0) said.push(`More than ${MOST_FILES} files were dropped; the first ${MOST_FILES} were opened.`);
  if (unreadable > 0) said.push(`The browser could not read ${countText(unreadable)} of what was dropped.`);
  return said.join(' ');
}

/** Opens them, and says what was lost on the way. */
async function open(found: Found): Promise<void> {
  await receive(found);
  const lost = lossText(found);
  if (lost !== '') notice.value = lost;
}

function drop(event: DragEvent): void {
  hovering.value = false;
  if (!hasFiles(event) || event.dataTransfer === null) return;
  event.preventDefault();
  void droppedFiles(event.dataTransfer).then(open);
}

/** Listens on the whole window, and shows that dropping would work. */
export function DropTarget(): JSX.Element | null {
  useEffect(() => {
    const events = { dragover: over, dragenter: over, dragleave: leave, drop } as const;
    const entries = Object.entries(events) as [keyof typeof events, (event: DragEvent) => void][];
    for (const [name, listener] of entries) addEventListener(name, listener);
    return () => {
      for (const [name, listener] of entries) removeEventListener(name, listener);
    };
  }, []);
  if (!hovering.value) return null;
  return (
    <div class="drop-veil" aria-hidden="true">
      <p>
        <Icon name="drop" />
        Drop to open
      </p>
    </div>
  );
}
