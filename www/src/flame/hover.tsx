// The line under the graph: what the pointer, or else the selection, is on; and the legend.

import type { JSX } from 'preact';
import { useAnswer, keyed } from '../core';
import type { BoxDetails, FlameShape, FrameName, Query } from '../core';
import { countText } from '../lib/bytes';
import { css } from '../lib/colour';
import { frameSource, NameText } from '../table/frame';
import { dark } from '../shell/theme';
import { search } from '../state';
import { CLASSES, paletteFor, placeOf, Special } from './palette';
import type { CodeClass } from './palette';
import type { Pointed } from './controller';

/** What can be done here, while there is nothing else to say. */
const MOUSE = 'Click selects · double-click zooms · drag or wheel moves · Ctrl+wheel zooms · arrows walk';
const HALF = 'Click tells · double-click or Enter puts in the middle · + − zoom · v goes back to the whole tree';
const TOUCH = 'Tap selects · double tap zooms · drag moves · pinch zooms';

function Thin({ pointed, query }: { pointed: Pointed; query: Query }): JSX.Element {
  const answer = useAnswer(() => keyed('flame.format').format(query, pointed.value), [query, pointed.value]);
  const value = answer.loading ? undefined : answer.value;
  const what = pointed.count === 1 ? '1 box' : `${countText(pointed.count)} boxes`;
  return (
    <>
      <span class="flame-what frame-strong">{what} too thin to draw</span>
      <span class="flame-numbers">
        {value !== undefined && <b>{value.text}</b>} {value?.pct}
      </span>
      <span class="dim-text">zoom in to see {pointed.count === 1 ? 'it' : 'them'}</span>
    </>
  );
}

function Box({ name, details }: { name: FrameName | undefined; details: BoxDetails | undefined }): JSX.Element {
  return (
    <>
      <span class="flame-what" title={name?.full}>
        <NameText name={name ?? { dim: '', strong: 'all' }} />
      </span>
      <span class="flame-numbers">
        {details !== undefined && (
          <>
            {details.versus == null ? (
              <>
                cum <b>{details.cum}</b> {details.cumPct}
              </>
            ) : (
              <>
                <b>{details.cum}</b> {details.versus.change} · {details.versus.base} → {details.versus.new}
              </>
            )}
            {details.flat !== '' && details.versus == null && (
              <>
                {' '}
                · flat <b>{details.flat}</b>
              </>
            )}
            {details.inline && ' · inlined'}
          </>
        )}
      </span>
      {name !== undefined && <span class="flame-source dim-text"><bdi>{frameSource(name)}</bdi></span>}
    </>
  );
}

interface LineProps {
  query: Query;
  shape: FlameShape;
  /** What the pointer is on. */
  pointed: Pointed | null;
  /** The selected box; empty for none. */
  box: string;
  /** Whether it is one of the two graphs of a sandwich. */
  half: boolean;
}

/** The line. Its place is kept while there is nothing to say. */
export function HoverLine({ query, shape, pointed, box, half }: LineProps): JSX.Element {
  const id = pointed === null ? box : pointed.merged ? '' : pointed.id;
  const answer = useAnswer(
    () => (id === '' ? null : keyed(`flame.hover.${half ? String(shape.inverted) : ''}`).flameBox(query, shape, id)),
    [query, shape, id],
  );
  const details = answer.loading ? undefined : answer.value;
  // The pointer's name is at hand; only its numbers come later.
  const name = pointed === null ? details?.name : pointed.name;
  return (
    <p class="flame-hover">
      {pointed?.merged === true && <Thin pointed={pointed} query={query} />}
      {id !== '' && (pointed !== null || details !== undefined) && <Box name={name ?? undefined} details={details} />}
      {pointed === null && id === '' && (
        <span class="dim-text">{half ? HALF : matchMedia('(pointer: coarse)').matches ? TOUCH : MOUSE}</span>
      )}
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

/** Diagonal lines as the graph draws them. */
export function hatchOf(line: string, fill: string | undefined, angle: number): string {
  return `repeating-linear-gradient(${angle}deg, ${line} 0 1px, ${fill ?? 'transparent'} 1px 4px)`;
}

/** A line of a legend. */
export function Entry({ background, children }: { background: string | undefined; children: string }): JSX.Element {
  return (
    <li>
      <span class="swatch" aria-hidden="true">
        <i style={{ background }} />
      </span>
      {children}
    </li>
  );
}

/** What the colours mean: of packages, or while something is searched of what matches. */
export function Legend({ signed, packages = true }: { signed: boolean; packages?: boolean }): JSX.Element {
  const palette = paletteFor(dark.value);
  const { fills } = palette;
  const searching = search.value !== '';
  return (
    <ul class="flame-legend" aria-label="Colours">
      {searching ? (
        <>
          <Entry background={fills[Special.match]}>match</Entry>
          <Entry background={hatchOf(palette.matchHatch, fills[Special.mergedMatch], 135)}>match among thin boxes</Entry>
          <Entry background={fills[Special.dimmed]}>no match</Entry>
        </>
      ) : (
        packages && CLASSES.filter((name) => name !== 'unknown').map((name) => (
          <li key={name}>
            <Swatch name={name} />
            {CLASS_TITLES[name]}
          </li>
        ))
      )}
      {signed && <Entry background={`${hatchOf(palette.minus, undefined, 45)}, ${fills[Special.negative]}`}>negative</Entry>}
      <Entry background={hatchOf(palette.hatch, fills[Special.merged], 135)}>several thin boxes</Entry>
      <li>
        <span class="swatch inlined" aria-hidden="true">
          <i />
        </span>
        inlined
      </li>
      <li class="legend-note">
        {searching || !packages ? '' : 'hue = package, '}width = {signed ? 'absolute value of cum' : 'cum'}
      </li>
    </ul>
  );
}
