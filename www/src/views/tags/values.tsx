/** Values of a label, each with the ways to filter by it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { TagKeyInfo, TagRow } from '../../core';
import { Value } from '../../table/value';
import { isApplied, toggleOnly, toggleWithout } from '../../tagging';

/** The heaviest values, and what has none. */
export function FirstValues({ info }: { info: TagKeyInfo }): JSX.Element | null {
  const [picked, setPicked] = useState('');
  if (info.values.length === 0 && info.untagged === undefined) return null;
  const row = (one: TagRow, untagged: boolean): JSX.Element => {
    const id = untagged ? 'untagged' : `=${one.name}`;
    return (
      <tr key={id} class="vt-row" aria-current={picked === id ? 'true' : undefined} onClick={() => setPicked(id)}>
        <td class="vt-num vt-bar" style={{ '--share': one.share.toFixed(4) }}>
          <Value text={one.value} />
        </td>
        <td class="vt-num">
          <Value text={one.pct} />
        </td>
        <td class="tag-value">
          {untagged ? <span class="dim">untagged</span> : <code title={one.name}>{one.name}</code>}
          <ValueButtons name={info.key} row={one} untagged={untagged} />
        </td>
      </tr>
    );
  };
  return (
    <table class="vt-table vt-small tag-table" aria-label={`Values of ${info.key}`}>
      <colgroup>
        <col class="tag-col-value" />
        <col class="tag-col-pct" />
        <col />
      </colgroup>
      <thead>
        <tr>
          <th scope="col" class="vt-num">
            <span class="vt-head">value</span>
          </th>
          <th scope="col" class="vt-num">
            <span class="vt-head">%</span>
          </th>
          <th scope="col">
            <span class="vt-head">{info.key}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {info.values.map((one) => row(one, false))}
        {info.untagged !== undefined && row(info.untagged, true)}
      </tbody>
    </table>
  );
}

/** Keeps or drops what has a value. What has none is kept by dropping all that has one, and the other way round. */
export function ValueButtons(props: { name: string; row: TagRow; untagged?: boolean; tab?: boolean }): JSX.Element | null {
  const { name, row, untagged } = props;
  const { expression } = row;
  if (expression === '') return null;
  const focused = isApplied('tagfocus', expression);
  const ignored = isApplied('tagignore', expression);
  const only = untagged === true ? ignored : focused;
  const without = untagged === true ? focused : ignored;
  const words = untagged === true ? `samples without ${name}` : `${name}:${row.name}`;
  const tabIndex = props.tab === false ? -1 : 0;
  const act = (toggle: (expression: string) => void) => (event: Event): void => {
    event.stopPropagation();
    toggle(expression);
  };
  return (
    <span class={only || without ? 'go on' : 'go'}>
      <button type="button" tabIndex={tabIndex} aria-pressed={only} aria-label={`Only ${words}`} title="Keep only these samples"
        onClick={act(untagged === true ? toggleWithout : toggleOnly)}>
        Only
      </button>
      <button type="button" tabIndex={tabIndex} aria-pressed={without} aria-label={`Without ${words}`} title="Drop these samples"
        onClick={act(untagged === true ? toggleOnly : toggleWithout)}>
        Without
      </button>
    </span>
  );
}
