// Dropping files anywhere, in any state of the page, also whole folders.

import type { JSX } from 'preact';
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { openFiles } from '../session';
import { Icon } from './icons';

/** A folder may hold a whole repository; past this many files it was not meant to be dropped. */
const MOST_FILES = 500;

const hovering = signal(false);

function entryFile(entry: FileSystemFileEntry): Promise<File[]> {
  return new Promise((resolve) => entry.file((file) => resolve([file]), () => resolve([])));
}

/** Entries of a folder; the browser hands them out a hundred at a time. */
function nextEntries(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
}

/** All files under the entries, breadth first, without hidden ones inside folders. */
async function collect(entries: readonly FileSystemEntry[]): Promise<File[]> {
  const files: File[] = [];
  const queue = [...entries];
  for (let entry = queue.shift(); entry !== undefined && files.length < MOST_FILES; entry = queue.shift()) {
    if (entry.isFile) files.push(...(await entryFile(entry as FileSystemFileEntry)));
    else {
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      for (let some = await nextEntries(reader); some.length > 0; some = await nextEntries(reader)) {
        queue.push(...some.filter((one) => !one.name.startsWith('.')));
      }
    }
  }
  return files;
}

/** Files of a drop. The items are only valid during the event, so entries are taken at once. */
function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items]
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry());
  const known = entries.filter((entry) => entry !== null);
  const folders = known.some((entry) => entry.isDirectory);
  // Without a folder the plain list is complete, and it exists in browsers without entries as well.
  return folders ? collect(known) : Promise.resolve([...data.files]);
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

function drop(event: DragEvent): void {
  hovering.value = false;
  if (!hasFiles(event) || event.dataTransfer === null) return;
  event.preventDefault();
  void droppedFiles(event.dataTransfer).then(openFiles);
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
