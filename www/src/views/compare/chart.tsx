/** A line for each of the sites that grew most, over the files; its figures stand in a table beside it. */
import type { JSX } from 'preact';
import type { GrowthInfo, GrowthRow } from '../../core';

/** Lines drawn. */
const LINES = 5;
/** The picture, in its own units. */
const WIDTH = 640;
const HEIGHT = 220;
const LEFT = 12;
const RIGHT = 12;
const TOP = 16;
const BOTTOM = 26;
/** So that lines are told apart without colours, too. */
const DASHES = ['', '7 3', '2 3', '9 3 2 3', '4 2 1 2'];

interface Scales {
  x: (at: number) => number;
  y: (value: number) => number;
}

function scales(info: GrowthInfo, lines: readonly GrowthRow[]): Scales {
  const places = info.files.map((one) => one.at);
  const [from, to] = [Math.min(...places), Math.max(...places)];
  const values = lines.flatMap((row) => row.values);
  const [low, high] = [Math.min(0, ...values), Math.max(...values, 1)];
  return {
    x: (at) => LEFT + ((at - from) / Math.max(to - from, Number.MIN_VALUE)) * (WIDTH - LEFT - RIGHT),
    y: (value) => HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM),
  };
}

/** Text of the largest amount drawn: the core's. */
function largest(lines: readonly GrowthRow[]): { value: number; text: string } {
  let best = { value: -Infinity, text: '' };
  for (const row of lines) {
    row.values.forEach((value, i) => {
      if (value > best.value) best = { value, text: row.amounts[i] ?? '' };
    });
  }
  return best;
}

function Line(props: { row: GrowthRow; at: number; info: GrowthInfo; scale: Scales }): JSX.Element {
  const { row, at, info, scale } = props;
  const points = row.values.map((value, i) => [scale.x(info.files[i]?.at ?? 0), scale.y(value)] as const);
  return (
    <g class={`growth-line growth-${at}`}>
      <polyline points={points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} stroke-dasharray={DASHES[at]} />
      {points.map(([x, y], i) => (
        <circle key={i} cx={x} cy={y} r="3">
          <title>{`${row.name.full}: ${row.amounts[i]} in ${info.files[i]?.name}`}</title>
        </circle>
      ))}
    </g>
  );
}

/** The chart with its legend and its table. */
export function Chart({ info }: { info: GrowthInfo }): JSX.Element {
  const lines = info.rows.slice(0, LINES);
  const scale = scales(info, lines);
  const top = largest(lines);
  const last = info.files.length - 1;
  return (
    <section class="growth-chart" aria-label="Chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${info.typeName} of the ${lines.length} sites that grew most, in ${info.files.length} files; the figures follow as a table`}>
        <line class="growth-axis" x1={LEFT} x2={WIDTH - RIGHT} y1={scale.y(0)} y2={scale.y(0)} />
        <line class="growth-axis faint" x1={LEFT} x2={WIDTH - RIGHT} y1={scale.y(top.value)} y2={scale.y(top.value)} />
        <text x={LEFT} y={scale.y(top.value) - 4}>{top.text}</text>
        <text x={LEFT} y={HEIGHT - 8}>{info.files[0]?.when}</text>
        <text x={WIDTH - RIGHT} y={HEIGHT - 8} text-anchor="end">{info.files[last]?.when}</text>
        {lines.map((row, at) => (
          <Line key={row.name.full} row={row} at={at} info={info} scale={scale} />
        ))}
      </svg>
      <ul class="growth-legend">
        {lines.map((row, at) => (
          <li key={row.name.full} title={row.name.full}>
            <svg viewBox="0 0 26 8" aria-hidden="true" class={`growth-line growth-${at}`}>
              <line x1="0" x2="26" y1="4" y2="4" stroke-dasharray={DASHES[at]} />
            </svg>
            <bdi>{row.name.full}</bdi>
          </li>
        ))}
      </ul>
      <details>
        <summary>Figures of the chart</summary>
        <div class="doc-table">
          <table>
            <thead>
              <tr>
                <th scope="col">Site</th>
                {info.files.map((one) => (
                  <th key={one.id} scope="col">
                    {one.name} <span class="dim">{one.when}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">all</th>
                {info.files.map((one) => (
                  <td key={one.id}>{one.total}</td>
                ))}
              </tr>
              {lines.map((row) => (
                <tr key={row.name.full}>
                  <th scope="row">{row.name.full}</th>
                  {row.amounts.map((amount, i) => (
                    <td key={i}>{amount}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
