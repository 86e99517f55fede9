// The picture with its scroller, its hidden tree, the line under it and the legend.

import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FlameInfo, Query } from '../core';
import { dark } from '../shell/theme';
import { useInert } from '../table/inert';
import { cameByHistory, inverted, query, search, selected, setReady, state, update } from '../state';
import { FlameController, ROW } from './controller';
import type { Pointed } from './controller';
import { HoverLine, Legend } from './hover';
import { listen } from './input';
import { PACKAGES } from './look';
import type { Look } from './look';
import { boxFor, clicksFor, keysFor, reveal } from './stage';
import type { Stage } from './stage';
import { FlameTree } from './tree';

/** Keeps the canvas as large as its scroller, in whole device pixels. */
function followSize(scroller: HTMLElement, canvas: HTMLCanvasElement, flame: FlameController): () => void {
  const fit = (): void => {
    const ratio = devicePixelRatio;
    const { clientWidth, clientHeight } = scroller;
    canvas.style.width = `${clientWidth}px`;
    canvas.style.height = `${clientHeight}px`;
    flame.resize(Math.round(clientWidth * ratio), Math.round(clientHeight * ratio), ratio);
  };
  const observer = new ResizeObserver(fit);
  observer.observe(scroller);
  fit();
  return () => observer.disconnect();
}

/** Ties the controller to the document for as long as the graph is there. */
function mount(stage: Stage, canvas: HTMLCanvasElement | null): (() => void) | undefined {
  const scroller = stage.element();
  if (scroller === null || canvas === null) return undefined;
  stage.flame.attach(canvas, getComputedStyle(scroller).getPropertyValue('--mono') || 'monospace');
  const stop = [
    followSize(scroller, canvas, stage.flame),
    listen(scroller, stage.flame, clicksFor(stage)),
    keysFor(stage),
  ];
  return () => {
    for (const one of stop) one();
    stage.flame.detach();
  };
}

function newController({ look = PACKAGES, ready = () => setReady('flame') }: Props, fail: (message: string) => void, ends: (row: number) => void): FlameController {
  return new FlameController({
    zoomed: (zoom, step) => update({ zoom }, { push: step }),
    drawn: (asked, turned) => {
      // A last repaint of the tree that is being left does not count.
      if (asked === query.peek() && turned === inverted.peek()) ready();
    },
    failed: fail,
    ends,
  }, look);
}

/**
 * A selection made elsewhere: the function's widest box becomes the place where the keyboard walks
 * from. It is zoomed to when it cannot be seen, but not when the graph itself has just changed, or
 * Back was pressed, for then the zoom in the URL decides.
 */
function useSelection(stage: Stage, asked: Query, turned: boolean, node: number | null): void {
  const before = useRef<{ asked: Query; turned: boolean } | null>(null);
  useEffect(() => {
    const sameTree = before.current?.asked === asked && before.current.turned === turned;
    before.current = { asked, turned };
    const travelled = cameByHistory();
    if (node === null) {
      // Standing on the root selects nothing, and is a place to walk from.
      if (!sameTree || stage.now.current.box !== '0') stage.setBox('');
      return undefined;
    }
    let current = true;
    const isLate = (): boolean =>
      !current || selected.peek() !== node || query.peek() !== asked || inverted.peek() !== turned;
    const found = (details: Awaited<ReturnType<typeof boxFor>>): void => {
      if (details === null || isLate()) return;
      stage.setBox(details.id);
      reveal(stage, details);
      if (sameTree && !travelled && !stage.flame.isSeen(details)) stage.flame.zoomTo(details);
    };
    boxFor(stage, node).then(found, (error: unknown) => {
      if (!isLate()) stage.fail(String(error));
    });
    return () => {
      current = false;
    };
  }, [asked, turned, node]);
}

/** Hands the controller what the state says. Before the next frame: the question for the boxes should not wait for it. */
function useViewState(stage: Stage, asked: Query, turned: boolean, info: FlameInfo): void {
  const { flame } = stage;
  const { root, left, right } = state.value.zoom;
  useLayoutEffect(() => {
    stage.setPointed(null);
    stage.fail('');
    flame.setTree(asked, turned, `all · ${info.total}${info.signed && asked.base == null ? ' in absolute values' : ''}`, info.nodeSet);
    flame.showZoom({ root, left, right }).catch((error: unknown) => stage.fail(String(error)));
  }, [asked, turned, info, root, left, right]);
  useLayoutEffect(() => flame.setSearch(search.value), [search.value]);
  useLayoutEffect(() => flame.setDark(dark.value), [dark.value]);
}

/** A tree to draw. */
export interface Props {
  asked: Query;
  turned: boolean;
  info: FlameInfo;
  /** The same as long as the graph is there. */
  look?: Look;
  /** It is drawn; without it the flame graph is ready then. */
  ready?: () => void;
}

/** The graph of one tree. */
export function Graph(props: Props): JSX.Element {
  const { asked, turned, info, look } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [box, setBox] = useState('');
  const [failure, fail] = useState('');
  const now = useRef({ asked, turned, box });
  now.current = { asked, turned, box };
  const held = useRef<Stage | null>(null);
  const standOn = (id: string): void => {
    // At once, and not with the next render: a key may come before that.
    now.current = { ...now.current, box: id };
    setBox(id);
  };
  // Boxes get too thin to be drawn long before the deepest stack ends: nobody should scroll through what is empty.
  const [end, setEnd] = useState(info.rows);
  held.current ??= { flame: newController(props, fail, setEnd), now, element: () => scroller.current, setBox: standOn, setPointed, fail };
  const stage = held.current;
  const isOld = asked !== query.value;
  // A node of the query to come means another function here.
  const node = isOld ? null : selected.value;
  useInert(scroller, isOld);

  useLayoutEffect(() => mount(stage, canvas.current), []);
  useViewState(stage, asked, turned, info);
  useSelection(stage, asked, turned, node);
  useEffect(() => stage.flame.setSelection(node, box), [node, box]);

  return (
    <>
      {failure !== '' && (
        <p class="view-error" role="alert">
          {failure}
        </p>
      )}
      {info.signed && look === undefined && (
        <p class="flame-signed">
          Some values are negative: such boxes are blue, hatched and marked −. Widths are of absolute values.
        </p>
      )}
      <div ref={scroller} class="flame-scroll">
        <div class="flame-spacer" style={{ height: `${Math.min(info.rows, end) * ROW}px` }}>
          <canvas ref={canvas} class="flame-canvas" aria-hidden="true" />
        </div>
        <FlameTree query={asked} inverted={turned} box={box} />
      </div>
      <HoverLine query={asked} inverted={turned} pointed={pointed} box={box} />
      {look?.legend === undefined ? <Legend signed={info.signed} /> : <look.legend />}
    </>
  );
}
