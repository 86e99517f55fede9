// Where the picture stands, as the URL has it: how large it is, and which point of it is in the middle of the
// canvas, as a link may be followed in a window of another size. Pure.

import { GRAPH_PLACE } from '../../lib/hash';

/** What the URL says of all of the picture, however large the canvas is; of its beginning it says nothing. */
export const WHOLE = 'all';

/** Where the picture stands on a canvas: CSS pixels per point, and where its upper left corner is, in CSS pixels. */
export interface Place {
  scale: number;
  x: number;
  y: number;
}

/** What no URL has to escape. */
const BETWEEN = '_';

/** The text of a place on a canvas of so many CSS pixels: as few digits as tell a part of a pixel. */
export function zoomText({ scale, x, y }: Place, width: number, height: number): string {
  const point = (length: number, edge: number): number => Math.round(((length / 2 - edge) / scale) * 100) / 100;
  return [Number(scale.toPrecision(5)), point(width, x), point(height, y)].join(BETWEEN);
}

/** The place that a text stands for on a canvas of so many CSS pixels, `bounded` in scale; null for one that names none. */
export function zoomPlace(text: string, width: number, height: number, bounded: (scale: number) => number): Place | null {
  if (text === WHOLE || !GRAPH_PLACE.test(text)) return null;
  const [wanted = 1, x = 0, y = 0] = text.split(BETWEEN).map(Number);
  const scale = bounded(wanted);
  return { scale, x: width / 2 - x * scale, y: height / 2 - y * scale };
}
