// The flame graph: an icicle, root on top, drawn on a canvas of the viewport's size.

import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../../core';
import type { FlameInfo, Query } from '../../core';
import { countText } from '../../lib/bytes';
import { Icon } from '../../shell/icons';
import { FULL_ZOOM, inverted, query, state, update } from '../../state';
import { Graph } from './graph';
import './flame.css';

function Toolbar({ info }: { info: FlameInfo | undefined }): JSX.Element {
  const { root, left, right } = state.value.zoom;
  const whole = root === '0' && left === 0 && right === 1;
  const turn = (to: boolean): void => update({ inverted: to }, { push: true });
  return (
    <div class="pane-bar">
      <span class="segmented" role="group" aria-label="Direction">
        <button type="button" aria-pressed={!inverted.value} onClick={() => turn(false)}>
          Top-down
        </button>
        <button type="button" aria-pressed={inverted.value} onClick={() => turn(true)}>
          Bottom-up
        </button>
      </span>
      <span class="flame-shape">
        {info !== undefined && `${countText(info.stacks)} stacks · ${countText(info.rows)} rows`}
      </span>
      <button type="button" class="button small flame-reset" disabled={whole} aria-label="Reset zoom"
        onClick={() => update({ zoom: FULL_ZOOM }, { push: true })}>
        <Icon name="reset" />
        <span>Reset zoom</span>
      </button>
    </div>
  );
}

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
