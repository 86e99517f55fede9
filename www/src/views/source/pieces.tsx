/** A line of source: coloured, and with what was searched for marked. */
import type { JSX } from 'preact';
import { pieces } from '../../lib/golex';
import type { LineState, Piece } from '../../lib/golex';
import { cutAt } from '../../lib/marks';

/** The line. Without a state it is not Go, and has no colours. */
export function Line(props: { text: string; state: LineState | undefined; search: RegExp | null }): JSX.Element {
  const { text, state, search } = props;
  const plain: Piece[] = state === undefined ? [{ kind: 'text', text }] : pieces(text, state);
  const cut = search === null ? plain.map((piece) => ({ ...piece, marked: false })) : cutAt(plain, search);
  return (
    <code class="source-line">
      {cut.map(({ kind, text: part, marked }, at) => {
        const inner = kind === 'text' ? part : <span class={`tok-${kind}`}>{part}</span>;
        return marked ? <mark key={at}>{inner}</mark> : inner;
      })}
    </code>
  );
}
