/** What a comparison comes to, over its pictures and tables. */
import type { JSX } from 'preact';
import type { DiagnosticDto } from '../../core';

/** What happened, in sentences, and what has to be known. */
export function Said(props: { summary: readonly string[]; notes: readonly DiagnosticDto[] }): JSX.Element {
  const [first, ...rest] = props.summary;
  const warnings = props.notes.filter((note) => note.severity === 'warning');
  const notes = props.notes.filter((note) => note.severity !== 'warning');
  return (
    <div class="compare-said">
      <p class="compare-first" role="status">
        {first}
      </p>
      {rest.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {warnings.map((note) => (
        <p key={note.message} class="compare-warning">
          {note.message}
        </p>
      ))}
      {notes.length > 0 && <p class="dim">{notes.map((note) => note.message).join(' ')}</p>}
    </div>
  );
}
