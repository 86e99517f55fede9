// The canvas with its hidden tree, its keys and the line under it.

import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Query } from '../../core';
import { followSize } from '../../flame/canvas';
import { listen, QUIET } from '../../flame/hands';
import type { Surface } from '../../flame/hands';
import { openFrameMenu } from '../../shell/choose';
import { registerKeys } from '../../shell/keys';
import { dark } from '../../shell/theme';
import { cameByHistory, query, search, select, selected, setReady, state, update } from '../../state';
import { showInFlame } from '../../table/show';
import { GraphController } from './controller';
import { matchesOf } from './load';
import { next } from './scene';
import type { Pointed, Scene, Way } from './scene';
import { STEP } from './toolbar';
import { GraphTree } from './tree';

/** What the line over the picture does with it. */
export interface Handle {
  zoom(factor: number): void;
  fit(): void;
}

interface Props {
  scene: Scene;
  asked: Query | null;
  face: string;
  handle: { current: Handle | null };
  /** The size has changed, in percent of the print. */
  scaled: (percent: number) => void;
  /** The scene is that of what is asked for. */
  isCurrent: boolean;
  /** Another graph is asked for, or may be: what the state says of a place is about that one. */
  isLeft: boolean;
  below: (pointed: Pointed | null, standing: number) => JSX.Element;
}

/** CSS pixels that a key moves the picture by. */
const PAN = 80;

const WAYS: Record<string, Way> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

/** The picture. */
export function Canvas(props: Props): JSX.Element {
  const { scene, asked, face, handle, scaled, isCurrent, isLeft, below } = props;
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [standing, setStanding] = useState(-1);
  const zoom = isCurrent && !isLeft ? state.value.graphZoom : null;
  const { sel } = state.value;
  const now = useRef({ scene, asked, standing, isCurrent, zoom, sel });
  now.current = { scene, asked, standing, isCurrent, zoom, sel };
  const held = useRef<GraphController | null>(null);
  const graph = (held.current ??= new GraphController({
    scaled: (share) => scaled(Math.round(share * 100)),
    zoomed: (to, step) => {
      if (now.current.zoom === null || now.current.asked !== query.peek()) return false;
      // What is selected on the way to another view is to be in sight when the graph is shown again.
      const { view, sel: selects } = state.peek();
      if (view !== 'graph' && selects !== '' && selects !== now.current.sel) return false;
      update({ graphZoom: to }, { push: step });
      return true;
    },
    drawn: () => {
      if (now.current.isCurrent && now.current.asked === query.peek()) setReady('graph');
    },
  }));

  const standOn = (at: number): void => {
    // At once, and not with the next render: a key may come before that.
    now.current = { ...now.current, standing: at };
    setStanding(at);
  };
  const choose = (at: number, push: boolean): void => {
    const node = now.current.scene.graph.nodes[at];
    if (node === undefined) return;
    standOn(at);
    select(node.name, now.current.asked, { push });
  };
  const nodeOf = (what: Pointed): number => {
    if (what.kind === 'node') return what.at;
    return what.kind === 'label' ? (now.current.scene.graph.labels[what.at]?.node ?? -1) : -1;
  };
  const open = (at: number): void => {
    const node = now.current.scene.graph.nodes[at];
    if (node !== undefined) void showInFlame(node.name, now.current.asked);
  };
  const focusTree = (options: FocusOptions): void => stage.current?.querySelector<HTMLElement>('[role=tree]')?.focus(options);

  useLayoutEffect(() => {
    if (stage.current === null || canvas.current === null) return undefined;
    graph.attach(canvas.current, face);
    handle.current = { zoom: (factor) => graph.zoomAtAim(factor), fit: () => graph.fit(true) };
    const stop = [
      followSize(stage.current, canvas.current, (width, height, ratio) => graph.resize(width, height, ratio)),
      listen(stage.current, surfaceOf(graph), {
        hover: (what) => setPointed(what),
        select: (what) => {
          focusTree(QUIET);
          if (what !== null) choose(nodeOf(what), true);
        },
        open: (what) => open(nodeOf(what)),
        menu: (what, event) => {
          const node = now.current.scene.graph.nodes[nodeOf(what)];
          if (node !== undefined) openFrameMenu(node.name, now.current.asked, event);
        },
      }),
      registerKeys(keysFor(graph, {
        walk: (way) => {
          focusTree({ preventScroll: true });
          const from = now.current.standing;
          const to = from < 0 ? 0 : next(now.current.scene, from, way);
          if (to < 0) return;
          choose(to, false);
          graph.reveal(to);
        },
        open: () => {
          open(now.current.standing);
          return now.current.standing >= 0;
        },
      })),
    ];
    const recall = (): void => graph.recall();
    addEventListener('popstate', recall);
    return () => {
      removeEventListener('popstate', recall);
      for (const one of stop) one();
      graph.detach();
      handle.current = null;
    };
  }, []);
  useLayoutEffect(() => {
    setPointed(null);
  }, [scene]);
  const placed = useRef('');
  useLayoutEffect(() => {
    graph.show(scene, zoom);
    placed.current = zoom === '' || zoom === null ? '' : state.peek().sel;
  }, [scene, zoom]);
  useSelection({ scene, asked, graph, standing, standOn, zoom, placed });
  useMatches(scene, asked, graph);
  useLayoutEffect(() => graph.set({ dark: dark.value }), [dark.value]);
  useLayoutEffect(() => graph.set({ pointed, standing }), [pointed, standing]);

  return (
    <>
      <div ref={stage} class="graph-canvas hands">
        <canvas ref={canvas} aria-hidden="true" />
        <GraphTree scene={scene} standing={standing} />
      </div>
      {below(pointed, standing)}
    </>
  );
}

interface Selecting {
  scene: Scene;
  asked: Query | null;
  graph: GraphController;
  standing: number;
  standOn: (at: number) => void;
  /** Where the URL says that the picture stands; null while it speaks of another one. */
  zoom: string | null;
  /** What was selected when the URL said where the picture stands; empty where it says nothing. */
  placed: { current: string };
}

/**
 * Stands on the selected function, and brings it into sight when it was selected elsewhere, or named in the URL:
 * not when that says what is in sight, as it does after a reload and where Back leads.
 */
function useSelection({ scene, asked, graph, standing, standOn, zoom, placed }: Selecting): void {
  // A node of the query to come means another function here.
  const node = asked === query.value ? selected.value : null;
  useEffect(() => {
    graph.set({ selected: node ?? -1 });
    if (state.peek().sel !== placed.current) placed.current = '';
    const { nodes } = scene.graph;
    if (node !== null && nodes[standing]?.name.node === node) return;
    const at = node === null ? -1 : nodes.findIndex(({ name }) => name.node === node);
    standOn(at);
    if (at >= 0 && placed.current === '' && !(zoom !== '' && cameByHistory())) graph.reveal(at);
  }, [scene, node]);
}

/** Tells the picture which nodes match the search. */
function useMatches(scene: Scene, asked: Query | null, graph: GraphController): void {
  const text = search.value;
  useEffect(() => {
    let current = true;
    if (asked === null || asked !== query.peek()) return undefined;
    matchesOf(asked, text, scene.graph).then(
      (matches) => {
        if (current) graph.set({ matches });
      },
      // The file was closed meanwhile.
      () => {},
    );
    return () => {
      current = false;
    };
  }, [scene, asked, text]);
}

/** The picture as hands move it: whichever way, and all of it by itself. */
function surfaceOf(graph: GraphController): Surface<Pointed> {
  return {
    at: (x, y) => graph.at(x, y),
    drag: (dx, dy) => graph.pan(dx, dy),
    wheel: (dx, dy) => {
      graph.pan(-dx, -dy);
      return true;
    },
    zoom: (factor, at, from) => {
      graph.pan(at.x - from.x, at.y - from.y);
      graph.zoomBy(factor, at.x, at.y, false);
    },
    left: () => graph.left(),
  };
}

interface Steps {
  walk: (way: Way) => void;
  open: () => boolean;
}

function keysFor(graph: GraphController, { walk, open }: Steps): Parameters<typeof registerKeys>[0] {
  const group = 'Call graph';
  const goes = (event: KeyboardEvent): void => {
    const way = WAYS[event.key];
    if (way !== undefined) walk(way);
  };
  return [
    { keys: Object.keys(WAYS), label: 'Caller, callee, beside', group, run: goes },
    { keys: ['Enter'], label: 'Flame graph of the selection', group, run: open },
    { keys: ['+', '='], shown: '+', label: 'Larger', group, run: () => graph.zoomAtAim(STEP) },
    { keys: ['-'], label: 'Smaller', group, run: () => graph.zoomAtAim(1 / STEP) },
    { keys: ['0'], label: 'Whole graph', group, run: () => graph.fit(true) },
    { keys: ['w'], label: 'Move up', group, run: () => graph.pan(0, PAN, true) },
    { keys: ['s'], label: 'Move down', group, run: () => graph.pan(0, -PAN, true) },
    { keys: ['a'], label: 'Move left', group, run: () => graph.pan(PAN, 0, true) },
    { keys: ['d'], label: 'Move right', group, run: () => graph.pan(-PAN, 0, true) },
  ];
}
