// The line over the picture: how much of the graph, what beside functions, and the ways to save it.

import type { JSX } from 'preact';
import type { CallGraph } from '../../core';
import { state, update } from '../../state';

/** Numbers of nodes that are offered; 0 is all. */
const COUNTS = [20, 40, 80, 150, 300, 0];

function NodeCount(): JSX.Element {
  const { graphNodes } = state.value;
  const counts = COUNTS.includes(graphNodes) ? COUNTS : [graphNodes, ...COUNTS];
  return (
    <label class="control" title="Nodes at most, chosen as pprof does: by how much their calls branch. Boxes of labels count, too.">
      Nodes
      <select class="menu graph-menu" value={String(graphNodes)}
        onChange={(event) => update({ graphNodes: Number(event.currentTarget.value) }, { push: true })}>
        {counts.map((count) => (
          <option key={count} value={String(count)}>
            {count === 0 ? 'all' : count}
          </option>
        ))}
      </select>
    </label>
  );
}

function Labels({ info }: { info: CallGraph | undefined }): JSX.Element {
  const { graphLabels } = state.value;
  const keys = info?.numberKeys ?? [];
  const first = info?.numberKey ?? '';
  // What is shown unasked has one name, whether the link spells it out or not.
  const value = graphLabels === '' || graphLabels === first ? first : graphLabels;
  return (
    <label class="control" title="Labels of the samples, as boxes below the nodes: texts, and one kind of numbers">
      Labels
      <select class="menu graph-menu" value={value}
        onChange={(event) => update({ graphLabels: event.currentTarget.value }, { push: true })}>
        {keys.length === 0 && <option value="">texts</option>}
        {keys.map((key) => (
          <option key={key} value={key}>
            texts, {key}
          </option>
        ))}
        <option value="-">none</option>
      </select>
    </label>
  );
}

interface Props {
  info: CallGraph | undefined;
  /** How large the picture is, in percent of its print. */
  percent: number;
  /** Undefined while there is nothing to zoom. */
  zoom: { by: (factor: number) => void; fit: () => void } | undefined;
  /** Undefined while there is nothing to save. */
  saveSvg: (() => void) | undefined;
  saveDot: (() => void) | undefined;
}

/** Zoom of one press. */
export const STEP = 1.4;

/** The line. */
export function Toolbar({ info, percent, zoom, saveSvg, saveDot }: Props): JSX.Element {
  return (
    <div class="pane-bar graph-bar">
      <NodeCount />
      <Labels info={info} />
      <label class="control" title="A node for each path on which a function is called, instead of one for each function">
        <input type="checkbox" checked={state.value.calltree}
          onChange={(event) => update({ calltree: event.currentTarget.checked }, { push: true })} />
        Call tree
      </label>
      <span class="graph-zoom" role="group" aria-label="Size">
        <button type="button" class="button small" aria-label="Smaller" disabled={zoom === undefined} onClick={() => zoom?.by(1 / STEP)}>
          −
        </button>
        <span class="graph-percent">{percent} %</span>
        <button type="button" class="button small" aria-label="Larger" disabled={zoom === undefined} onClick={() => zoom?.by(STEP)}>
          +
        </button>
        <button type="button" class="button small" disabled={zoom === undefined} onClick={() => zoom?.fit()}>
          Fit
        </button>
      </span>
      <span class="graph-save" role="group" aria-label="Save the picture">
        <button type="button" class="button small" title="The picture as a file of its own, in pprof’s colours" disabled={saveSvg === undefined} onClick={saveSvg}>
          SVG
        </button>
        <button type="button" class="button small" title={state.value.mine ? 'For Graphviz, as go tool pprof -dot writes it: with all frames, as pprof does not know “Only my code”' : 'For Graphviz, as go tool pprof -dot writes it'}
          disabled={saveDot === undefined} onClick={saveDot}>
          DOT
        </button>
      </span>
    </div>
  );
}
