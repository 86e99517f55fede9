/**
 * Small pictures of a row: its samples, its changes, its way through the columns. They show what stands
 * beside them in figures, so that nobody needs them to read the table.
 */
import type { ComponentChildren, JSX } from 'preact';
import type { BenchCellInfo, BenchRowInfo } from '../../core';

/** The pictures are as wide as their place; inside they are this wide. */
const WIDTH = 1000;
/** Height of a row's picture. */
const HEIGHT = 20;
/** Lanes that can still be told apart in a row. */
export const MOST_LANES = 4;

/** A place on an axis from 0 to 1. */
export function across(place: number): string {
  return (place * WIDTH).toFixed(1);
}

/** Dots: lines of no length, of which the round ends are seen. One path for any number of them. */
export function dots(places: readonly number[], y: number): string {
  return places.filter((place) => place >= 0).map((place) => `M${across(place)} ${y}h.01`).join('');
}

/** What a difference means, as a class; of the base and where nothing is told none. */
export function verdictClass(cell: BenchCellInfo): string {
  const verdict = cell.change?.verdict ?? '';
  return verdict === 'better' || verdict === 'worse' || verdict === 'changed' ? ` bench-${verdict}` : '';
}

/** An empty picture of a row's height. */
function Small(props: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <svg class={`bench-small ${props.name}`} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {props.children}
    </svg>
  );
}

/** The samples of all columns on one axis, a lane each: dots, the middle as a tick, the interval as a bar. */
export function Samples({ row }: { row: BenchRowInfo }): JSX.Element {
  const step = HEIGHT / row.cells.length;
  return (
    <Small name="bench-samples">
      {row.cells.map((cell, at) => {
        const y = step * (at + 0.5);
        if (cell.value === '') return null;
        return (
          <g key={at} class={`bench-lane${at === 0 ? ' bench-base' : ''}${verdictClass(cell)}`}>
            {cell.low >= 0 && cell.high >= 0 && <path class="bench-interval" d={`M${across(cell.low)} ${y}H${across(cell.high)}`} />}
            <path class="bench-points" d={dots(cell.points, y)} />
            {cell.center >= 0 && <path class="bench-middle" d={`M${across(cell.center)} ${y - step / 2 + 0.5}v${step - 1}`} />}
          </g>
        );
      })}
    </Small>
  );
}

/** The changes with their intervals on the axis of the table, whose middle is no change. */
export function Changes({ row }: { row: BenchRowInfo }): JSX.Element {
  const later = row.cells.slice(1);
  const step = HEIGHT / later.length;
  return (
    <Small name="bench-changes">
      <path key="none" class="bench-none" d={`M${WIDTH / 2} 0v${HEIGHT}`} />
      {later.map((cell, at) => {
        const { change } = cell;
        const y = step * (at + 0.5);
        if (change === undefined || change.at < 0) return null;
        return (
          <g key={at} class={`bench-lane${verdictClass(cell)}`}>
            {change.low >= 0 && change.high >= 0 && <path class="bench-whisker" d={`M${across(change.low)} ${y}H${across(change.high)}`} />}
            <path class="bench-points" d={dots([change.at], y)} />
          </g>
        );
      })}
    </Small>
  );
}

/** The middles over the columns, and how high the first lies. */
export function Trend({ row }: { row: BenchRowInfo }): JSX.Element {
  const step = WIDTH / Math.max(row.cells.length - 1, 1);
  const high = (cell: BenchCellInfo): string => (2 + (1 - cell.center) * (HEIGHT - 4)).toFixed(1);
  const there = row.cells.flatMap((cell, at) => (cell.center < 0 ? [] : [{ x: (at * step).toFixed(1), y: high(cell) }]));
  const first = row.cells[0];
  return (
    <Small name="bench-trend">
      {first === undefined || first.center < 0 ? null : <path key="first" class="bench-none" d={`M0 ${high(first)}H${WIDTH}`} />}
      <polyline key="line" points={there.map(({ x, y }) => `${x},${y}`).join(' ')} />
      <path key="dots" class="bench-points" d={there.map(({ x, y }) => `M${x} ${y}h.01`).join('')} />
    </Small>
  );
}
