// The flame graph: an icicle, root on top, drawn on a canvas of the viewport's size.

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { core, keyed, useAnswer } from '../../core';
import type { BoxDetails, FlameInfo, Query } from '../../core';
import { Icon } from '../../shell/icons';
import { registerKeys } from '../../shell/keys';
import { dark } from '../../shell/theme';
import { highlight, inverted, query, search, select, selected, setReady, state, update } from '../../state';
import { GranularityControls } from '../../table/controls';
import { FlameController, ROW } from './controller';
import type { Pointed } from './controller';
import { HoverLine, Legend } from './hover';
import { listen } from './input';
import { FlameTree } from './tree';
import './flame.css';

/** Zoom and pan of one key press. */
const KEY_ZOOM = 0.6;
const KEY_PAN = 0.25;

function Toolbar({ info, onReset }: { info: FlameInfo | undefined; onReset: () => void }): JSX.Element {
  const { root, left, right } = state.value.zoom;
  const whole = root === '0' && left === 0 && right === 1;
  const turn = (to: boolean): void => update({ inverted: to }, { push: true });
  return (
    <div class="pane-bar">
      <span class="segmented" role="group" aria-label="Direction">
        <button type="button" aria-pressed={!inverted.value} onClick={() => turn(false)}>Top-down</button>
        <button type="button" aria-pressed={inverted.value} onClick={() => turn(true)}>Bottom-up</button>
      </span>
      <GranularityControls />
      <span class="flame-shape">
        {info !== undefined && `${info.boxes.toLocaleString('en-US')} boxes · ${info.rows.toLocaleString('en-US')} rows`}
      </span>
      <button type="button" class="button small" disabled={whole} onClick={onReset}>
        <Icon name="reset" />
        Reset zoom
      </button>
    </div>
  );
}

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

interface Walk {
  up: () => void;
  down: () => void;
  left: () => void;
  right: () => void;
  enter: () => void;
}

function keysFor(flame: FlameController, walk: Walk): () => void {
  const group = 'Flame graph';
  return registerKeys([
    { keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'], label: 'Caller, heaviest callee, neighbours', group,
      run: (event) => {
        const step = { ArrowUp: walk.up, ArrowDown: walk.down, ArrowLeft: walk.left, ArrowRight: walk.right }[event.key];
        step?.();
      } },
    { keys: ['Enter'], label: 'Zoom to the selection', group, run: walk.enter },
    { keys: ['+', '=', 'w'], shown: '+ w', label: 'Zoom in', group, run: () => flame.zoomBy(0.5, KEY_ZOOM, true) },
    { keys: ['-', 's'], label: 'Zoom out', group, run: () => flame.zoomBy(0.5, 1 / KEY_ZOOM, true) },
    { keys: ['a'], label: 'Move left', group, run: () => flame.pan(-KEY_PAN, true) },
    { keys: ['d'], label: 'Move right', group, run: () => flame.pan(KEY_PAN, true) },
    { keys: ['0'], label: 'Whole tree', group, run: () => void flame.reset() },
    { keys: ['i'], label: 'Top-down or bottom-up', group, run: () => update({ inverted: !inverted.peek() }, { push: true }) },
    // While zoomed, Escape goes back first; otherwise it means what it means everywhere.
    { keys: ['Escape'], label: '', group, run: () => flame.reset() },
  ]);
}

function Graph({ asked, turned, info }: { asked: Query; turned: boolean; info: FlameInfo }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [box, setBox] = useState('');
  const [failure, setFailure] = useState('');
  const flame = useRef<FlameController | null>(null);
  flame.current ??= new FlameController({
    zoomed: (zoom, step) => update({ zoom }, { push: step }),
    drawn: () => setReady('flame'),
    failed: setFailure,
  });
  const controller = flame.current;
  // The keyboard's callbacks outlive a render; they read what is current from here.
  const now = useRef({ asked, turned, box });
  now.current = { asked, turned, box };

  const detailsOf = (id: string): Promise<BoxDetails> => keyed('flame.step').flameBox(asked, turned, id);

  const reveal = (details: BoxDetails): void => {
    const element = scroller.current;
    if (element === null) return;
    const top = details.row * ROW;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW > element.scrollTop + element.clientHeight) element.scrollTop = top + ROW - element.clientHeight;
  };

  const choose = (details: BoxDetails): void => {
    setBox(details.id);
    reveal(details);
    select(details.name ?? null);
    if (!controller.isSeen(details)) controller.zoomTo(details);
  };

  const step = async (pick: (here: BoxDetails) => string | undefined): Promise<void> => {
    const { asked: query, turned: inverse, box: from } = now.current;
    const here = await core.flameBox(query, inverse, from || '0');
    const to = from === '' ? '0' : pick(here);
    if (to === undefined || to === '') return;
    choose(await core.flameBox(query, inverse, to));
  };

  useEffect(() => {
    const element = scroller.current;
    const surface = canvas.current;
    if (element === null || surface === null) return undefined;
    controller.attach(surface, getComputedStyle(element).getPropertyValue('--mono') || 'monospace');
    const stop = [
      followSize(element, surface, controller),
      listen(element, controller, {
        hover: (what) => {
          setPointed(what);
          controller.setPointed(what);
          highlight.value = what?.name?.node ?? null;
        },
        select: (what) => {
          element.querySelector<HTMLElement>('[role=tree]')?.focus({ preventScroll: true });
          if (what === null || what.merged) return;
          setBox(what.id);
          select(what.name ?? null, { push: true });
        },
        zoomTo: (what) => {
          const { asked: query, turned: inverse } = now.current;
          void core.flameBox(query, inverse, what.id).then((details) => controller.zoomTo(details));
        },
      }),
      keysFor(controller, {
        up: () => void step((here) => here.parent),
        down: () => void step((here) => here.children[0]),
        left: () => void step((here) => here.previous),
        right: () => void step((here) => here.next),
        enter: () => {
          const { asked: query, turned: inverse, box: from } = now.current;
          if (from !== '') void core.flameBox(query, inverse, from).then((details) => controller.zoomTo(details));
        },
      }),
    ];
    return () => {
      for (const one of stop) one();
      controller.detach();
      highlight.value = null;
    };
  }, []);

  const zoom = state.value.zoom;
  const node = selected.value;
  useEffect(() => {
    setPointed(null);
    setFailure('');
    controller.setTree(asked, turned, `all · ${info.total}`);
    controller.showZoom(zoom).catch((error: unknown) => setFailure(String(error)));
  }, [asked, turned, info, zoom.root, zoom.left, zoom.right]);
  useEffect(() => controller.setSearch(search.value), [search.value]);
  useEffect(() => controller.setDark(dark.value), [dark.value]);
  useEffect(() => controller.setSelection(node, box), [node, box]);
  // A selection made elsewhere: its widest box becomes the place where the keyboard walks from.
  useEffect(() => {
    if (node === null) {
      setBox('');
      return;
    }
    void follow(asked, turned, node, now.current.box).then((details) => {
      if (details === null) return;
      setBox(details.id);
      reveal(details);
    });
  }, [asked, turned, node]);

  return (
    <>
      {failure !== '' && <p class="view-error" role="alert">{failure}</p>}
      <div ref={scroller} class="flame-scroll">
        <div class="flame-spacer" style={{ height: `${info.rows * ROW}px` }}>
          <canvas ref={canvas} class="flame-canvas" aria-hidden="true" />
        </div>
        <FlameTree query={asked} inverted={turned} box={box} />
      </div>
      <HoverLine query={asked} inverted={turned} pointed={pointed} />
      <Legend />
    </>
  );
}

/** The box to stand on after `node` was selected; null when the present one is a box of it. */
async function follow(query: Query, turned: boolean, node: number, box: string): Promise<BoxDetails | null> {
  if (box !== '') {
    const here = await keyed('flame.follow').flameBox(query, turned, box);
    if (here.name?.node === node) return null;
  }
  const widest = await keyed('flame.follow').flameFind(query, turned, node);
  return widest === '' ? null : keyed('flame.follow').flameBox(query, turned, widest);
}

/** The view. */
export function FlameView(): JSX.Element {
  const asked = query.value;
  const turned = inverted.value;
  const answer = useAnswer(
    () => (asked === null ? null : keyed('flame').flame(asked, turned)),
    [asked, turned],
  );
  const info = answer.loading ? undefined : answer.value;
  // The graph stays while the next tree is counted; only its first appearance waits.
  const [shown, setShown] = useState<{ asked: Query; turned: boolean; info: FlameInfo } | null>(null);
  useEffect(() => {
    if (asked !== null && info !== undefined) setShown({ asked, turned, info });
  }, [asked, turned, info]);
  const reset = (): void => update({ zoom: { root: '0', left: 0, right: 1 } }, { push: true });
  return (
    <div class="pane flame">
      <Toolbar info={info} onReset={reset} />
      {answer.error !== '' && <p class="view-error" role="alert">{answer.error}</p>}
      {shown !== null && <Graph {...shown} />}
    </div>
  );
}
