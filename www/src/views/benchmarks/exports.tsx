/** The comparison as a file: for a pull request, a spreadsheet, a script. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { core } from '../../core';
import { copyText } from '../../shell/copytext';
import { download } from '../../shell/download';
import { registerKeys } from '../../shell/keys';
import type { KeyAction } from '../../shell/keys';
import { say } from '../../shell/said';
import { asked } from './question';

/** A format: its button, its name in the core, extension and media type, and what is in it. */
const FORMATS = [
  { label: 'CSV', format: 'csv', extension: 'csv', type: 'text/csv', about: 'As benchstat writes it' },
  { label: 'JSON', format: 'json', extension: 'json', type: 'application/json', about: 'Every figure, with verdicts' },
  { label: 'Text', format: 'text', extension: 'txt', type: 'text/plain', about: 'As benchstat prints it' },
  { label: 'SVG', format: 'svg', extension: 'svg', type: 'image/svg+xml', about: 'A picture of the first hundred rows in the order shown' },
] as const;

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function copyMarkdown(): Promise<void> {
  const now = asked.peek();
  if (now === null) return;
  try {
    const text = new TextDecoder().decode(await core.benchExport(now.query, 'markdown'));
    say((await copyText(text)) ? 'Copied as Markdown' : 'The browser does not let this page copy.');
  } catch (error) {
    say(`Nothing was copied: ${reasonOf(error)}`);
  }
}

async function save({ format, extension, type }: (typeof FORMATS)[number]): Promise<void> {
  const now = asked.peek();
  if (now === null) return;
  const name = `benchmarks.${extension}`;
  try {
    download((await core.benchExport(now.query, format)) as Uint8Array<ArrayBuffer>, type, name);
    say(`Handed ${name} to the browser`);
  } catch (error) {
    say(`${name} could not be written: ${reasonOf(error)}`);
  }
}

function commands(): KeyAction[] {
  const group = 'Benchmarks';
  return [
    { keys: [], label: '', group, command: 'Copy benchmarks as Markdown', run: () => void copyMarkdown() },
    ...FORMATS.map((one) => ({ keys: [], label: '', group, command: `Save benchmarks as ${one.label}`, run: () => void save(one) })),
  ];
}

/** The buttons. */
export function Exports(): JSX.Element {
  useEffect(() => registerKeys(commands()), []);
  return (
    <span class="bench-exports" role="group" aria-label="Export">
      <button type="button" class="button small" title="For a pull request: all rows, or under Only differences those with one" onClick={() => void copyMarkdown()}>
        Copy as Markdown
      </button>
      {FORMATS.map((one) => (
        <button key={one.format} type="button" class="button small" title={one.about} onClick={() => void save(one)}>
          {one.label}
        </button>
      ))}
    </span>
  );
}
