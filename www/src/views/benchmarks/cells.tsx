/** Figures of a row: a middle with its range, and a change with what it means. */
import type { JSX } from 'preact';
import type { BenchCellInfo, BenchChange } from '../../core';
import { Value } from '../../table/value';
import { Mark } from './note';
import { verdictClass } from './picture';

/** A figure with a minus that is as wide as a plus. */
export function signed(text: string): string {
  return text.replace(/^-/, '−');
}

/** A middle with its range, as text. */
export function valueText({ value, range }: BenchCellInfo): string {
  if (value === '') return '';
  return range === '' ? value : `${value} ± ${range}`;
}

/** The same to be seen. */
export function ValueCell({ cell }: { cell: BenchCellInfo }): JSX.Element | null {
  if (cell.value === '') return <span class="dim">none</span>;
  return (
    <>
      <Value text={cell.value} />
      {cell.range !== '' && <span class="bench-range"> ± {cell.range}</span>}
      <Mark notes={cell.notes} />
    </>
  );
}

/** A change and what it means, as text. */
export function changeText(change: BenchChange | undefined): string {
  return change === undefined ? '' : `${signed(change.text)} ${change.words}`;
}

/** What there is to know of a change, with benchstat's own verdict where it is another one. */
export function changeNotes({ differs, notes }: BenchChange): string[] {
  return [...(differs === '' ? [] : [`${signed(differs)}.`]), ...notes];
}

/** The same to be seen. The word tells what the colour tells. */
export function ChangeCell({ cell }: { cell: BenchCellInfo }): JSX.Element | null {
  const { change } = cell;
  if (change === undefined) return null;
  return (
    <span class={`bench-change${verdictClass(cell)}`}>
      <span class="bench-delta">{signed(change.text)}</span>{' '}
      <span class="bench-word">
        {change.words}
        <Mark notes={changeNotes(change)} />
      </span>
    </span>
  );
}
