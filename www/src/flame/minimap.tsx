// The whole tree above the graph, as low as it has to be, with the part that is on screen framed.
//
// Everything it does is there by keyboard, too: + and - zoom, a and d move, arrows walk, 0 shows all.
// So it is hidden from those who do not see it.

import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { keyed } from '../core';
import type { FlameShape, Query } from '../core';
import { dark } from '../shell/theme';
import { search } from '../state';
import { BoxFlag } from '../protocol';
import type { FlameColumns } from '../protocol';
import { ROW } from './controller';
import type { Moving } from './graph';
import { dragged, gripAt, placed } from './mapframe';
import type { Frame, Grip } from './mapframe';
import { paletteFor, Special } from './palette';
import './minimap.css';

/** CSS pixels. */
const HEIGHT = 56;
/** Rows asked for at most; deeper ones are a line or two of pixels. */
const MOST_ROWS = 4096;
/** Width asked for: finer than this nothing is seen at this height, and the answer stays small. */
const WIDTH = 640;

function paint(canvas: HTMLCanvasElement, columns: FlameColumns, rows: number, isDark: boolean): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { fills, text } = paletteFor(isDark);
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const [r, g, b] = text.map((value) => Math.round(value * 255));
  const layers = [
    [0, `rgba(${r}, ${g}, ${b}, 0.3)`],
    [BoxFlag.merged, `rgba(${r}, ${g}, ${b}, 0.16)`],
    [BoxFlag.match, fills[Special.match] ?? ''],
  ] as const;
  const step = Math.min(6, height / rows);
  for (const [wanted, fill] of layers) {
    context.fillStyle = fill;
    for (let i = 0; i < columns.row.length; i++) {
      const flags = (columns.flags[i] as number) & (BoxFlag.merged | BoxFlag.match);
      const kind = (flags & BoxFlag.match) !== 0 ? BoxFlag.match : flags;
      if (kind !== wanted) continue;
      const left = ((columns.x[i] as number) / WIDTH) * width;
      const wide = Math.max(wanted === BoxFlag.match ? 2 : 1, ((columns.w[i] as number) / WIDTH) * width - 0.5);
      const top = (columns.row[i] as number) * step;
      context.fillRect(left, top, wide, Math.max(1, step > 2 ? step - 0.5 : step));
    }
  }
}

interface MapProps {
  asked: Query;
  turned: FlameShape;
  /** Moves the graph. */
  moving: Moving;
  /** What is on screen, whenever that has changed. */
  follow: (hear: (frame: Frame) => void) => void;
}

/** Rows of the whole tree at full width, asked for once for a tree and a search. */
function useWhole({ asked, turned }: MapProps): FlameColumns | null {
  const [columns, setColumns] = useState<FlameColumns | null>(null);
  const expression = search.value;
  useEffect(() => {
    let current = true;
    const wanted = {
      shape: turned, root: '0', left: 0, right: 1, firstRow: 0, rowCount: MOST_ROWS, width: WIDTH, minWidth: 1.5, search: expression,
    };
    // A refusal is said by the graph.
    keyed('flame.minimap').flameBoxes(asked, wanted).then((answer) => {
      if (current) setColumns(answer);
    }, () => {});
    return () => {
      current = false;
    };
  }, [asked, turned, expression]);
  return columns;
}

/** The map. */
export function Minimap(props: MapProps): JSX.Element {
  const { moving, follow } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const columns = useWhole(props);
  const [size, setSize] = useState({ width: 0, ratio: 1 });
  const rows = Math.max(1, Math.min(MOST_ROWS, columns?.endRow ?? 1));
  /** CSS pixels of a row here. */
  const step = Math.min(6 / size.ratio, HEIGHT / rows);
  const now = useRef<Frame>({ left: 0, right: 1, top: 0, bottom: 1 });
  const show = (): void => {
    const element = frame.current;
    if (element === null) return;
    const { left, right, top, bottom } = placed(now.current, size.width, step, HEIGHT);
    element.style.transform = `translate(${left}px, ${top}px)`;
    element.style.width = `${right - left}px`;
    element.style.height = `${bottom - top}px`;
  };
  follow((seen) => {
    now.current = seen;
    show();
  });
  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, ratio: devicePixelRatio }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null || columns === null || size.width === 0) return;
    element.width = Math.round(size.width * size.ratio);
    element.height = Math.round(HEIGHT * size.ratio);
    paint(element, columns, rows, dark.value);
    show();
  }, [columns, size, dark.value]);

  const grip = useRef<Grip | null>(null);
  const share = (event: PointerEvent): number => event.offsetX / Math.max(1, size.width);
  const scroll = (row: number): void => {
    const element = moving.scroller();
    if (element !== null) element.scrollTop = row * ROW - element.clientHeight / 2;
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    canvas.current?.setPointerCapture(event.pointerId);
    grip.current = gripAt(now.current, share(event), 6 / Math.max(1, size.width));
    if (grip.current.part === 'outside') {
      moving.show(dragged(now.current, grip.current, share(event)));
      scroll(event.offsetY / step);
      grip.current = { ...grip.current, part: 'middle', at: share(event), from: dragged(now.current, grip.current, share(event)) };
    }
  };
  const move = (event: PointerEvent): void => {
    if (grip.current === null) {
      const { part } = gripAt(now.current, share(event), 6 / Math.max(1, size.width));
      event.currentTarget instanceof HTMLElement && (event.currentTarget.style.cursor = part === 'left' || part === 'right' ? 'ew-resize' : part === 'middle' ? 'grab' : 'pointer');
      return;
    }
    moving.show(dragged(now.current, grip.current, share(event)));
    if (grip.current.part === 'middle') scroll(event.offsetY / step);
  };
  const up = (): void => {
    grip.current = null;
  };
  return (
    <div class="minimap" aria-hidden="true">
      <canvas ref={canvas} onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={up} />
      <div ref={frame} class="minimap-frame" />
    </div>
  );
}
