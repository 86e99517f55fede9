/** The drawing of a picture, in pixels, so that lines are thin and textures even at every width. */
import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { TraceChart } from '../../../core';
import { bars, between, heat, joined, SHADES, stacked, stairs } from './shape';
import type { Scale } from './shape';

interface Props {
  chart: TraceChart;
  all: readonly number[];
  width: number;
  height: number;
}

/** The drawing, on a grid. */
export function Drawing(props: Props): JSX.Element {
  const { chart, width, height } = props;
  const middle = Math.round(height / 2) + 0.5;
  return (
    <svg class="tc-drawing" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {chart.kind !== 'heat' && <path class="tc-grid" d={`M0 .5H${width}M0 ${middle}H${width}`} />}
      <Marks {...props} />
      {chart.kind !== 'heat' && <path class="tc-floor" d={`M0 ${height - 0.5}H${width}`} />}
    </svg>
  );
}

function Marks(props: Props): JSX.Element {
  switch (props.chart.kind) {
    case 'areas':
      return <Areas {...props} />;
    case 'heat':
      return <Heat {...props} />;
    case 'bars':
      return <Bars {...props} />;
    default:
      return <Lines {...props} />;
  }
}

function scaleOf({ chart, width, height }: Props): Scale {
  return { width, height, top: chart.top };
}

/** Parts on top of each other. Every second one has a texture, so that neighbours differ without colour. */
function Areas(props: Props): JSX.Element {
  const { chart, all, width, height } = props;
  const texture = useId();
  const paths = useMemo(
    () => stacked(chart.parts).map((layer) => between(all, layer, scaleOf(props))),
    [chart, all, width, height],
  );
  return (
    <>
      <pattern id={texture} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path class="tc-hatch" d="M0 0V5" />
      </pattern>
      {chart.parts.map(({ name, role }, at) => (
        <g key={name} class={`role-${role}`}>
          <path class="tc-area" d={paths[at]} />
          {at % 2 === 1 && <path d={paths[at]} fill={`url(#${texture})`} />}
        </g>
      ))}
    </>
  );
}

/** Lines; those after the first are dashed. Of a curve points are joined, over time each level lasts. */
function Lines(props: Props): JSX.Element {
  const { chart, all, width, height } = props;
  const isCurve = chart.kind === 'curve';
  const lines = useMemo(
    () => chart.parts.map(({ values }) => (isCurve ? joined : stairs)(all, values, scaleOf(props))),
    [chart, all, width, height],
  );
  const [first = ''] = lines;
  return (
    <>
      {first !== '' && <path class={`tc-under role-${chart.parts[0]?.role ?? ''}`} d={`${first}V${height}H0Z`} />}
      {chart.parts.map(({ name, role }, at) => (
        <path key={name} class={`tc-line role-${role}${at > 0 ? ' tc-dashed' : ''}`} d={lines[at]} />
      ))}
    </>
  );
}

function Bars(props: Props): JSX.Element {
  const { chart, all, width, height } = props;
  const [part] = chart.parts;
  const path = useMemo(() => bars(all, part?.values ?? [], scaleOf(props)), [chart, all, width, height]);
  return <path class={`tc-bars role-${part?.role ?? ''}`} d={path} />;
}

/** Rows are one high inside, and stretched to what they have. */
function Heat(props: Props): JSX.Element {
  const { chart, all, width, height } = props;
  const rows = chart.parts.length;
  const paths = useMemo(
    () => heat(all, chart.parts.map(({ values }) => values), chart.top, width),
    [chart, all, width],
  );
  return (
    <>
      <g class={`tc-shades role-${chart.parts[0]?.role ?? ''}`} transform={`scale(1 ${height / Math.max(rows, 1)})`}>
        {paths.map((path, shade) => (
          <path key={shade} d={path} stroke-opacity={(shade + 1) / SHADES} />
        ))}
      </g>
      <path class="tc-lanes" d={Array.from({ length: rows + 1 }, (_, row) => `M0 ${Math.min(Math.round((row * height) / Math.max(rows, 1)) + 0.5, height - 0.5)}H${width}`).join('')} />
    </>
  );
}
