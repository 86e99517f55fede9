// The flame graph: an icicle, root on top, drawn on a canvas of the viewport's size.

import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../../core';
import type { FlameInfo, Query } from '../../core';
import { inverted, query } from '../../state';
import { Graph } from '../../flame/graph';
import { Toolbar } from '../../flame/toolbar';
import '../../flame/flame.css';

/** The view. */
export function FlameView(): JSX.Element {
  const asked = query.value;
  const turned = inverted.value;
  const answer = useQueryAnswer(asked, (now) => keyed('view').flame(now, turned), [turned]);
  const info = answer.loading ? undefined : answer.value;
  // The graph stays while the next tree is counted; only its first appearance waits.
  const held = useRef<{ asked: Query; turned: boolean; info: FlameInfo } | null>(null);
  if (asked !== null && info !== undefined) held.current = { asked, turned, info };
  const shown = held.current;
  return (
    <div class="pane flame">
      <Toolbar info={info} />
      {answer.error !== '' && (
        <p class="view-error" role="alert">
          {answer.error}
        </p>
      )}
      {shown !== null && <Graph {...shown} />}
    </div>
  );
}
