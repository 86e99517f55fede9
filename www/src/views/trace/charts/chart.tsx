/** A picture: its title, a legend that tells the values of the place that is pointed at, axes, and the drawing. */
import type { JSX, RefObject } from 'preact';
import { useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TraceChart } from '../../../core';
import { Drawing } from './drawing';
import { peak, placeAt, places, SHADES, spanOf, thinned } from './shape';
import { described, placeText, valueText } from './words';
import './chart.css';

/** Pixels that a text of the axis takes. */
const TICK = 56;
/** Pixels of a heat map's row, and of all of them. */
const ROW = 16;
const MOST = 224;
/** Pixels that a text at a row of a heat map takes. */
const ROW_TEXT = 13;

interface Props {
  chart: TraceChart;
  /** Pixels of the drawing; a heat map has as many as its rows need. */
  height: number;
}

/** What is pointed at; the row is that of a heat map. */
interface Pointed {
  at: number;
  row: number;
}

/** The picture. */
export function Chart(props: Props): JSX.Element {
  const { chart } = props;
  const field = useRef<HTMLDivElement>(null);
  const width = useWidth(field);
  const all = useMemo(() => places(chart), [chart]);
  const [pointed, point] = useState<Pointed | null>(null);
  // What was pointed at is a place of another picture.
  const here = pointed !== null && pointed.at < chart.x.length ? pointed : null;
  const isHeat = chart.kind === 'heat';
  const rows = isHeat ? chart.parts.length : 1;
  const height = isHeat ? Math.min(Math.max(rows, 2) * ROW, MOST) : props.height;
  const title = useId();
  return (
    <figure class={`tc tc-${chart.kind}`} aria-labelledby={title}>
      <figcaption class="tc-head">
        <span id={title} class="tc-title">
          {chart.title}
        </span>
        <Legend chart={chart} pointed={here} />
      </figcaption>
      <div class="tc-body">
        <Side chart={chart} height={height} />
        <div class="tc-field" ref={field} style={{ height: `${height}px` }}>
          {width > 0 && <Drawing chart={chart} all={all} width={width} height={height} />}
          {here !== null && <Cursor chart={chart} all={all} pointed={here} />}
          <Reader chart={chart} all={all} pointed={here} point={point} />
        </div>
        <div class="tc-axis" aria-hidden="true">
          {thinned(chart.ticks, width, TICK).map(([place, text]) => (
            <span key={place} class={place < 0.04 ? 'first' : place > 0.96 ? 'last' : ''} style={{ left: `${place * 100}%` }}>
              {text}
            </span>
          ))}
        </div>
      </div>
    </figure>
  );
}

/** The width of an element in whole pixels; 0 until it is laid out. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const measure = (): void => setWidth(target.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** What of a part is told: the value of the place pointed at, else its sum or mean. */
function told(chart: TraceChart, part: TraceChart['parts'][number], pointed: Pointed | null): string {
  if (pointed === null) return part.text;
  return valueText(chart, part.role, part.values[pointed.at] ?? 0);
}

/** The parts, each with its value; of a heat map its shades. What stands here keeps its place while values change. */
function Legend({ chart, pointed }: { chart: TraceChart; pointed: Pointed | null }): JSX.Element {
  const { kind, parts } = chart;
  const where = pointed === null ? '' : placeText(chart, pointed.at);
  const shown = kind === 'heat' ? (pointed === null ? [] : parts.slice(pointed.row, pointed.row + 1)) : parts;
  return (
    <span class="tc-legend" aria-hidden="true">
      {kind === 'heat' && pointed === null && (
        <span class="tc-part">
          idle
          {Array.from({ length: SHADES + 1 }, (_, shade) => (
            <span key={shade} class="tc-swatch tc-shade" style={{ opacity: shade / SHADES }} />
          ))}
          {chart.topText}
        </span>
      )}
      {shown.map((part) => (
        <span key={part.name} class={`tc-part role-${part.role}`}>
          {kind !== 'bars' && kind !== 'heat' && <span class={`tc-swatch tc-key-${kind}`} />}
          {part.name}
          {kind === 'bars' && pointed === null ? null : <b style={{ minWidth: `${part.text.length}ch` }}>{told(chart, part, pointed)}</b>}
        </span>
      ))}
      <span class="tc-where">{where}</span>
    </span>
  );
}

/** The other axis; of a heat map the names of its rows. */
function Side({ chart, height }: { chart: TraceChart; height: number }): JSX.Element {
  const { kind, parts, topText } = chart;
  if (kind !== 'heat') {
    return (
      <div class="tc-side" aria-hidden="true">
        <span style={{ top: 0 }}>{topText}</span>
        <span style={{ top: '100%' }}>0</span>
      </div>
    );
  }
  const every = Math.ceil((parts.length * ROW_TEXT) / height);
  return (
    <div class="tc-side tc-rows" aria-hidden="true">
      {parts.map(({ name }, row) =>
        row % every === 0 ? (
          <span key={name} style={{ top: `${((row + 0.5) / parts.length) * 100}%` }}>
            {name}
          </span>
        ) : null,
      )}
    </div>
  );
}

/** The place that is pointed at. */
function Cursor({ chart, all, pointed }: { chart: TraceChart; all: readonly number[]; pointed: Pointed }): JSX.Element {
  const [from, to] = spanOf(chart, all, pointed.at);
  const rows = chart.parts.length;
  const row = chart.kind === 'heat' ? { top: `${(pointed.row / rows) * 100}%`, height: `${100 / rows}%` } : {};
  return <span class="tc-cursor" style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%`, ...row }} />;
}

/** The alternative in words; and over the drawing what follows the pointer, and the arrows. */
function Reader(props: { chart: TraceChart; all: readonly number[]; pointed: Pointed | null; point: (pointed: Pointed | null) => void }): JSX.Element {
  const { chart, all, pointed, point } = props;
  const isHeat = chart.kind === 'heat';
  const count = chart.x.length;
  const under = (event: PointerEvent): Pointed | null => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const at = box.width === 0 ? -1 : placeAt(chart, all, (event.clientX - box.left) / box.width);
    const row = Math.floor(((event.clientY - box.top) / Math.max(box.height, 1)) * chart.parts.length);
    return at < 0 ? null : { at, row: Math.min(Math.max(row, 0), chart.parts.length - 1) };
  };
  const move = (event: PointerEvent): void => point(under(event));
  const key = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const from = pointed ?? peak(chart);
    const far = Math.max(1, Math.round(count / 10));
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -far, PageDown: far, Home: -count, End: count };
    const by = steps[event.key];
    const up = isHeat ? ({ ArrowUp: -1, ArrowDown: 1 } as Record<string, number>)[event.key] : undefined;
    if (event.key === 'Escape' && pointed !== null) point(null);
    else if (by !== undefined) point({ ...from, at: Math.min(Math.max(from.at + by, 0), count - 1) });
    else if (up !== undefined) point({ ...from, row: Math.min(Math.max(from.row + up, 0), chart.parts.length - 1) });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shown = isHeat && pointed !== null ? chart.parts.slice(pointed.row, pointed.row + 1) : chart.parts;
  const said = pointed === null ? 'nothing pointed at' : [placeText(chart, pointed.at), ...shown.map((part) => `${part.name} ${told(chart, part, pointed)}`)].join(', ');
  return (
    <>
      <span class="hidden-visually" role="img" aria-label={described(chart)} />
      <div
        class="tc-reader"
        role="slider"
        tabIndex={0}
        aria-label={`Values of: ${chart.title}`}
        aria-valuemin={1}
        aria-valuemax={Math.max(count, 1)}
        aria-valuenow={(pointed?.at ?? 0) + 1}
        aria-valuetext={said}
        onPointerMove={move}
        onPointerDown={move}
        // A finger leaves when it is lifted: what it pointed at is to be read then.
        onPointerLeave={(event) => event.pointerType !== 'touch' && point(null)}
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && point(peak(chart))}
        onBlur={() => point(null)}
        onKeyDown={key}
      />
    </>
  );
}
