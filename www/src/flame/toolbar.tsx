// The line over a flame graph: which way it stands, how large it is, and back to the whole of it.

import type { JSX } from 'preact';
import type { FlameInfo } from '../core';
import { countText } from '../lib/bytes';
import { Icon } from '../shell/icons';
import { FULL_ZOOM, inverted, state, update } from '../state';

/** The line. */
export function Toolbar({ info }: { info: FlameInfo | undefined }): JSX.Element {
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
