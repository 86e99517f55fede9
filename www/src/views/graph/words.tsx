// What stands around the picture: what the pointer is on, what the looks mean, and why there is no picture.

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CallNode } from '../../core';
import { countText } from '../../lib/bytes';
import { dark } from '../../shell/theme';
import { state, update } from '../../state';
import { frameSource, NameText } from '../../table/frame';
import { paint } from './colours';
import type { Waiting } from './layout';
import type { Loaded } from './load';
import type { Pointed, Scene } from './scene';

const MOUSE = 'Click selects · double-click opens the flame graph · drag or wheel moves · Ctrl+wheel zooms · arrows walk';
const TOUCH = 'Tap selects · double tap opens the flame graph · drag moves · pinch zooms';

function OfNode({ node }: { node: CallNode }): JSX.Element {
  return (
    <>
      <span class="flame-what" title={node.name.full}>
        <NameText name={node.name} />
      </span>
      <span class="flame-numbers">
        cum <b>{node.cum}</b> {node.cumPct} · flat <b>{node.flat}</b> {node.flatPct}
      </span>
      <span class="flame-source dim-text">
        <bdi>{frameSource(node.name)}</bdi>
      </span>
    </>
  );
}

function OfCall({ scene, at }: { scene: Scene; at: number }): JSX.Element | null {
  const { edges, nodes } = scene.graph;
  const edge = edges[at];
  const [from, to] = [nodes[edge?.from ?? -1]?.name, nodes[edge?.to ?? -1]?.name];
  if (edge === undefined || from === undefined || to === undefined) return null;
  const arrow = edge.residual ? '⋯' : '→';
  return (
    <>
      <span class="flame-what graph-call" title={`${from.full} ${arrow} ${to.full}`}>
        <NameText name={from} /> {arrow} <NameText name={to} />
      </span>
      <span class="flame-numbers">
        <b>{edge.value}</b> {edge.pct}
        {edge.inline && ' · inlined'}
        {edge.residual && ' · frames between are left out'}
      </span>
    </>
  );
}

function OfLabel({ scene, at }: { scene: Scene; at: number }): JSX.Element | null {
  const { labels, nodes } = scene.graph;
  const box = labels[at];
  if (box === undefined) return null;
  return (
    <>
      <span class="flame-what frame-strong">
        <bdi>{box.lines.join(' · ')}</bdi>
      </span>
      <span class="flame-numbers">
        <b>{box.value}</b> {box.dotted ? 'through' : 'in'} {nodes[box.node]?.name.full}
      </span>
    </>
  );
}

/** The line under the picture. Its place is kept while there is nothing to say. */
export function HoverLine({ scene, pointed, standing }: { scene: Scene; pointed: Pointed | null; standing: number }): JSX.Element {
  const node = scene.graph.nodes[pointed === null ? standing : pointed.kind === 'node' ? pointed.at : -1];
  const { sel } = state.value;
  const isElsewhere = pointed === null && node === undefined && sel !== '';
  return (
    <p class="flame-hover">
      {node !== undefined && <OfNode node={node} />}
      {pointed?.kind === 'call' && <OfCall scene={scene} at={pointed.at} />}
      {pointed?.kind === 'label' && <OfLabel scene={scene} at={pointed.at} />}
      {isElsewhere && <span class="dim-text">{sel} is not among the nodes shown.</span>}
      {pointed === null && node === undefined && !isElsewhere && (
        <span class="dim-text">{matchMedia('(pointer: coarse)').matches ? TOUCH : MOUSE}</span>
      )}
    </p>
  );
}

/** Shares whose colours the legend shows. */
const SHARES = [0.01, 0.08, 0.3, 1];

/** What the looks mean. */
export function Legend({ graph, plain }: { graph: Loaded; plain: 'no' | 'chosen' | 'needed' }): JSX.Element {
  const { info, edges, labels } = graph;
  const colours = SHARES.map((score) => paint({ score, line: '', fill: '' }, true));
  const shown = dark.value ? colours.map(({ line }) => line) : LIGHT;
  return (
    <ul class="flame-legend graph-legend" aria-label="Looks">
      <li>
        {countText(info.nodeCount)} {info.nodeCount === 1 ? 'node' : 'nodes'}, {countText(info.edgeCount)} {info.edgeCount === 1 ? 'call' : 'calls'}
        {plain !== 'no' && ', in layers'}
        {plain === 'needed' && ': too many for Graphviz'}
      </li>
      <li>
        <span class="swatch" aria-hidden="true">
          {shown.map((colour) => (
            <i key={colour} style={{ background: colour }} />
          ))}
        </span>
        red = cum of a node, value of a call
      </li>
      <li>size of text = flat</li>
      <li>width of line = value</li>
      {edges.some((edge) => edge.residual) && <li>dotted = frames between left out</li>}
      {edges.some((edge) => edge.inline) && <li>(inline) = inlined into its caller</li>}
      {labels.length > 0 && <li>deep box = label</li>}
    </ul>
  );
}

/** pprof's lines at `SHARES`. */
const LIGHT = ['#b2b0a9', '#b2916b', '#b23600', '#b20000'];

/** Milliseconds before a wait is worth a word, and between two words. */
const SOON = 200;
const TICK = 100;

/** A wait for a layout, with its end in sight. */
export function Progress({ nodes, waiting }: { nodes: number; waiting: Waiting }): JSX.Element | null {
  const [now, setNow] = useState(waiting.since);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  const elapsed = now - waiting.since;
  if (elapsed < SOON) return null;
  return (
    <div class="graph-note">
      <p role="status">Laying out {countText(nodes)} nodes…</p>
      <p class="dim">{(elapsed / 1000).toFixed(1)} s</p>
      <button type="button" class="button small" onClick={waiting.cancel}>
        Cancel
      </button>
    </div>
  );
}

function ShowFewer({ than }: { than: number }): JSX.Element | null {
  const fewer = than > 80 ? 80 : than > 40 ? 40 : than > 20 ? 20 : 0;
  if (fewer === 0) return null;
  return (
    <button type="button" class="button small" onClick={() => update({ graphNodes: fewer }, { push: true })}>
      Show {fewer} nodes
    </button>
  );
}

/** A layout that was given up, or that failed, and what can be done. */
export function NoLayout({ graph, waiting, plainly }: { graph: Loaded; waiting: Waiting; plainly: (() => void) | undefined }): JSX.Element {
  return (
    <div class="graph-note">
      {waiting.failure === '' ? (
        <p role="status">The layout was cancelled.</p>
      ) : (
        <p role="alert">The graph could not be laid out ({waiting.failure}).</p>
      )}
      <p class="graph-ways">
        <button type="button" class="button small" onClick={waiting.again}>
          Try again
        </button>
        {plainly !== undefined && (
          <button type="button" class="button small" onClick={plainly}>
            Plainer layout
          </button>
        )}
        <ShowFewer than={graph.info.nodeCount} />
      </p>
    </div>
  );
}

/** A graph that nobody could read, and a smaller one instead. */
export function TooLarge({ graph }: { graph: Loaded }): JSX.Element {
  const { nodeCount, edgeCount } = graph.info;
  return (
    <div class="graph-note">
      <p role="status">
        All of it is {countText(nodeCount)} nodes and {countText(edgeCount)} calls: too much to lay out, and to read.
      </p>
      <p class="dim">Trimmed as pprof does it, the graph keeps the nodes that carry most. DOT saves all of it.</p>
      <ShowFewer than={nodeCount} />
    </div>
  );
}

/** A graph without nodes. */
export function NoNodes(): JSX.Element {
  return (
    <div class="graph-note">
      <p role="status">There is nothing to draw: no function of this sample type has a value large enough.</p>
      <button type="button" class="button small" onClick={() => update({ graphNodes: 0 }, { push: true })}>
        Show all nodes
      </button>
    </div>
  );
}
