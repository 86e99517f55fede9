// The flame graph that is shown, as a picture to save.

import { core } from '../core';
import type { FlameShape, FrameName, Query } from '../core';
import { addGroups, addNames } from '../flame/controller';
import { look as lookNow } from '../flame/look';
import type { Look } from '../flame/look';
import { prepare } from '../flame/picture';
import { FULL_ZOOM } from '../lib/hash';
import type { ViewState } from '../lib/hash';
import { active, stepKind } from '../lib/steps';
import { sameZoom, WHOLE } from '../lib/viewport';
import { dark } from '../shell/theme';
import { search } from '../state';
import type { SessionFile } from '../state';
import { sizeOf, svgOf } from './picture';
import type { Setting } from './picture';

/** Rows of a picture at most: nobody looks at deeper ones on paper. */
const MOST_ROWS = 1000;
/** Boxes thinner than this are merged. */
const MIN_WIDTH = 1;
/** Pixels that a canvas may have on a side, in every browser. */
const MOST_PIXELS = 16_384;

/** What is to be drawn. */
export interface Wanted {
  info: SessionFile;
  asked: Query;
  state: ViewState;
  turned: FlameShape;
  /** The selected node; null for none. */
  node: number | null;
  /** Pixels. */
  width: number;
  /** The whole graph, instead of the part that is zoomed to. */
  whole: boolean;
}

/** How the boxes of a comparison look is known where they are drawn. */
async function lookOf(asked: Query): Promise<Look> {
  return asked.base == null ? lookNow.peek() : (await import('../views/compare/look')).DIFFERENCE;
}

function filtersText({ steps, mine }: ViewState): string {
  const said = active(steps).map(({ kind, text }) => `${stepKind(kind).label} ${text}`);
  return [...said, ...(mine ? ['Only my code'] : [])].join(' · ');
}

function titleOf({ info, asked, state, turned, whole }: Wanted, total: string): string[] {
  const type = info.sampleTypes[asked.sample];
  const first = [
    asked.base == null ? info.name : `${info.name} compared with ${state.base}`,
    type === undefined ? '' : `${type.name} (${type.unit})`,
    total,
    turned.inverted === true ? 'bottom-up' : '',
    !whole && !sameZoom(state.zoom, FULL_ZOOM) ? 'zoomed in' : '',
  ];
  const second = [filtersText(state), state.search === '' ? '' : `Search ${state.search}`];
  return [first, second].map((parts) => parts.filter((part) => part !== '').join(' · ')).filter((line) => line !== '');
}

async function drawn(wanted: Wanted): Promise<{ svg: string; setting: Setting }> {
  const { asked, turned, state, width, whole } = wanted;
  const look = await lookOf(asked);
  const info = await core.flame(asked, turned);
  const zoom = whole ? FULL_ZOOM : state.zoom;
  const rowCount = Math.min(info.rows, MOST_ROWS);
  const columns = await core.flameBoxes(asked, {
    shape: turned, ...zoom, firstRow: 0, rowCount, width, minWidth: MIN_WIDTH, search: search.peek(),
  });
  const names = new Map<number, FrameName>();
  await addNames(asked, columns, names, () => true);
  const frame = { span: WHOLE, firstRow: 0, rowCount, width, search: search.peek() };
  const groups = new Map<number, number>();
  if (look.by !== undefined) await addGroups(asked, look.by, columns, groups);
  const picture = prepare(columns, frame, names, look, groups, await look.prefixes?.(asked, columns));
  const setting: Setting = {
    palette: look.palette(dark.peek()),
    title: titleOf(wanted, info.total),
    rootLabel: `all · ${info.total}`,
    rows: Math.max(1, Math.min(columns.endRow, rowCount)),
    width,
    selected: wanted.node ?? -1,
  };
  return { svg: svgOf(picture, setting), setting };
}

/** The picture as SVG. */
export async function flameSvg(wanted: Wanted): Promise<string> {
  return (await drawn(wanted)).svg;
}

/** The picture as PNG, with two pixels for one where a canvas can be so large. */
export async function flamePng(wanted: Wanted): Promise<Blob> {
  const { svg, setting } = await drawn(wanted);
  const { width, height } = sizeOf(setting);
  const scale = Math.min(2, MOST_PIXELS / Math.max(width, height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('the browser made no picture of it')) : resolve(blob)), 'image/png');
  });
}
