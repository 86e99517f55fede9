// The call graph: pprof's, laid out by Graphviz in a thread of its own, drawn on a canvas.

import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { core, useQueryAnswer } from '../../core';
import type { CallGraphOptions, Query } from '../../core';
import { isUnchecked } from '../../filtering';
import { stemOf } from '../../lib/stem';
import { download } from '../../shell/download';
import { file, query, state, wanted } from '../../state';
import { Answered, Drawn } from '../../table/view';
import { load } from './load';
import type { Loaded } from './load';
import { useLayout } from './layout';
import { Canvas } from './picture';
import type { Handle } from './picture';
import { requestFor } from './request';
import { sceneOf } from './scene';
import type { Scene } from './scene';
import { toSvg } from './svg';
import { Toolbar } from './toolbar';
import { HoverLine, Legend, NoLayout, NoNodes, Progress, TooLarge } from './words';
import '../../flame/flame.css';
import './graph.css';

function options(): CallGraphOptions {
  const { graphNodes, graphLabels, calltree } = state.value;
  return { nodeCount: graphNodes, labels: graphLabels, callTree: calltree };
}

function title(): string {
  const info = file.peek();
  return info === null ? 'Call graph' : `Call graph of ${info.name}`;
}

function saveAs(extension: string): string {
  return `${[stemOf(file.peek()?.name ?? ''), 'graph'].filter((part) => part !== '').join('-')}.${extension}`;
}

async function saveDot(asked: Query, how: CallGraphOptions): Promise<void> {
  const text = await core.callGraphDot(asked, how);
  download(text as Uint8Array<ArrayBuffer>, 'text/vnd.graphviz', saveAs('dot'));
}

function saveSvg(scene: Scene): void {
  const text = toSvg(scene, title(), scene.graph.info.legend);
  download(text, 'image/svg+xml', saveAs('svg'));
}

/** The width of a column of the page's fixed font, in its size. */
function measureAdvance(): { face: string; advance: number } {
  const face = getComputedStyle(document.documentElement).getPropertyValue('--mono') || 'monospace';
  const pen = document.createElement('canvas').getContext('2d');
  if (pen === null) return { face, advance: 0.61 };
  pen.font = `100px ${face}`;
  return { face, advance: pen.measureText('0'.repeat(64)).width / 6400 };
}

/** The view. */
export function GraphView(): JSX.Element {
  const asked = query.value;
  const how = options();
  const key = JSON.stringify(how);
  const answer = useQueryAnswer(asked, (now) => load(now, how), [key]);
  const [failure, fail] = useState('');
  const [percent, setPercent] = useState(100);
  const [scene, setScene] = useState<Scene | null>(null);
  const handle = useRef<Handle>(null);
  const graph = answer.loading ? undefined : answer.value;
  const isLeft = answer.loading || isUnchecked(wanted.value);
  const isDrawn = scene !== null && scene.graph === graph;
  useEffect(() => fail(''), [asked, key]);
  const dot = (): void => {
    if (asked === null) return;
    saveDot(asked, how).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
  };
  return (
    <section class="pane graph" aria-label="Call graph view">
      <Toolbar
        info={answer.value?.info}
        percent={percent}
        zoom={isDrawn ? { by: (factor) => handle.current?.zoom(factor), fit: () => handle.current?.fit() } : undefined}
        saveSvg={isDrawn ? () => saveSvg(scene) : undefined}
        saveDot={graph === undefined ? undefined : dot}
      />
      {failure !== '' && (
        <p class="view-error" role="alert">
          {failure}
        </p>
      )}
      <Answered answer={answer}>
        {(loaded) => <Body graph={loaded} asked={answer.asked} isLeft={isLeft} handle={handle} scaled={setPercent} laidOut={setScene} />}
      </Answered>
    </section>
  );
}

interface BodyProps {
  graph: Loaded;
  asked: Query | null;
  /** Another graph is asked for, or may be. */
  isLeft: boolean;
  handle: { current: Handle | null };
  scaled: (percent: number) => void;
  laidOut: (scene: Scene) => void;
}

function Body({ graph, asked, isLeft, handle, scaled, laidOut }: BodyProps): JSX.Element {
  const { face, advance } = useMemo(measureAdvance, []);
  const [plainFor, setPlainFor] = useState<Loaded | null>(null);
  const isEmpty = graph.nodes.length === 0;
  const request = useMemo(
    () => (isEmpty ? null : requestFor(graph, advance, plainFor === graph)),
    [graph, advance, plainFor === graph],
  );
  const waiting = useLayout(request);
  const { laid } = waiting;
  const scene = useMemo(() => (request === null || laid === undefined ? null : sceneOf(graph, request, laid)), [graph, request, laid]);
  // The picture before stays until there is the next.
  const held = useRef<Scene | null>(null);
  if (scene !== null) held.current = scene;
  else if (isEmpty) held.current = null;
  const shown = held.current;
  useLayoutEffect(() => {
    if (scene !== null) laidOut(scene);
  }, [scene]);
  const stopped = waiting.cancelled || waiting.failure !== '';
  return (
    <>
      <p class="graph-shown">{graph.info.legend.join(' · ')}</p>
      <div class="graph-stage">
        {shown !== null && (
          <Canvas scene={shown} asked={asked} face={face} handle={handle} scaled={scaled} isCurrent={shown === scene} isLeft={isLeft}
            below={(pointed, standing) => <HoverLine scene={shown} pointed={pointed} standing={standing} />} />
        )}
        {graph.info.tooLarge && <TooLarge graph={graph} />}
        {isEmpty && !graph.info.tooLarge && <NoNodes />}
        {!isEmpty && scene === null && !stopped && <Progress key={waiting.since} nodes={graph.nodes.length} waiting={waiting} />}
        {!isEmpty && scene === null && stopped && (
          <NoLayout graph={graph} waiting={waiting} plainly={request?.plain === true ? undefined : () => setPlainFor(graph)} />
        )}
      </div>
      {(isEmpty || stopped) && <Drawn view="graph" of={waiting} />}
      {!isEmpty && <Legend graph={graph} plain={request?.plain !== true ? 'no' : plainFor === graph ? 'chosen' : 'needed'} />}
    </>
  );
}
