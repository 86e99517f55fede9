/** A number with its unit: the unit is set lighter. */
import type { JSX } from 'preact';

/** Text such as `1.50GB`, `30.11s` or `12.34%`; the text itself is not changed. */
export function Value(props: { text: string }): JSX.Element {
  const [, number = props.text, unit = ''] = /^([-+]?[\d.,]+)(\D*)$/.exec(props.text) ?? [];
  return (
    <span class="value">
      {number}
      {unit !== '' && <span class="unit">{unit}</span>}
    </span>
  );
}
