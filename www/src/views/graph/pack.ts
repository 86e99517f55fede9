// A layout on its way from thread to thread: a few arrays of numbers, which are handed over and not copied.

import type { Laid } from './request';

/** A layout as it travels. */
export interface Packed {
  width: number;
  height: number;
  centres: Float64Array;
  /** The points of all paths, and where each begins; one entry more than there are paths. */
  points: Float64Array;
  starts: Uint32Array;
  /** Middles of texts, x and y in turn; no numbers where there is none. */
  labels: Float64Array;
}

/** Packs a layout, and says what is to be handed over. */
export function pack({ width, height, centres, paths, labels }: Laid): [Packed, ArrayBuffer[]] {
  const starts = new Uint32Array(paths.length + 1);
  paths.forEach((path, i) => (starts[i + 1] = (starts[i] as number) + path.length));
  const points = new Float64Array(starts[paths.length] as number);
  paths.forEach((path, i) => points.set(path, starts[i]));
  const packed = {
    width,
    height,
    centres: Float64Array.from(centres),
    points,
    starts,
    labels: Float64Array.from(labels.flatMap((label) => label ?? [NaN, NaN])),
  };
  return [packed, [packed.centres.buffer, points.buffer, starts.buffer, packed.labels.buffer]];
}

/** The layout that was packed; its paths are parts of one array. */
export function unpack({ width, height, centres, points, starts, labels }: Packed): Laid {
  const laid: Laid = { width, height, centres, paths: [], labels: [] };
  for (let i = 0; i + 1 < starts.length; i++) {
    laid.paths.push(points.subarray(starts[i], starts[i + 1]));
    const [x = NaN, y = NaN] = labels.subarray(i * 2, i * 2 + 2);
    laid.labels.push(Number.isNaN(x) ? null : [x, y]);
  }
  return laid;
}
