/** Controls that change what a row or a box stands for. */
import type { JSX } from 'preact';
import { GRANULARITIES, state, update } from '../state';
import type { Granularity } from '../state';

/** Granularities as they are called. */
export const GRANULARITY_WORDS: Record<Granularity, string> = {
  functions: 'Functions',
  filefunctions: 'Functions and files',
  files: 'Files',
  packages: 'Packages',
  lines: 'Lines',
  addresses: 'Addresses',
};

/** What a number of rows stand for. */
export function granularityWord(granularity: Granularity, rows: number): string {
  const words = granularity === 'filefunctions' ? 'functions' : granularity;
  return rows === 1 ? words.replace(/(?<=ss)es$|s$/, '') : words;
}

/** Granularity and inlining; both stand in the URL. */
export function GranularityControls(): JSX.Element {
  const { granularity, noinlines } = state.value;
  return (
    <span class="controls">
      <label class="control">
        Group by
        <select
          class="menu"
          value={granularity}
          onChange={(event) => update({ granularity: event.currentTarget.value as Granularity }, { push: true })}
        >
          {GRANULARITIES.map((one) => (
            <option key={one} value={one}>
              {GRANULARITY_WORDS[one]}
            </option>
          ))}
        </select>
      </label>
      <label class="control" title="Off: an inlined function counts for the function it was inlined into">
        <input
          type="checkbox"
          checked={!noinlines}
          onChange={(event) => update({ noinlines: !event.currentTarget.checked }, { push: true })}
        />
        Inlined frames
      </label>
    </span>
  );
}
