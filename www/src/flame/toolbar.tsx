// The line over a flame graph: which way it stands, how large it is, and back to the whole of it.

import type { JSX } from 'preact';
import type { FlameInfo } from '../core';
import { countText } from '../lib/bytes';
import { sameZoom } from '../lib/viewport';
import { Icon } from '../shell/icons';
import { FULL_ZOOM, inverted, state, update } from '../state';
import type { Zoom } from '../state';
import { turnOrder } from './stage';

/** The line. */
export function Toolbar({ info, sandwich }: { info: FlameInfo | undefined; sandwich?: boolean }): JSX.Element {
  const { order, sel } = state.value;
  const isWhole = (zoom: Zoom): boolean => sameZoom(zoom, FULL_ZOOM);
  const whole = isWhole(state.value.zoom) && (sandwich !== true || isWhole(state.value.callersZoom));
  const turn = (to: boolean): void => update({ inverted: to }, { push: true });
  return (
    <div class="pane-bar">
      {sandwich !== true && <span class="segmented" role="group" aria-label="Direction">
        <button type="button" aria-pressed={!inverted.value} onClick={() => turn(false)}>
          Top-down
        </button>
        <button type="button" aria-pressed={inverted.value} onClick={() => turn(true)}>
          Bottom-up
        </button>
      </span>}
      <button type="button" class="button small" aria-pressed={order === 'name'} onClick={turnOrder}
        title="Siblings by name, so that two pictures can be compared; otherwise heaviest first">
        By name
      </button>
      {sandwich !== undefined && (
        <button type="button" class="button small" aria-pressed={sandwich} disabled={sel === ''}
          title={sel === '' ? 'Select a function first' : 'Callers above and callees below the selected function'}
          onClick={() => update({ sandwich: !sandwich }, { push: true })}>
          Sandwich
        </button>
      )}
      <span class="flame-shape">
        {info !== undefined && `${countText(info.stacks)} stacks · ${countText(info.rows)} rows`}
      </span>
      <button type="button" class="button small flame-reset" disabled={whole} aria-label="Reset zoom"
        onClick={() => update({ zoom: FULL_ZOOM, callersZoom: FULL_ZOOM }, { push: true })}>
        <Icon name="reset" />
        <span>Reset zoom</span>
      </button>
    </div>
  );
}
