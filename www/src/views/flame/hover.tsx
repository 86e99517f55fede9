// The line under the graph: what the pointer, or else the selection, is on; and the legend.

import type { JSX } from 'preact';
import { useAnswer, keyed } from '../../core';
import type { BoxDetails, Query } from '../../core';
import { css } from '../../lib/colour';
import { frameSource } from '../../table/frame';
import { dark } from '../../shell/theme';
import { CLASSES, paletteFor, placeOf, Special } from './palette';
import type { CodeClass } from './palette';
import type { Pointed } from './controller';

function Thin({ pointed, query }: { pointed: Pointed; query: Query }): JSX.Element {
  const answer = useAnswer(() => keyed('flame.format').format(query, pointed.value), [query, pointed.value]);
  const value = answer.loading ? undefined : answer.value;
  const what = pointed.count === 1 ? '1 box' : `${pointed.count.toLocaleString('en-US')} boxes`;
  return (
    <>
      <span class="flame-what">{what} too thin to draw</span>
      <span class="flame-numbers">
        {value !== undefined && <b>{value.text}</b>} {value?.pct}
      </span>
      <span class="dim-text">zoom in to see {pointed.count === 1 ? 'it' : 'them'}</span>
    </>
  );
}

function Box({ pointed, details }: { pointed: Pointed; details: BoxDetails | undefined }): JSX.Element {
  const { name } = pointed;
  return (
    <>
      <span class="flame-what" title={name?.full}>
        <bdi>
          {name !== undefined && <span class="pkg">{name.dim}</span>}
          {name?.strong ?? 'all'}
        </bdi>
      </span>
      <span class="flame-numbers">
        {details !== undefined && (
          <>
            cum <b>{details.cum}</b> {details.cumPct} · flat <b>{details.flat}</b>
            {details.inline && ' · inlined'}
          </>
        )}
      </span>
      {name !== undefined && <span class="flame-source dim-text"><bdi>{frameSource(name)}</bdi></span>}
    </>
  );
}

/** The line. Its place is kept while there is nothing to say. */
export function HoverLine(props: { query: Query; inverted: boolean; pointed: Pointed | null }): JSX.Element {
  const { query, inverted, pointed } = props;
  const plain = pointed !== null && !pointed.merged;
  const answer = useAnswer(
    () => (plain ? keyed('flame.hover').flameBox(query, inverted, pointed.id) : null),
    [query, inverted, plain ? pointed.id : ''],
  );
  return (
    <p class="flame-hover">
      {pointed === null && (
        <span class="dim-text">Click selects · double-click zooms · drag or wheel moves · Ctrl+wheel zooms · arrows walk</span>
      )}
      {pointed?.merged === true && <Thin pointed={pointed} query={query} />}
      {plain && <Box pointed={pointed} details={answer.loading ? undefined : answer.value} />}
    </p>
  );
}

const CLASS_TITLES: Record<CodeClass, string> = {
  main: 'your code',
  thirdparty: 'third party',
  std: 'standard library',
  runtime: 'runtime',
  native: 'native',
  unknown: 'unknown',
};

/** Hues that the legend shows for a class whose hue tells the package. */
const SAMPLES = [20, 145, 265];

function Swatch({ name }: { name: CodeClass }): JSX.Element {
  const { rgb } = paletteFor(dark.value);
  const hues = name === 'main' || name === 'thirdparty' || name === 'std' ? SAMPLES : [0];
  return (
    <span class="swatch" aria-hidden="true">
      {hues.map((hue) => (
        <i key={hue} style={{ background: css(rgb[placeOf({ class: name, hue })] ?? [0, 0, 0]) }} />
      ))}
    </span>
  );
}

/** What the colours mean. */
export function Legend(): JSX.Element {
  const palette = paletteFor(dark.value);
  const hatch = `repeating-linear-gradient(135deg, ${palette.hatch} 0 1px, ${palette.fills[Special.merged]} 1px 4px)`;
  return (
    <ul class="flame-legend" aria-label="Colours">
      {CLASSES.filter((name) => name !== 'unknown').map((name) => (
        <li key={name}>
          <Swatch name={name} />
          {CLASS_TITLES[name]}
        </li>
      ))}
      <li>
        <span class="swatch" aria-hidden="true">
          <i style={{ background: hatch }} />
        </span>
        several thin boxes
      </li>
      <li>
        <span class="swatch inlined" aria-hidden="true">
          <i />
        </span>
        inlined
      </li>
      <li class="legend-note">hue = package, width = cum</li>
    </ul>
  );
}
