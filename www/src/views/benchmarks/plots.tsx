/** Large pictures of one row: every sample on an axis, in the order of the runs, and the way over the columns. */
import type { JSX } from 'preact';
import type { BenchDetail, BenchDetailColumn, BenchTick } from '../../core';
import { across, dots, verdictClass } from './picture';

/** A sample that is pointed at: of which column, and which of its runs. */
export interface Pointed {
  column: number;
  run: number;
}

/** Height of a lane in its own units, which are CSS pixels. */
const LANE = 32;
/** Height of the other pictures. */
const TALL = 96;
/** Levels on which dots of a lane lie, so that equal ones are seen as several. */
const LEVELS = [0, -5, 5, -9, 9];

function Ticks({ ticks }: { ticks: readonly BenchTick[] }): JSX.Element {
  return (
    <div class="bench-axis" aria-hidden="true">
      {ticks.map((tick) => (
        <span key={tick.at} style={{ left: `${tick.at * 100}%` }}>
          {tick.text}
        </span>
      ))}
    </div>
  );
}

function nearest(places: readonly number[], to: number): number {
  let best = -1;
  places.forEach((place, at) => {
    if (place >= 0 && (best < 0 || Math.abs(place - to) < Math.abs((places[best] ?? 0) - to))) best = at;
  });
  return best;
}

/** Where a pointer is, from 0 at the left edge of what it is over to 1. */
function shareOf(event: PointerEvent): number {
  const target = event.currentTarget as Element;
  // Around the picture of a lane there is room.
  const { left, width } = (target.querySelector('svg') ?? target).getBoundingClientRect();
  return (event.clientX - left) / Math.max(width, 1);
}

/** What is said of a sample. */
export function sampleText(column: BenchDetailColumn, run: number): string {
  const sample = column.samples[run];
  return sample === undefined ? '' : `${column.label === '' ? 'Run' : `${column.label}, run`} ${run + 1}: ${sample.text} (${sample.from})`;
}

interface LaneProps {
  column: BenchDetailColumn;
  at: number;
  ticks: readonly BenchTick[];
  pointed: Pointed | null;
  point: (to: Pointed | null) => void;
}

/** Keys of a lane: its samples in the order of their runs. */
function runAfter(key: string, now: number, count: number): number | null {
  const to = { ArrowRight: now + 1, ArrowUp: now + 1, ArrowLeft: now - 1, ArrowDown: now - 1, Home: 0, End: count - 1 }[key];
  return to === undefined ? null : Math.min(Math.max(to, 0), count - 1);
}

/** The samples of one column. With the keyboard a slider over its runs. */
export function Lane({ column, at, ticks, pointed, point }: LaneProps): JSX.Element {
  const { cell, samples } = column;
  const places = samples.map((sample) => sample.at);
  const run = pointed?.column === at ? pointed.run : -1;
  const y = LANE / 2;
  const levels = LEVELS.map((level, which) => dots(places.filter((_, i) => i % LEVELS.length === which), y + level)).join('');
  const marked = places[run];
  return (
    <div class="bench-plot" role="slider" tabIndex={0} aria-label={`Runs of ${column.label === '' ? 'the benchmark' : column.label}`}
      aria-valuemin={1} aria-valuemax={samples.length} aria-valuenow={Math.max(run, 0) + 1} aria-valuetext={sampleText(column, Math.max(run, 0))}
      onFocus={(event) => event.currentTarget.matches(':focus-visible') && point({ column: at, run: Math.max(run, 0) })}
      onBlur={() => point(null)}
      onKeyDown={(event) => {
        const to = event.altKey || event.ctrlKey || event.metaKey ? null : runAfter(event.key, run, samples.length);
        if (to === null) return;
        event.preventDefault();
        event.stopPropagation();
        point({ column: at, run: to });
      }}
      onPointerMove={(event) => {
        const found = nearest(places, shareOf(event));
        if (found >= 0) point({ column: at, run: found });
      }}
      onPointerLeave={() => point(null)}>
      <svg viewBox={`0 0 1000 ${LANE}`} preserveAspectRatio="none" aria-hidden="true" class={`bench-lane${column.at === 0 ? ' bench-base' : ''}${verdictClass(cell)}`}>
        {ticks.map((tick) => (
          <path key={tick.at} class="bench-grid" d={`M${across(tick.at)} 0v${LANE}`} />
        ))}
        {cell.low >= 0 && cell.high >= 0 && <path class="bench-interval" d={`M${across(cell.low)} ${y}H${across(cell.high)}`} />}
        <path class="bench-points" d={levels} />
        {cell.center >= 0 && <path class="bench-middle" d={`M${across(cell.center)} 2v${LANE - 4}`} />}
        {marked !== undefined && marked >= 0 && <path class="bench-pointed" d={`M${across(marked)} ${y + (LEVELS[run % LEVELS.length] ?? 0)}h.01`} />}
      </svg>
    </div>
  );
}

/** The marks under the lanes. */
export function LaneAxis({ detail }: { detail: BenchDetail }): JSX.Element {
  return <Ticks ticks={detail.ticks} />;
}

function up(place: number): string {
  return ((1 - place) * TALL).toFixed(1);
}

function Side({ ticks }: { ticks: readonly BenchTick[] }): JSX.Element {
  return (
    <div class="bench-side" aria-hidden="true">
      {ticks.map((tick) => (
        <span key={tick.at} style={{ top: `${(1 - tick.at) * 100}%` }}>
          {tick.text}
        </span>
      ))}
    </div>
  );
}

function Grid({ ticks }: { ticks: readonly BenchTick[] }): JSX.Element {
  return <path class="bench-grid" d={ticks.map((tick) => `M0 ${up(tick.at)}H1000`).join('')} />;
}

/** Names of the columns under their parts of a picture. */
function Under({ labels }: { labels: readonly string[] }): JSX.Element {
  return (
    <div class="bench-under" aria-hidden="true">
      {labels.map((label, at) => (
        <span key={at} title={label}>
          <bdi>{label}</bdi>
        </span>
      ))}
    </div>
  );
}

interface RunsProps {
  detail: BenchDetail;
  pointed: Pointed | null;
  point: (to: Pointed | null) => void;
}

/** Every sample in the order of the runs, the columns one after the other: a drift is a slope. */
export function Runs({ detail, pointed, point }: RunsProps): JSX.Element {
  const { columns, ticks } = detail;
  const part = 1 / columns.length;
  /** Where a run stands, from 0 to 1. */
  const along = (column: number, run: number): number => {
    const count = columns[column]?.samples.length ?? 1;
    return part * (column + (run + 0.5) / count);
  };
  const move = (event: PointerEvent): void => {
    const share = shareOf(event);
    const column = Math.min(Math.max(Math.floor(share / part), 0), columns.length - 1);
    const count = columns[column]?.samples.length ?? 0;
    const run = Math.min(Math.max(Math.floor((share / part - column) * count), 0), count - 1);
    if (run >= 0) point({ column, run });
  };
  const marked = pointed === null ? undefined : columns[pointed.column]?.samples[pointed.run]?.at;
  return (
    <div class="bench-tall">
      <Side ticks={ticks} />
      <svg viewBox={`0 0 1000 ${TALL}`} preserveAspectRatio="none" role="img" onPointerMove={move} onPointerLeave={() => point(null)}
        aria-label="Samples in the order of the runs; the same that the lanes above tell one by one">
        <Grid ticks={ticks} />
        {columns.map((column, at) => {
          const there = column.samples.flatMap((sample, run) => (sample.at < 0 ? [] : [`${across(along(at, run))} ${up(sample.at)}`]));
          const { center } = column.cell;
          return (
            <g key={at} class={`bench-lane${column.at === 0 ? ' bench-base' : ''}${verdictClass(column.cell)}`}>
              {at > 0 && <path class="bench-part" d={`M${across(part * at)} 0v${TALL}`} />}
              {center >= 0 && <path class="bench-median" d={`M${across(part * at)} ${up(center)}h${across(part)}`} />}
              <path class="bench-thread" d={there.length === 0 ? '' : `M${there.join('L')}`} />
              <path class="bench-points" d={there.map((place) => `M${place}h.01`).join('')} />
            </g>
          );
        })}
        {pointed !== null && marked !== undefined && marked >= 0 && (
          <path class="bench-pointed" d={`M${across(along(pointed.column, pointed.run))} ${up(marked)}h.01`} />
        )}
      </svg>
      <Under labels={columns.map(({ label }) => label)} />
    </div>
  );
}

/** The middles over the columns as a line, with their intervals. */
export function TrendPlot({ detail }: { detail: BenchDetail }): JSX.Element {
  const { columns, ticks } = detail;
  const x = (at: number): string => across((at + 0.5) / columns.length);
  const there = columns.flatMap(({ cell }, at) => (cell.center < 0 ? [] : [`${x(at)} ${up(cell.center)}`]));
  return (
    <div class="bench-tall">
      <Side ticks={ticks} />
      <svg viewBox={`0 0 1000 ${TALL}`} preserveAspectRatio="none" role="img" aria-label={`Medians over ${columns.length} columns: ${columns.map(({ label, cell }) => `${label} ${cell.value}`).join(', ')}`}>
        <Grid ticks={ticks} />
        {columns.map(({ cell }, at) =>
          cell.low >= 0 && cell.high >= 0 ? (
            <path key={at} class={`bench-whisker${verdictClass(cell)}`} d={`M${x(at)} ${up(cell.low)}V${up(cell.high)}`} />
          ) : null,
        )}
        <path class="bench-line" d={there.length === 0 ? '' : `M${there.join('L')}`} />
        {columns.map(({ cell }, at) =>
          cell.center < 0 ? null : <path key={at} class={`bench-knot${verdictClass(cell)}`} d={`M${x(at)} ${up(cell.center)}h.01`} />,
        )}
      </svg>
      <Under labels={columns.map(({ label }) => label)} />
    </div>
  );
}
