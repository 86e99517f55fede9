/** What `go tool pprof` printed for the committed profiles. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const TESTDATA = join(ROOT, 'testdata');

/** A row of `-top`. */
export interface GoldenRow {
  flat: string;
  flatPct: string;
  sumPct: string;
  cum: string;
  cumPct: string;
  name: string;
  /** `inline`, `partial-inline` or empty. */
  inline: string;
}

/** A whole `-top`. */
export interface Golden {
  total: string;
  rows: GoldenRow[];
}

/** The demo profiles that the page serves. */
export const DEMO = { cpu: '../www/public/demo/cpu.pb.gz', heap: '../www/public/demo/heap.pb.gz' } as const;

/** Bytes of a profile that the manifest names. */
export function profileBytes(input: string): Buffer {
  return readFileSync(join(TESTDATA, input));
}

/** What the tool printed for a profile and arguments, both as the manifest writes them. */
export function printed(input: string, args: string): string {
  const manifest = readFileSync(join(TESTDATA, 'golden', 'manifest.tsv'), 'utf8');
  const line = manifest.split('\n').find((row) => {
    const [, of, with_] = row.split('\t');
    return of === input && with_ === args;
  });
  const path = line?.split('\t')[0];
  if (path === undefined) throw new Error(`no golden for ${args} of ${input}`);
  return readFileSync(join(TESTDATA, path), 'utf8');
}

/** The rows of a `-top`. */
export function golden(input: string, args: string): Golden {
  return parseTop(printed(input, args));
}

/** Reads the text of `-top`. */
function parseTop(text: string): Golden {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => /^\s+flat\s+flat%/.test(line));
  const total = /of (\S+) total/.exec(text)?.[1];
  if (head < 0 || total === undefined) throw new Error('this is no -top');
  const rows = lines
    .slice(head + 1)
    .filter((line) => line !== '')
    .map(parseRow);
  return { total, rows };
}

function parseRow(line: string): GoldenRow {
  const found = /^\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)  (.*?)(?: \((inline|partial-inline)\))?$/.exec(line);
  if (found === null) throw new Error(`not a row of -top: ${line}`);
  const [, flat = '', flatPct = '', sumPct = '', cum = '', cumPct = '', name = '', inline = ''] = found;
  return { flat, flatPct, sumPct, cum, cumPct, name, inline };
}
