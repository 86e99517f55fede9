/** What the comparison comes to, and what to know before it is believed. */
import type { JSX } from 'preact';
import type { BenchInfo, BenchNote, BenchTally } from '../../core';
import { countText } from '../../lib/bytes';
import { Icon } from '../../shell/icons';
import { putKey } from './grouping';
import { step } from './question';

/** What each place of a tally is, in the core's order. */
const KINDS = ['better', 'worse', 'changed', 'same', 'unknown'] as const;

function Words({ tally }: { tally: BenchTally }): JSX.Element {
  const parts = tally.counts.flatMap((count, at) => (count === 0 ? [] : [{ count, word: tally.words[at] ?? '', kind: KINDS[at] ?? 'same' }]));
  return (
    <span class="bench-tally">
      {parts.map(({ count, word, kind }, at) => (
        <span key={kind}>
          {at > 0 && ', '}
          <span class={`bench-${kind}`}>
            {countText(count)} {word}
          </span>
        </span>
      ))}
    </span>
  );
}

/** The units with what became of each; where not all are shown, to choose from. */
export function Units(props: { info: BenchInfo; units: readonly string[]; shown: string }): JSX.Element {
  const { info, units, shown } = props;
  const choosing = units.length > 1;
  return (
    <ul class="bench-units" aria-label="Units">
      {choosing && (
        <li>
          <button type="button" class="bench-unit" aria-pressed={shown === '*'} title="Show the tables of all units" onClick={() => step({ unit: '*' })}>
            all units
          </button>
        </li>
      )}
      {units.map((unit) => {
        const tally = info.tallies.find((one) => one.unit === unit);
        return (
          <li key={unit}>
            {choosing ? (
              <button type="button" class="bench-unit" aria-pressed={shown === unit} title={`Show ${unit} alone`} onClick={() => step({ unit })}>
                {unit}
              </button>
            ) : (
              <strong>{unit}</strong>
            )}
            {tally !== undefined && tally.compared > 0 && <Words tally={tally} />}
          </li>
        );
      })}
    </ul>
  );
}

function NoteLine({ note }: { note: BenchNote }): JSX.Element {
  return (
    <li class={note.severity === 'warning' ? 'bench-note warning' : 'bench-note'}>
      {note.severity === 'warning' && <Icon name="warning" />}
      <span>
        {note.severity === 'warning' && <span class="hidden-visually">Warning: </span>}
        {note.text}
        {note.ignore !== '' && (
          <button type="button" class="button small" onClick={() => putKey(note.ignore, 'ignore')}>
            Ignore {note.ignore}
          </button>
        )}
      </span>
    </li>
  );
}

/** Notes, warnings first as the core has them, and what chance does. */
export function Remarks({ info }: { info: BenchInfo }): JSX.Element | null {
  if (info.notes.length === 0 && info.byChance === '') return null;
  return (
    <ul class="bench-remarks" aria-label="Notes">
      {info.notes.map((note) => (
        <NoteLine key={note.text} note={note} />
      ))}
      {info.byChance !== '' && <li class="bench-note">{info.byChance}</li>}
    </ul>
  );
}
