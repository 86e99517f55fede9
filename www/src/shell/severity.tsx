/** A severity: a word and a shape, so that neither colour nor reading alone has to tell it. */
import type { JSX } from 'preact';
import './severity.css';

/** Outlines in a square of 12. */
const SHAPES: Record<string, string> = {
  critical: 'M4 1h4l3 3v4l-3 3H4L1 8V4z',
  high: 'M6 1l5.5 10h-11z',
  medium: 'M6 .5 11.5 6 6 11.5.5 6z',
  low: 'M6 2.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z',
  info: 'M5 1h2v2H5zM5 4.5h2V11H5z',
};

/** What each means, for who hovers over it; the glossary has the same. */
const MEANINGS: Record<string, string> = {
  critical: 'It dominates everything, or the program does not work.',
  high: 'Change this first.',
  medium: 'Worth a change.',
  low: 'Worth a look when nothing graver is open.',
  info: 'Worth knowing; nothing to do.',
};

/** The chip before a title. */
export function Severity(props: { name: string }): JSX.Element {
  const { name } = props;
  return (
    <span class={`severity severity-${name}`} title={MEANINGS[name]}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d={SHAPES[name] ?? ''} />
      </svg>
      {name}
    </span>
  );
}
