// Files of a dropped folder, read entry by entry. No DOM but the types of the entries.

import { isSourceName } from './sourcename';

/** A source file: only its path is known until it is opened. */
export interface FoundSource {
  /** Path from the dropped folder on, with its name. */
  path: string;
  open: () => Promise<File>;
}

/** What was found. */
export interface Found {
  files: File[];
  /** Source files inside folders; they are not among `files`. */
  sources?: readonly FoundSource[];
  /** Those of `files` that were inside folders. */
  inFolders?: ReadonlySet<File>;
  /** There were more files than were wanted. */
  more: boolean;
  /** Files and folders that the browser could not read. */
  unreadable: number;
}

/** Source files looked for: a disk is not to be searched. */
const MOST_SOURCES = 100_000;

function fileOf(entry: FileSystemFileEntry): Promise<File | null> {
  return new Promise((resolve) => entry.file(resolve, () => resolve(null)));
}

/** Entries of a folder, null for no more to be had; the browser hands them out a hundred at a time. */
function nextOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[] | null> {
  return new Promise((resolve) => reader.readEntries(resolve, () => resolve(null)));
}

function sourceOf(entry: FileSystemFileEntry): FoundSource {
  const open = (): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject));
  return { path: entry.fullPath.replace(/^\//, ''), open };
}

/**
 * The first `most` files under the entries, breadth first, without hidden ones inside folders; and the source
 * files there, which do not count.
 */
export async function filesUnder(entries: readonly FileSystemEntry[], most: number): Promise<Found> {
  const files: File[] = [];
  const sources: FoundSource[] = [];
  const inFolders = new Set<File>();
  let unreadable = 0;
  let more = false;
  const queue = [...entries];
  const roots = entries.length;
  // By place, not by taking from the front: a tree of sources has tens of thousands of entries.
  for (let at = 0; at < queue.length && sources.length < MOST_SOURCES; at++) {
    const entry = queue[at] as FileSystemEntry;
    if (entry.isFile && at >= roots && isSourceName(entry.name)) {
      sources.push(sourceOf(entry as FileSystemFileEntry));
    } else if (entry.isFile) {
      // One more than wanted is looked for: only then it is certain that something is left out.
      more ||= files.length >= most;
      if (more) {
        if (sources.length === 0) break;
        continue;
      }
      const file = await fileOf(entry as FileSystemFileEntry);
      if (file === null) unreadable++;
      else {
        files.push(file);
        if (at >= roots) inFolders.add(file);
      }
    } else {
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      let some = await nextOf(reader);
      for (; some !== null && some.length > 0; some = await nextOf(reader)) {
        queue.push(...some.filter((one) => !one.name.startsWith('.')));
      }
      if (some === null) unreadable++;
    }
  }
  return { files, sources, inFolders, more, unreadable };
}
