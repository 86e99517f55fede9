/** Writes profile.proto, just enough of it to make the inputs that a test needs. */
import { gzipSync } from 'node:zlib';

/** A sample: functions from the leaf to the root, and one value per sample type. */
export interface TestSample {
  stack: readonly string[];
  values: readonly number[];
  /** Texts, or numbers without a unit; of a key several, too. */
  labels?: readonly (readonly [key: string, value: string | number | bigint])[];
}

/** Bytes of a message, growing. Field numbers are those of profile.proto. */
class Message {
  private bytes = new Uint8Array(64);
  private length = 0;

  varint(value: number): this {
    // Negative numbers are those of 64 bits in two's complement.
    if (value < 0) return this.long(BigInt.asUintN(64, BigInt(value)));
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) + 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.byte(rest);
  }

  private long(value: bigint): this {
    let rest = value;
    while (rest >= 0x80n) {
      this.byte(Number(rest % 0x80n) + 0x80);
      rest >>= 7n;
    }
    return this.byte(Number(rest));
  }

  uint(field: number, value: number | bigint): this {
    this.varint(field * 8);
    return typeof value === 'bigint' ? this.long(BigInt.asUintN(64, value)) : this.varint(value);
  }

  /** A length-delimited field: a text, a message or packed numbers. */
  block(field: number, content: Uint8Array): this {
    this.varint(field * 8 + 2).varint(content.length);
    this.reserve(content.length);
    this.bytes.set(content, this.length);
    this.length += content.length;
    return this;
  }

  packed(field: number, values: readonly number[]): this {
    const inner = new Message();
    for (const value of values) inner.varint(value);
    return this.block(field, inner.done());
  }

  done(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private byte(value: number): this {
    this.reserve(1);
    this.bytes[this.length++] = value;
    return this;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

const text = new TextEncoder();

/** What a profile says of itself; nothing of what is left out. */
export interface TestHead {
  /** When it was taken, in nanoseconds since 1970. */
  time?: number;
  /** Nanoseconds that it covers. */
  duration?: number;
  /** Type, unit and number of what lies between two samples. */
  period?: readonly [type: string, unit: string, value: number];
  /** Build id of the program. */
  build?: string;
  /** It tells no line numbers. */
  unlined?: boolean;
}

/** A profile with one location per function; types are pairs of type and unit, e.g. cpu nanoseconds. */
export function encodeProfile(
  types: readonly (readonly [string, string])[],
  samples: Iterable<TestSample>,
  head: TestHead = {},
): Buffer {
  const strings = new Map<string, number>([['', 0]]);
  const intern = (value: string): number => {
    const known = strings.get(value);
    if (known !== undefined) return known;
    strings.set(value, strings.size);
    return strings.size - 1;
  };
  const functions = new Map<string, number>();
  const idOf = (name: string): number => {
    const known = functions.get(name);
    if (known !== undefined) return known;
    functions.set(name, functions.size + 1);
    return functions.size;
  };
  const out = new Message();
  for (const [type, unit] of types) out.block(1, new Message().uint(1, intern(type)).uint(2, intern(unit)).done());
  for (const sample of samples) {
    const record = new Message().packed(1, sample.stack.map(idOf)).packed(2, sample.values);
    for (const [key, value] of sample.labels ?? []) {
      const label = new Message().uint(1, intern(key));
      record.block(3, (typeof value === 'string' ? label.uint(2, intern(value)) : label.uint(3, value)).done());
    }
    out.block(2, record.done());
  }
  if (head.build !== undefined) out.block(3, new Message().uint(1, 1).uint(6, intern(head.build)).done());
  if (head.time !== undefined) out.uint(9, head.time);
  if (head.duration !== undefined) out.uint(10, head.duration);
  if (head.period !== undefined) {
    const [type, unit, value] = head.period;
    out.block(11, new Message().uint(1, intern(type)).uint(2, intern(unit)).done()).uint(12, value);
  }
  const source = intern('/src/main.go');
  for (const [name, id] of functions) {
    const line = new Message().uint(1, id);
    if (head.unlined !== true) line.uint(2, 10 * id);
    out.block(4, new Message().uint(1, id).block(4, line.done()).done());
    out.block(5, new Message().uint(1, id).uint(2, intern(name)).uint(4, source).done());
  }
  for (const value of strings.keys()) out.block(6, text.encode(value));
  return Buffer.from(out.done());
}

/** The usual pair of sample types of a Go CPU profile. */
export const CPU_TYPES = [
  ['samples', 'count'],
  ['cpu', 'nanoseconds'],
] as const;

/** Sample types of a Go heap profile. */
export const HEAP_TYPES = [
  ['alloc_objects', 'count'],
  ['alloc_space', 'bytes'],
  ['inuse_objects', 'count'],
  ['inuse_space', 'bytes'],
] as const;

/** A heap profile of what is in use by function, in MiB, each object 64 KiB: nearly all of them are sampled. */
export function heapProfile(inuse: Readonly<Record<string, number>>, time: number): Buffer {
  const samples = Object.entries(inuse).map(([name, mib]) => {
    const values = [mib * 16, mib * 2 ** 20];
    return { stack: [name, 'main.main'], values: [...values, ...values] };
  });
  return gzipSync(encodeProfile(HEAP_TYPES, samples, { time, period: ['space', 'bytes', 4096] }));
}

/** A small gzipped CPU profile. */
export function cpuProfile(samples: readonly TestSample[], head: TestHead = {}): Buffer {
  return gzipSync(encodeProfile(CPU_TYPES, samples, head));
}

/** A CPU profile of at least so many bytes, not compressed; the same bytes for the same seed. */
export function largeProfile(bytes: number, seed: number): Buffer {
  let state = seed;
  // xorshift32, see Marsaglia 2003: enough to make nearly all stacks distinct.
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const DEPTH = 40;
  const NAMES = Array.from({ length: 4000 }, (_, i) => `example.com/load/p${i % 97}.(*T${i % 13}).f${i}`);
  // A sample is its tags and lengths (about 8 bytes), DEPTH ids of at most 2 bytes, two values.
  const count = Math.ceil(bytes / (DEPTH * 2 + 8));
  function* samples(): Generator<TestSample> {
    for (let i = 0; i < count * 1.2; i++) {
      const stack = Array.from({ length: DEPTH }, (_, depth) => NAMES[(depth * 100 + below(100)) % NAMES.length] ?? '');
      yield { stack, values: [1, 10_000_000] };
    }
  }
  return encodeProfile(CPU_TYPES, samples());
}
