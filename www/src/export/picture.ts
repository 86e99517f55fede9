// The flame graph as SVG. Pure: boxes, names and colours in, text out.

import { isNegative } from '../flame/look';
import type { Palette } from '../flame/palette';
import { Special } from '../flame/palette';
import type { Picture } from '../flame/picture';
import { escaped } from '../lib/markup';
import { fit, widthOf } from '../lib/text';
import { BoxFlag } from '../protocol';

/** What stands around the boxes. */
export interface Setting {
  palette: Palette;
  /** What it is a picture of, and how: a line each. */
  title: readonly string[];
  rootLabel: string;
  /** Rows from the first to after the last. */
  rows: number;
  /** Width of the boxes. */
  width: number;
  /** The selected node; -1 for none. */
  selected: number;
}

const ROW = 20;
const GAP = 1;
const MARGIN = 12;
const LINE = 18;
const PADDING = 4;
const FONT = 11.5;
/** Width of a character; labels are stretched to it, as nobody knows the face that will be there. */
const CHAR = 6.9;

/** Size of the whole picture. */
export function sizeOf({ rows, width, title }: Setting): { width: number; height: number } {
  return { width: width + 2 * MARGIN, height: rows * ROW + title.length * LINE + 3 * MARGIN };
}

/** Two decimals are finer than a screen. */
function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function pattern(id: string, line: string, fill: string, path: string): string {
  return `<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="${fill}"/><path d="${path}" stroke="${line}" stroke-width="1.5"/></pattern>`;
}

const RISING = 'M-1 1l2-2M0 6l6-6M5 7l2-2';
const FALLING = 'M-1 5l2 2M0 0l6 6M5-1l2 2';

function patterns({ fills, hatch, matchHatch, minus }: Palette): string {
  return [
    '<defs>',
    pattern('merged', hatch, fills[Special.merged] ?? 'none', RISING),
    pattern('matches', matchHatch, fills[Special.mergedMatch] ?? 'none', RISING),
    pattern('less', minus, 'none', FALLING),
    '</defs>',
  ].join('');
}

function fillOf(palette: Palette, place: number): string {
  if (place === Special.merged) return 'url(#merged)';
  if (place === Special.mergedMatch) return 'url(#matches)';
  return palette.fills[place] ?? 'none';
}

function label(picture: Picture, i: number, width: number, rootLabel: string, palette: Palette): string {
  const place = picture.place[i] as number;
  if (place === Special.merged || place === Special.mergedMatch) return '';
  const room = Math.floor((width - 2 * PADDING) / CHAR);
  const before = picture.prefixes.get(i) ?? (isNegative(picture.columns, i) ? '− ' : '');
  const sign = room - before.length < 6 && before.length > 2 ? `${before.charAt(0)} ` : before;
  const left = room - sign.length;
  if (left < 2) return '';
  const fitted = fit(picture.names.get(picture.columns.node[i] as number) ?? { dim: '', strong: rootLabel }, left);
  const { dim, strong } = fitted;
  if (strong === '') return '';
  const length = at((sign.length + widthOf(fitted)) * CHAR);
  const faded = place === Special.dimmed ? ` fill="${palette.fadedFill}"` : '';
  const lighter = dim === '' ? '' : `<tspan${faded === '' ? ` fill-opacity="${palette.dimText}"` : ''}>${escaped(dim)}</tspan>`;
  return `<text y="14" x="${PADDING}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${faded}>${escaped(sign)}${lighter}${escaped(strong)}</text>`;
}

function box(picture: Picture, i: number, setting: Setting): string {
  const { palette, rootLabel, selected } = setting;
  const { columns, names } = picture;
  const width = columns.w[i] as number;
  const drawn = at(width > 2 * GAP ? width - GAP : width);
  const node = columns.node[i] as number;
  const flags = columns.flags[i] as number;
  const size = `width="${drawn}" height="${ROW - GAP}"`;
  const merged = (flags & BoxFlag.merged) !== 0;
  const told = merged ? `${columns.count[i]} boxes too narrow to draw` : (names.get(node)?.full ?? rootLabel);
  const frame = node === selected && !merged ? ` stroke="${palette.accent}" stroke-width="2"` : '';
  return [
    `<g transform="translate(${at(columns.x[i] as number)} ${(columns.row[i] as number) * ROW})"><title>${escaped(told)}</title>`,
    `<rect ${size} fill="${fillOf(palette, picture.place[i] as number)}"${frame}/>`,
    isNegative(columns, i) ? `<rect ${size} fill="url(#less)"/>` : '',
    (flags & BoxFlag.inlined) !== 0 && width > 36 ? `<path d="M3 .5H${at(width - 4)}" stroke="${palette.dash}" stroke-dasharray="3"/>` : '',
    label(picture, i, width, rootLabel, palette),
    '</g>',
  ].join('');
}

/** The picture, which needs nothing but itself. */
export function svgOf(picture: Picture, setting: Setting): string {
  const { width, height } = sizeOf(setting);
  const { palette, title } = setting;
  const lines = title.map(
    (line, i) => `<text x="${MARGIN}" y="${MARGIN + LINE * (i + 0.75)}"${i === 0 ? ' font-weight="600"' : ''}>${escaped(line)}</text>`,
  );
  const boxes = Array.from(picture.place, (_, i) => box(picture, i, setting));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title.join('. '))}">`,
    patterns(palette),
    `<rect width="100%" height="100%" fill="${palette.background}"/>`,
    `<g font-family="system-ui, sans-serif" font-size="13" fill="${palette.textFill}">${lines.join('')}</g>`,
    `<g transform="translate(${MARGIN} ${2 * MARGIN + title.length * LINE})" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="${FONT}" fill="${palette.textFill}">`,
    boxes.join('\n'),
    '</g></svg>\n',
  ].join('\n');
}
