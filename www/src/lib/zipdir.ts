// The members of a zip by its central directory, each unpacked when it is asked for: of an archive of sources a
// few files are looked at, so it is not worth unpacking. Anything may be in the file: every offset is checked.

/** A file in a zip. */
export interface Member {
  /** Path inside, as the archive writes it. */
  path: string;
  /** Bytes once it is unpacked, by what the archive says. */
  size: number;
  /** Its bytes, at most `most`; the promise fails for a member that is larger or broken. */
  read: (most: number) => Promise<Uint8Array<ArrayBuffer>>;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;
/** A comment of 64 KiB may follow the end. */
const MOST_COMMENT = 0xffff;
/** Bytes of a directory: a hundred thousand members have ten million. */
const MOST_DIRECTORY = 64 * 1024 * 1024;
/** Stands for a number that does not fit, which is elsewhere in a zip64. */
const ELSEWHERE = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

async function bytesOf(file: Blob, from: number, to: number): Promise<DataView<ArrayBuffer>> {
  if (from < 0 || to > file.size || to < from) throw new Error('the archive is cut off or damaged');
  return new DataView(await file.slice(from, to).arrayBuffer());
}

async function directory(file: Blob): Promise<DataView> {
  const from = Math.max(0, file.size - END_SIZE - MOST_COMMENT);
  const tail = await bytesOf(file, from, file.size);
  for (let at = tail.byteLength - END_SIZE; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END) continue;
    const size = tail.getUint32(at + 12, true);
    const start = tail.getUint32(at + 16, true);
    if (size === ELSEWHERE || start === ELSEWHERE) throw new Error('archives beyond 4 GiB (zip64) are not read');
    if (size > MOST_DIRECTORY) throw new Error('the archive has too many members');
    return bytesOf(file, start, start + size);
  }
  throw new Error('this is no zip, or it is cut off');
}

/** The files in a zip, in the order of its directory, without folders and without what is encrypted. */
export async function zipMembers(file: Blob): Promise<Member[]> {
  const view = await directory(file);
  const members: Member[] = [];
  const utf8 = new TextDecoder();
  for (let at = 0; at + ENTRY_SIZE <= view.byteLength && view.getUint32(at, true) === ENTRY; ) {
    const nameSize = view.getUint16(at + 28, true);
    const end = at + ENTRY_SIZE + nameSize + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (end > view.byteLength) throw new Error('the archive is cut off or damaged');
    const path = utf8.decode(new Uint8Array(view.buffer, view.byteOffset + at + ENTRY_SIZE, nameSize));
    const flags = view.getUint16(at + 8, true);
    const how = {
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      offset: view.getUint32(at + 42, true),
    };
    const size = view.getUint32(at + 24, true);
    if (!path.endsWith('/') && (flags & ENCRYPTED) === 0) {
      members.push({ path, size, read: (most) => unpack(file, how, most) });
    }
    at = end;
  }
  return members;
}

interface How {
  method: number;
  packed: number;
  offset: number;
}

async function unpack(file: Blob, { method, packed, offset }: How, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const head = await bytesOf(file, offset, offset + LOCAL_SIZE);
  if (head.getUint32(0, true) !== LOCAL) throw new Error('the archive is damaged');
  const from = offset + LOCAL_SIZE + head.getUint16(26, true) + head.getUint16(28, true);
  if (from + packed > file.size) throw new Error('the archive is cut off or damaged');
  const data = file.slice(from, from + packed);
  if (method === STORED) return gather(data.stream(), most);
  if (method !== DEFLATED) throw new Error(`packed in a way that is not read (method ${method})`);
  return gather(data.stream().pipeThrough(new DecompressionStream('deflate-raw')), most);
}

/** All of a stream, up to a limit: what an archive says of sizes need not be true. */
async function gather(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error(`larger than ${Math.floor(most / 1024 / 1024)} MiB`);
    }
    parts.push(next.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
