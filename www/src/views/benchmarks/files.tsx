/** Which files are compared, and with which of them: the line over everything else. */
import type { JSX } from 'preact';
import type { BenchFileInfo } from '../../core';
import { countText } from '../../lib/bytes';
import { Icon } from '../../shell/icons';
import type { SessionFile } from '../../state';
import { Applied } from './grouping';
import { bench, benchFiles, missingFiles, step } from './question';

/** A file that takes part. */
interface Part {
  key: string;
  label: string;
  results: number;
}

function partsOf(infos: readonly BenchFileInfo[], all: readonly SessionFile[]): Part[] {
  return infos.flatMap(({ file, label, results }) => {
    const key = all.find((info) => info.id === file)?.key;
    return key === undefined ? [] : [{ key, label, results }];
  });
}

function set(names: readonly string[]): void {
  step({ files: names });
}

function PartChip(props: { part: Part; at: number; of: readonly Part[] }): JSX.Element {
  const { part, at, of } = props;
  const keys = of.map(({ key }) => key);
  const others = keys.filter((key) => key !== part.key);
  return (
    <li class="bench-file">
      {at === 0 && of.length > 1 && <span class="bench-role">base</span>}
      <span class="bench-file-name" title={part.results === 0 ? part.label : `${part.label}: ${countText(part.results)} ${part.results === 1 ? 'result' : 'results'}`}>
        <bdi>{part.label}</bdi>
      </span>
      {at > 0 && (
        <button type="button" class="bench-file-base" aria-label={`Make ${part.label} the base`} title="Compare the others with this one"
          onClick={() => set([part.key, ...others])}>
          make base
        </button>
      )}
      {of.length > 1 && (
        <button type="button" class="bench-file-button" aria-label={`Leave ${part.label} out`} title="Leave it out" onClick={() => set(others)}>
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}

function Added(props: { label: string; about: string; add: () => void }): JSX.Element {
  return (
    <li class="bench-file off">
      <button type="button" class="bench-file-base" aria-label={`${props.about}: ${props.label}`} title={props.about} onClick={props.add}>
        <Icon name="plus" />
        <bdi>{props.label}</bdi>
      </button>
    </li>
  );
}

/** The line. */
export function FilesBar({ infos }: { infos: readonly BenchFileInfo[] | undefined }): JSX.Element {
  const all = benchFiles.value;
  if (infos === undefined) return <div class="bench-files" />;
  const parts = partsOf(infos, all);
  const keys = parts.map(({ key }) => key);
  // Where the state names none, what is missing is only on its way.
  const out = bench.value.files.length === 0 ? [] : all.filter((info) => !keys.includes(info.key));
  const missing = missingFiles.value;
  return (
    <div class="bench-files">
      <ul aria-label="Compared files">
        {parts.map((part, at) => (
          <PartChip key={part.key} part={part} at={at} of={parts} />
        ))}
        {all.length === 1 && <li class="dim">Drop results of another state of the code to compare them.</li>}
        {out.map((info) => (
          <Added key={info.key} label={info.name} about="Compare as well" add={() => set([...keys, info.key])} />
        ))}
        {missing.map((name) => (
          <li key={name} class="bench-file off dim">
            <bdi>{name}</bdi> is not open
          </li>
        ))}
        {bench.value.files.length > 0 && (
          <li>
            <button type="button" class="link" onClick={() => set([])}>
              All, in their order
            </button>
          </li>
        )}
      </ul>
      <Applied />
    </div>
  );
}
