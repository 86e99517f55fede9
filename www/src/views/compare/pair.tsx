/** Which two files are compared, and how: the line over everything else. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { CompareInfo } from '../../core';
import { Icon } from '../../shell/icons';
import { baseline, file, state, update } from '../../state';
import type { SessionFile } from '../../state';
import { canGrow, candidates } from './growing';

/** Earlier first, by the times in the files where both have one, else as they were opened. */
function byTime(one: SessionFile, other: SessionFile): number {
  if (one.recorded === '' || other.recorded === '' || one.recorded === other.recorded) return one.id - other.id;
  return one.recorded < other.recorded ? -1 : 1;
}

/**
 * What to compare when nobody has said: the file shown with the one before it. The earliest becomes the
 * baseline itself, of the latest: a comparison goes forward in time.
 */
export function suggestion(shown: SessionFile, others: readonly SessionFile[]): { file: string; base: string } | null {
  const inTime = [...others, shown].sort(byTime);
  const at = inTime.indexOf(shown);
  const before = inTime[at - 1];
  if (before !== undefined) return { file: shown.key, base: before.key };
  const last = inTime.at(-1);
  return last === undefined || last === shown ? null : { file: last.key, base: shown.key };
}

/**
 * Takes the suggestion as long as nothing is chosen, replacing the step that led here. Who goes to the
 * baseline itself swaps the two: nothing is compared with itself.
 */
export function useSuggestion(shown: SessionFile): void {
  const others = candidates(shown);
  const { base } = state.value;
  const before = useRef<SessionFile | null>(null);
  useEffect(() => {
    const last = before.current;
    before.current = shown;
    if (base === shown.key && last !== null && others.includes(last)) update({ base: last.key });
    else if (base === '' || base === shown.key) {
      const pair = suggestion(shown, others);
      if (pair !== null) update(pair);
    }
  }, [base, shown, others.length]);
}

const MODES: readonly { name: string; label: string; title: string }[] = [
  { name: 'absolute', label: 'Absolute', title: 'Values as they are in the files' },
  { name: 'second', label: 'Per second', title: 'Values divided by the time that each file covers' },
  { name: 'share', label: 'Normalised', title: 'Values as shares of each file: what it is made of, not how much' },
  { name: 'operation', label: 'Per operation', title: 'Values divided by the number of operations, which you give' },
];

/** Back from growth to what tells most of two files. */
const TWO_FILES = { name: '', label: 'Two files', title: 'One file against a baseline' };

function Choice(props: { label: string; value: string; of: readonly SessionFile[]; choose: (key: string) => void }): JSX.Element {
  const { value, of } = props;
  const isThere = of.some((info) => info.key === value);
  return (
    <label class="control">
      {props.label}
      <select class="menu" value={isThere ? value : ''} onChange={(event) => props.choose(event.currentTarget.value)}>
        {!isThere && <option value="">{value === '' ? 'none' : `${value} (not open)`}</option>}
        {of.map((info) => (
          <option key={info.key} value={info.key}>
            {info.name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Numbers of operations, one for each file. */
function Operations(): JSX.Element {
  const [base = '', now = ''] = state.value.operations.split(',');
  const put = (at: number, text: string): void => {
    const both = [base, now];
    both[at] = text;
    update({ operations: both.some((one) => one !== '') ? both.join(',') : '' }, { push: true });
  };
  return (
    <span class="compare-ops">
      {['Operations of the baseline', 'Operations of this file'].map((label, at) => (
        <label key={label} class="control">
          {label}
          <input type="number" min="1" step="any" value={at === 0 ? base : now} placeholder="b.N"
            onChange={(event) => put(at, event.currentTarget.value)} />
        </label>
      ))}
    </span>
  );
}

/** The line. `info` says which ways there are; without one it is on its way. */
export function Pair(props: { shown: SessionFile; info: CompareInfo | undefined }): JSX.Element {
  const { shown, info } = props;
  const { base, mode } = state.value;
  const growing = mode === 'growth';
  const others = candidates(shown);
  const current = growing ? '' : (info?.mode ?? mode);
  // Which ways there are is said by a comparison, and growth is none.
  const ways = MODES.filter(({ name }) => info === undefined || info.offered.includes(name));
  const offered = growing ? [TWO_FILES] : ways;
  const other = baseline.value;
  return (
    <div class="pane-bar compare-bar">
      {!growing && (
        <>
          <Choice label="Baseline" value={base} of={others} choose={(key) => update({ base: key }, { push: true })} />
          <button type="button" class="icon-button" aria-label="Swap the two files" title="Swap the two files" disabled={other === null}
            onClick={() => other !== null && file.value !== null && update({ file: other.key, base: file.value.key }, { push: true })}>
            <Icon name="compare" />
          </button>
          <span class="compare-new">
            <bdi>{shown.name}</bdi>
          </span>
        </>
      )}
      <span class="segmented" role="group" aria-label="Compare">
        {offered.map(({ name, label, title }) => (
          <button key={name} type="button" title={title} aria-pressed={!growing && current === name}
            onClick={() => update({ mode: name }, { push: true })}>
            {label}
          </button>
        ))}
        {canGrow(shown) && (
          <button type="button" title="All files of this kind, in the order of their times" aria-pressed={growing}
            onClick={() => update({ mode: 'growth' }, { push: true })}>
            Growth
          </button>
        )}
      </span>
      {current === 'operation' && <Operations />}
    </div>
  );
}
