// The picture as a file of its own: SVG in pprof's colours on white, whatever the page looks like. Pure.

import { escaped } from '../../lib/markup';
import { arrow, box3d, DEPTH, shaft } from './draw';
import { cut, LABEL_FONT, LINE, TIE_FONT, tieLines } from './request';
import type { Points } from './request';
import type { Rect, Scene } from './scene';

/** Points around the picture. */
const MARGIN = 8;
const FACE = 'ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace';
const TEXT = '#1b1f26';
const LABEL_LINE = '#6b7280';
/** Size and height of the lines above the picture. */
const LEGEND_FONT = 10;
const LEGEND_LINE = 14;

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function points(corners: readonly [number, number][]): string {
  return corners.map(([x, y]) => `${number(x)},${number(y)}`).join(' ');
}

function words(lines: readonly string[], x: number, y: number, font: number): string {
  const step = LINE * font;
  const top = y - ((lines.length - 1) / 2) * step + font * 0.35;
  const rows = lines.map((line, i) => `<tspan x="${number(x)}" y="${number(top + i * step)}">${escaped(line)}</tspan>`);
  return `<text text-anchor="middle" font-size="${number(font)}" fill="${TEXT}">${rows.join('')}</text>`;
}

function pathData(path: Points): string {
  const [x = 0, y = 0, ...rest] = path;
  return `M${number(x)},${number(y)}C${[...rest].map(number).join(' ')}`;
}

function tie(scene: Scene, at: number): string {
  const { edges, labels, nodes } = scene.graph;
  const path = scene.laid.paths[at] ?? [];
  if (path.length < 8) return '';
  const edge = edges[at];
  const held = labels[at - edges.length];
  const colour = edge?.line ?? LABEL_LINE;
  const width = edge?.width ?? 1;
  const dotted = (edge?.residual ?? held?.dotted) === true ? ' stroke-dasharray="2 3"' : '';
  const name = (place: number | undefined): string => nodes[place ?? -1]?.name.full ?? '';
  const title = edge === undefined ? '' : `<title>${escaped(`${name(edge.from)} ${edge.residual ? '...' : '→'} ${name(edge.to)} (${edge.value})`)}</title>`;
  const place = scene.laid.labels[at];
  const lines = edge === undefined ? [held?.value ?? ''] : tieLines(edge);
  return [
    `<g class="${edge === undefined ? 'label-edge' : 'edge'}">${title}`,
    `<path d="${pathData(shaft(path, width))}" fill="none" stroke="${colour}" stroke-width="${width}"${dotted}/>`,
    `<polygon points="${points(arrow(path, width))}" fill="${colour}"/>`,
    place == null ? '' : words(lines, place[0], place[1], TIE_FONT),
    '</g>',
  ].join('');
}

function rectangle(rect: Rect, attributes: string): string {
  const [w, h] = [rect.right - rect.left, rect.bottom - rect.top];
  return `<rect x="${number(rect.left)}" y="${number(rect.top)}" width="${number(w)}" height="${number(h)}" ${attributes}/>`;
}

function box(scene: Scene, at: number): string {
  const { nodes, labels } = scene.graph;
  const rect = scene.boxes[at] as Rect;
  const [x, y] = [(rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2];
  const node = nodes[at];
  if (node !== undefined) {
    const title = `<title>${escaped(`${node.name.full} (${node.cum})`)}</title>`;
    const area = rectangle(rect, `fill="${node.fill}" stroke="${node.line}"`);
    return `<g class="node">${title}${area}${words(node.lines.map(cut), x, y, node.font)}</g>`;
  }
  const lines = labels[at - nodes.length]?.lines ?? [];
  const look = `fill="#f8f8f8" stroke="${LABEL_LINE}" stroke-width="0.8"`;
  const front = { ...rect, top: rect.top + DEPTH, right: rect.right - DEPTH };
  const edge = points([[rect.right - DEPTH, rect.top + DEPTH], [rect.right, rect.top]]);
  return [
    `<g class="label"><polygon points="${points(box3d(rect))}" ${look}/>`,
    rectangle(front, look),
    `<polyline points="${edge}" ${look}/>`,
    words(lines.map(cut), x - DEPTH / 2, y + DEPTH / 2, LABEL_FONT),
    '</g>',
  ].join('');
}

/** The file. `legend` stands above the picture, a line each. */
export function toSvg(scene: Scene, title: string, legend: readonly string[]): string {
  const above = (legend.length + 1) * LEGEND_LINE;
  const widest = Math.max(title.length, ...legend.map((line) => line.length)) * LEGEND_FONT * 0.62;
  const width = Math.max(scene.laid.width, widest) + 2 * MARGIN;
  const height = scene.laid.height + above + 3 * MARGIN;
  const heading = [title, ...legend].map((line, i) =>
    `<text x="${MARGIN}" y="${MARGIN + (i + 0.8) * LEGEND_LINE}" font-size="${LEGEND_FONT}" fill="${TEXT}"${i === 0 ? ' font-weight="600"' : ''}>${escaped(line)}</text>`);
  const ties = scene.laid.paths.map((_, at) => tie(scene, at));
  const boxes = scene.boxes.map((_, at) => box(scene, at));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${number(width)}pt" height="${number(height)}pt" viewBox="0 0 ${number(width)} ${number(height)}" font-family="${FACE}">`,
    `<title>${escaped(title)}</title>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...heading,
    `<g transform="translate(${MARGIN} ${number(above + 2 * MARGIN)})">`,
    ...ties,
    ...boxes,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
