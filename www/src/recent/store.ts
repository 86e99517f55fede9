// Files remembered on this device, in the browser's own database.

import { bytesText } from '../lib/bytes';

/** Bytes of all of them together; the oldest go first. */
export const MOST_BYTES = 200 * 1024 ** 2;

/** A file that is remembered. */
export interface Remembered {
  id: number;
  name: string;
  size: number;
  /** When it was opened last, in ms since 1970. */
  opened: number;
}

interface Row extends Remembered {
  file: Blob;
}

const DATABASE = 'dropprof';
const FILES = 'recent';

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser gave no reason'));
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error('the browser gave no reason'));
  });
}

async function database(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(FILES, { keyPath: 'id', autoIncrement: true });
  return answered(request);
}

async function within<T>(mode: IDBTransactionMode, work: (files: IDBObjectStore) => Promise<T>): Promise<T> {
  const base = await database();
  try {
    const transaction = base.transaction(FILES, mode);
    const end = done(transaction);
    const result = await work(transaction.objectStore(FILES));
    await end;
    return result;
  } finally {
    base.close();
  }
}

function latestFirst(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => b.opened - a.opened || b.id - a.id);
}

/** All of them, the latest first. */
export async function list(): Promise<Remembered[]> {
  const rows = await within('readonly', (files) => answered<Row[]>(files.getAll()));
  return latestFirst(rows).map(({ id, name, size, opened }) => ({ id, name, size, opened }));
}

/** Remembers a file; one of the same name and size is replaced. Says why not, if it is too large. */
export async function keep(file: File): Promise<string> {
  if (file.size > MOST_BYTES) return `${file.name} is not remembered: it is larger than ${bytesText(MOST_BYTES)}.`;
  await within('readwrite', async (files) => {
    let bytes = file.size;
    for (const row of latestFirst(await answered<Row[]>(files.getAll()))) {
      const isSame = row.name === file.name && row.size === file.size;
      if (!isSame) bytes += row.size;
      if (isSame || bytes > MOST_BYTES) files.delete(row.id);
    }
    files.add({ name: file.name, size: file.size, opened: Date.now(), file });
  });
  return '';
}

/** The file; undefined for one that is not there any more. */
export async function take(id: number): Promise<File | undefined> {
  const row = await within('readonly', (files) => answered<Row | undefined>(files.get(id)));
  return row === undefined ? undefined : new File([row.file], row.name);
}

/** Forgets one of them. */
export async function forget(id: number): Promise<void> {
  await within('readwrite', async (files) => void files.delete(id));
}

/** Forgets all of them. */
export async function forgetAll(): Promise<void> {
  await within('readwrite', async (files) => void files.clear());
}
