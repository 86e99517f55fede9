// The picture with its scroller, its hidden tree, the line under it and the legend.

import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FlameInfo, FlameShape, Query } from '../core';
import { dark } from '../shell/theme';
import { useInert } from '../table/inert';
import { cameByHistory, query, search, selected, setReady, shape, state, update } from '../state';
import { followSize } from './canvas';
import { FlameController, ROW } from './controller';
import type { Pointed } from './controller';
import { HoverLine, Legend } from './hover';
import { listen } from './hands';
import { surfaceOf } from './input';
import { PACKAGES } from './look';
import type { Look } from './look';
import type { Span } from '../lib/viewport';
import { boxFor, clicksFor, keysFor, reveal } from './stage';
import type { Half, Stage } from './stage';
import { FlameTree } from './tree';

/** Ties the controller to the document for as long as the graph is there. */
function mount(stage: Stage, canvas: HTMLCanvasElement | null): (() => void) | undefined {
  const scroller = stage.element();
  if (scroller === null || canvas === null) return undefined;
  stage.flame.attach(canvas, getComputedStyle(scroller).getPropertyValue('--mono') || 'monospace');
  const stop = [
    followSize(scroller, canvas, (width, height, ratio) => stage.flame.resize(width, height, ratio)),
    listen(scroller, surfaceOf(scroller, stage.flame, stage.upwards), clicksFor(stage)),
    keysFor(stage),
  ];
  return () => {
    for (const one of stop) one();
    stage.flame.detach();
  };
}

function newController(props: { current: Props }, wanted: () => FlameShape | null, fail: (message: string) => void, ends: (row: number) => void): FlameController {
  const { look = PACKAGES, half } = props.current;
  return new FlameController({
    zoomed: (zoom, step) => update({ [half?.zoom ?? 'zoom']: zoom }, { push: step }),
    drawn: (asked, turned) => {
      // A last repaint of the tree that is being left does not count.
      if (asked === query.peek() && turned === wanted()) (props.current.ready ?? (() => setReady('flame')))();
    },
    moved: (span, scrolled) => props.current.moved?.(span, scrolled),
    failed: fail,
    ends,
  }, look, half?.upwards ?? false);
}

/** Keeps what is at the lower edge there while the rows above become more or fewer. */
function useLowerEdge(stage: Stage, rows: number): void {
  const height = useRef(0);
  useLayoutEffect(() => {
    const element = stage.element();
    if (!stage.upwards || element === null) return;
    const left = height.current - element.scrollTop;
    height.current = element.scrollHeight;
    element.scrollTop = height.current - (left > 0 ? left : element.clientHeight);
  }, [rows]);
}

/**
 * A selection made elsewhere: the function's widest box becomes the place where the keyboard walks
 * from. It is zoomed to when it cannot be seen, but not when the graph itself has just changed, or
 * Back was pressed, for then the zoom in the URL decides.
 */
function useSelection(stage: Stage, asked: Query, turned: FlameShape, node: number | null): void {
  const before = useRef<{ asked: Query; turned: FlameShape } | null>(null);
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
      !current || selected.peek() !== node || query.peek() !== asked || stage.wanted() !== turned;
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
function useViewState(stage: Stage, { asked, turned, info, look, half }: Props): void {
  const { flame } = stage;
  const { root, left, right } = state.value[half?.zoom ?? 'zoom'];
  const all = half?.root ?? 'all';
  useLayoutEffect(() => {
    stage.setPointed(null);
    stage.fail('');
    flame.setTree(asked, turned, `${all} · ${info.total}${info.signed && asked.base == null ? ' in absolute values' : ''}`, info.nodeSet);
    flame.showZoom({ root, left, right }).catch((error: unknown) => stage.fail(String(error)));
  }, [asked, turned, info, root, left, right]);
  useLayoutEffect(() => flame.setLook(look ?? PACKAGES), [look]);
  useLayoutEffect(() => flame.setSearch(search.value), [search.value]);
  useLayoutEffect(() => flame.setDark(dark.value), [dark.value]);
}

/** What is different in one of two graphs that are shown together. */
export interface HalfProps extends Half {
  /** Its title, for those who do not see it. */
  title: string;
  /** What its root is called. */
  root: string;
  /** Rows grow upwards. */
  upwards: boolean;
  /** Where the state has its zoom. */
  zoom: 'zoom' | 'callersZoom';
  /** The tree that should be shown by now. */
  wanted: () => FlameShape | null;
}

/** What a minimap or another companion of the graph needs to move it. */
export interface Moving {
  /** Shows a part of the width. */
  show(span: Span): void;
  scroller(): HTMLElement | null;
}

/** A tree to draw. */
export interface Props {
  asked: Query;
  turned: FlameShape;
  info: FlameInfo;
  /** Packages without it. */
  look?: Look | undefined;
  /** It is drawn; without it the flame graph is ready then. */
  ready?: () => void;
  /** One of two graphs; whether that is so never changes. */
  half?: HalfProps;
  /** What is on screen has moved: the part of the width, and CSS pixels scrolled away. */
  moved?: (span: Span, scrolled: number) => void;
  /** Stands above the graph. */
  above?: (moving: Moving) => JSX.Element;
  /** Stands below it in place of the legend. */
  legend?: JSX.Element;
}

/** The graph of one tree. */
export function Graph(props: Props): JSX.Element {
  const { asked, turned, info, look, half } = props;
  const latest = useRef(props);
  latest.current = props;
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
  const wanted = (): FlameShape | null => (half === undefined ? shape.peek() : (latest.current.half?.wanted() ?? null));
  held.current ??= {
    flame: newController(latest, wanted, fail, setEnd),
    now, wanted, upwards: half?.upwards ?? false, half,
    element: () => scroller.current, setBox: standOn, setPointed, fail,
  };
  const stage = held.current;
  const moving = useRef<Moving>({ show: (span) => stage.flame.show(span), scroller: () => scroller.current });
  const isOld = asked !== query.value;
  // A node of the query to come means another function here.
  const node = isOld ? null : selected.value;
  useInert(scroller, isOld);
  const rows = Math.min(info.rows, end);

  useLayoutEffect(() => mount(stage, canvas.current), []);
  useViewState(stage, props);
  useSelection(stage, asked, turned, node);
  useEffect(() => stage.flame.setSelection(node, box), [node, box]);
  useLowerEdge(stage, rows);

  return (
    <>
      {failure !== '' && (
        <p class="view-error" role="alert">
          {failure}
        </p>
      )}
      {info.signed && look?.legend === undefined && (
        <p class="flame-signed">
          Some values are negative: such boxes are blue, hatched and marked −. Widths are of absolute values.
        </p>
      )}
      {props.above?.(moving.current)}
      <div ref={scroller} class="flame-scroll hands" onFocusIn={half?.activate}>
        <div class="flame-spacer" style={{ height: `${rows * ROW}px` }}>
          <canvas ref={canvas} class="flame-canvas" aria-hidden="true" />
        </div>
        <FlameTree query={asked} shape={turned} box={box} title={half?.title ?? 'Flame graph'} />
      </div>
      <HoverLine query={asked} shape={turned} pointed={pointed} box={box} half={half !== undefined} />
      {props.legend ?? (look?.legend === undefined ? <Legend signed={info.signed} /> : <look.legend />)}
    </>
  );
}
