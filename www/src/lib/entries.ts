// Files of a dropped folder, read entry by entry. No DOM but the types of the entries.

/** What was found. */
export interface Found {
  files: File[];
  /** There were more files than were wanted. */
  more: boolean;
  /** Files and folders that the browser could not read. */
  unreadable: number;
}

function fileOf(entry: FileSystemFileEntry): Promise<File | null> {
  return new Promise((resolve) => entry.file(resolve, () => resolve(null)));
}

/** Entries of a folder, null for no more to be had; the browser hands them out a hundred at a time. */
function nextOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[] | null> {
  return new Promise((resolve) => reader.readEntries(resolve, () => resolve(null)));
}

/** The first `most` files under the entries, breadth first, without hidden ones inside folders. */
export async function filesUnder(entries: readonly FileSystemEntry[], most: number): Promise<Found> {
  const files: File[] = [];
  let unreadable = 0;
  const queue = [...entries];
  // One more than wanted is looked for: only then it is certain that something is left out.
  while (queue.length > 0 && files.length <= most) {
    const entry = queue.shift() as FileSystemEntry;
    if (entry.isFile) {
      const file = await fileOf(entry as FileSystemFileEntry);
      if (file === null) unreadable++;
      else files.push(file);
    } else {
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      let some = await nextOf(reader);
      for (; some !== null && some.length > 0; some = await nextOf(reader)) {
        queue.push(...some.filter((one) => !one.name.startsWith('.')));
      }
      if (some === null) unreadable++;
    }
  }
  return { files: files.slice(0, most), more: files.length > most, unreadable };
}
