/** One label: how much has it, its numbers as a histogram, its heaviest values, or all of them. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { TagKeyInfo } from '../../core';
import { isListable } from '../../lib/tags';
import { Icon } from '../../shell/icons';
import { Value } from '../../table/value';
import { appliedTo, frameKeys, setFrameKeys, toggleOnly, toggleWithout } from '../../tagging';
import { AllValues } from './all';
import { Histogram } from './histogram';
import { FirstValues } from './values';

/** The label's part of the view. */
export function KeySection({ info }: { info: TagKeyInfo }): JSX.Element {
  const [open, setOpen] = useState(false);
  // Single times say nothing.
  const hidden = info.time ? 0 : info.distinct - info.values.length;
  return (
    <section class="tag" aria-label={`Label ${info.key}`}>
      <header class="tag-head">
        <h2>
          <code>{info.key === '' ? 'a label without a name' : info.key}</code>
        </h2>
        <p>
          {info.time ? 'when samples were taken' : info.distinctText} · on <Value text={info.tagged} />{' '}
          <span class="dim">{info.taggedPct}</span>
        </p>
        <GroupButton name={info.key} />
      </header>
      <Applied name={info.key} />
      {info.numbers !== undefined && <Histogram info={info} numbers={info.numbers} />}
      {open ? <AllValues info={info} /> : <FirstValues info={info} />}
      {(open || hidden > 0) && (
        <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Show the heaviest only' : `Show all ${info.distinctText}, to sort and to look through`}
        </button>
      )}
    </section>
  );
}

/** What of the filters is about the label: values that are gone can be had back here. */
function Applied({ name }: { name: string }): JSX.Element | null {
  const only = appliedTo('tagfocus', name);
  const without = appliedTo('tagignore', name);
  if (only.length + without.length === 0) return null;
  const chip = (word: string, part: string, off: (part: string) => void): JSX.Element => (
    <li key={word + part} class="chip">
      <span class="chip-switch">
        <span class="chip-kind">{word}</span>
        <code>{part.slice(name.length + 1) || 'any'}</code>
      </span>
      <button type="button" class="chip-button" aria-label={`Remove ${word} ${part}`} title="Remove" onClick={() => off(part)}>
        <Icon name="close" />
      </button>
    </li>
  );
  return (
    <ul class="chips tag-applied" aria-label={`Filters by ${name}`}>
      {only.map((part) => chip('Only', part, toggleOnly))}
      {without.map((part) => chip('Without', part, toggleWithout))}
    </ul>
  );
}

function GroupButton({ name }: { name: string }): JSX.Element | null {
  if (!isListable(name)) return null;
  const keys = frameKeys('tagroot');
  const on = keys.includes(name);
  return (
    <button type="button" class="button small" aria-pressed={on} aria-label={`Group stacks by ${name}`}
      onClick={() => setFrameKeys('tagroot', on ? keys.filter((one) => one !== name) : [...keys, name])}>
      {on ? 'Grouped' : 'Group by'}
    </button>
  );
}
