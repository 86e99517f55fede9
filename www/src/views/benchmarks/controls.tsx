/** How the rows are shown, and what counts as a difference. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { BENCH_DEFAULTS, SHARE } from '../../lib/benchstate';
import type { BenchState } from '../../lib/benchstate';
import { registerKeys } from '../../shell/keys';
import { Exports } from './exports';
import { bench, step } from './question';

/** What is unfolded under the line. Kept while the page is open. */
export const unfolded = signal<'' | 'keys' | 'options'>('');

const ORDERS = [
  ['', 'as in the file'],
  ['name', 'by name'],
  ['change', 'worst first'],
  ['gain', 'best first'],
] as const;

const MARGINS = [0, 0.01, 0.02, 0.05] as const;

function Choice(props: { label: string; title: string; value: string; of: readonly (readonly [string, string])[]; choose: (value: string) => void }): JSX.Element {
  return (
    <label class="control" title={props.title}>
      {props.label}
      <select class="menu" value={props.value} onChange={(event) => props.choose(event.currentTarget.value)}>
        {props.of.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function percent(share: number): string {
  return share === 0 ? 'nothing' : `${Number((share * 100).toPrecision(6))} %`;
}

function Fold(props: { name: 'keys' | 'options'; label: string; title: string; set: boolean }): JSX.Element {
  const open = unfolded.value === props.name;
  return (
    <button type="button" class="button small" aria-expanded={open} aria-label={props.set ? `${props.label}, changed` : props.label} title={props.title}
      onClick={() => (unfolded.value = open ? '' : props.name)}>
      {props.label}
      {props.set && <span class="bench-dot" aria-hidden="true" />}
    </button>
  );
}

/** Whether any of some settings is another than on a fresh page. */
export function isChanged(...fields: readonly (keyof BenchState)[]): boolean {
  return fields.some((field) => bench.value[field] !== BENCH_DEFAULTS[field]);
}

/** The line. */
export function Controls(): JSX.Element {
  const { told, sort, margin } = bench.value;
  const margins = [...new Set([...MARGINS, margin])].sort((a, b) => a - b);
  const flip = (): void => step({ told: !bench.peek().told });
  useEffect(() => registerKeys([{ keys: ['d'], label: 'Only differences', group: 'Benchmarks', run: flip }]), []);
  return (
    <div class="pane-bar bench-bar">
      <button type="button" class="button small" aria-pressed={told} title="Only rows in which a difference is told (d)" onClick={flip}>
        Only differences
      </button>
      <Choice label="Order" title="Order of the rows in each table" value={sort} of={ORDERS} choose={(next) => step({ sort: next })} />
      <Choice label="Ignore up to" title="Differences that do not matter: what lies within is called no difference" value={String(margin)}
        of={margins.map((share) => [String(share), percent(share)] as const)} choose={(text) => step({ margin: Number(text) })} />
      <Fold name="keys" label="Group by" title="What makes tables, rows and columns, and which results count"
        set={isChanged('table', 'row', 'col', 'ignore', 'filter')} />
      <Fold name="options" label="Options" title="How sure a difference has to be" set={isChanged('alpha', 'confidence')} />
      <Exports />
    </div>
  );
}

interface LevelProps {
  field: 'alpha' | 'confidence';
  label: string;
  about: string;
  tell: (refusal: string) => void;
}

function Level({ field, label, about, tell }: LevelProps): JSX.Element {
  const take = (input: HTMLInputElement): void => {
    const value = Number(input.value);
    // What the link can say.
    const fits = input.value.trim() !== '' && value > 0 && value < 1 && SHARE.test(String(value));
    tell(fits ? '' : `${label} is a number between 0 and 1.`);
    if (fits) step({ [field]: value });
    else input.value = String(bench.peek()[field]);
  };
  return (
    <p class="bench-limit">
      <label class="control">
        {label}
        <input type="number" min="0" max="1" step="any" value={bench.value[field]} aria-describedby={`about-${field}`} onChange={(event) => take(event.currentTarget)} />
      </label>
      <span id={`about-${field}`} class="dim">
        {about}
      </span>
    </p>
  );
}

/** The part that unfolds under the line. */
export function Options(): JSX.Element | null {
  const [refused, setRefused] = useState('');
  if (unfolded.value !== 'options') return null;
  return (
    <section class="bench-fold" aria-label="Options">
      <Level field="alpha" label="Alpha" tell={setRefused}
        about="A difference is told when chance alone makes one like it less often than this; 0.05 is one in twenty." />
      <Level field="confidence" label="Confidence" tell={setRefused}
        about="How often an interval made like these holds the true value; more asks for more runs." />
      <p class="bench-refused" role="status">
        {refused}
      </p>
      {isChanged('alpha', 'confidence') && (
        <button type="button" class="link" onClick={() => step({ alpha: BENCH_DEFAULTS.alpha, confidence: BENCH_DEFAULTS.confidence })}>
          Back to 0.05 and 0.95
        </button>
      )}
    </section>
  );
}
