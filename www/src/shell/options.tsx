// The panel with the options of the query that are not needed every day. They are called as in pprof.

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { countText } from '../lib/bytes';
import { unitIn } from '../lib/units';
import { file, state, update, wanted } from '../state';
import type { ViewState } from '../state';
import { Panel } from './panel';

type Switch = 'mean' | 'relative' | 'showcolumns' | 'trim' | 'dropneg';

/** The switches with what they do. */
const SWITCHES: readonly { field: Switch; label: string; about: string }[] = [
  { field: 'mean', label: 'Mean', about: 'In Top, values per event: each divided by the value of the first sample type. Shares and other views stay with sums.' },
  { field: 'relative', label: 'Relative percentages', about: 'Percentages of what the filters leave, not of the whole profile.' },
  { field: 'showcolumns', label: 'Show columns', about: 'Tells columns of a line apart where the file has them; for lines.' },
  { field: 'dropneg', label: 'Drop negative', about: 'Leaves rows with negative values out of the tables; for differences.' },
  { field: 'trim', label: 'Trim', about: 'Leaves small rows out of the tables, as pprof does.' },
];

function set(patch: Partial<ViewState>): void {
  update(patch, { push: true });
}

function UnitMenu(): JSX.Element {
  const type = file.value?.sampleTypes[wanted.value?.sample ?? 0];
  const units = type?.units ?? [];
  const chosen = unitIn(state.value.unit, units)?.shown ?? '';
  return (
    <label class="control" title="The unit that every value is shown in">
      Unit
      <select class="menu" value={chosen} disabled={units.length === 0}
        onChange={(event) => set({ unit: event.currentTarget.value })}>
        <option value="">{units.length === 0 ? type?.unit || 'as it is' : 'automatic'}</option>
        {units.map(([name]) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function SwitchBox({ field, label, about }: (typeof SWITCHES)[number]): JSX.Element {
  return (
    <label class="option" title={about}>
      <input type="checkbox" checked={state.value[field]} aria-describedby={`about-${field}`}
        onChange={(event) => set({ [field]: event.currentTarget.checked })} />
      {label}
      <span id={`about-${field}`} class="option-about">
        {about}
      </span>
    </label>
  );
}

interface LimitProps {
  field: 'nodefraction' | 'nodecount';
  label: string;
  step: number;
  about: string;
  /** Says what is allowed; empty when what was written is. */
  tell: (refusal: string) => void;
}

function Limit({ field, label, step, about, tell }: LimitProps): JSX.Element {
  const most = field === 'nodefraction' ? 1 : 1_000_000;
  const take = (input: HTMLInputElement): void => {
    const { value, validity } = input;
    const isWhole = field === 'nodecount';
    const fits = value !== '' && !validity.rangeUnderflow && !validity.rangeOverflow && (!isWhole || Number.isInteger(Number(value)));
    tell(fits ? '' : `${label} is a ${isWhole ? 'whole ' : ''}number from 0 to ${countText(most)}.`);
    if (fits) set({ [field]: Number(value), trim: true });
    else input.value = String(state.peek()[field]);
  };
  return (
    <label class="control" title={about}>
      {label}
      <input class="limit" type="number" min={0} max={most} step={step} value={state.value[field]}
        onChange={(event) => take(event.currentTarget)} />
    </label>
  );
}

/** The panel. */
export function OptionsPanel(): JSX.Element {
  const [refused, setRefused] = useState('');
  return (
    <Panel label="Options" right>
      <div class="options">
        <UnitMenu />
        {SWITCHES.map((one) => (
          <SwitchBox key={one.field} {...one} />
        ))}
        <div class="option-limits">
          <Limit field="nodefraction" label="Node fraction" step={0.001} about="Share of the total below which a row is left out" tell={setRefused} />
          <Limit field="nodecount" label="Node count" step={1} about="Rows at most; 0 for any number" tell={setRefused} />
        </div>
        <p class="limit-refused" role="status">
          {refused}
        </p>
      </div>
    </Panel>
  );
}
