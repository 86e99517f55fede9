/**
 * The arithmetic of a virtual table: which rows are on screen, and where the scroll bar stands.
 *
 * Two spaces: *virtual* pixels, in which row i starts at `i * rowHeight`, and *physical* pixels of
 * the element that gives the scroll bar its length. They are the same until the table is taller
 * than a browser can lay out; above that the scroll bar is a scaled picture of the virtual space.
 */

/**
 * Tallest element asked of the browser, in CSS pixels. Firefox clamps near 17.8 million and Chromium
 * and Safari near 33.5 million; half of the smallest leaves room for the header and for zoom.
 */
export const MAX_HEIGHT = 8_000_000;

/** What the arithmetic needs to know of the table on screen. */
export interface Geometry {
  /** Rows in all. */
  rows: number;
  /** Height of a row in CSS pixels. */
  rowHeight: number;
  /** Height in which rows are seen (the header taken off), in CSS pixels. */
  viewHeight: number;
}

/** A run of rows. */
export interface RowRange {
  first: number;
  count: number;
}

/** Height of the element behind the scroll bar. */
export function physicalHeight(g: Geometry): number {
  return Math.min(g.rows * g.rowHeight, MAX_HEIGHT);
}

/** Virtual pixels of the whole table. */
export function virtualHeight(g: Geometry): number {
  return g.rows * g.rowHeight;
}

/** Whether the scroll bar is a scaled picture of the table. */
export function isScaled(g: Geometry): boolean {
  return virtualHeight(g) > MAX_HEIGHT;
}

/** Virtual top that belongs to a scroll position; both ends of the bar are both ends of the table. */
export function toVirtual(g: Geometry, scrollTop: number): number {
  if (!isScaled(g)) return scrollTop;
  const physical = physicalHeight(g) - g.viewHeight;
  return clamp(scrollTop / physical, 0, 1) * (virtualHeight(g) - g.viewHeight);
}

/** Scroll position that belongs to a virtual top; the inverse of {@link toVirtual}. */
export function toPhysical(g: Geometry, top: number): number {
  if (!isScaled(g)) return top;
  const virtual = virtualHeight(g) - g.viewHeight;
  return clamp(top / virtual, 0, 1) * (physicalHeight(g) - g.viewHeight);
}

/** A virtual top that does not leave the table. */
export function clampTop(g: Geometry, top: number): number {
  return clamp(top, 0, Math.max(0, virtualHeight(g) - g.viewHeight));
}

/** Rows to draw for a virtual top, with `overscan` rows more on either side. */
export function visibleRows(g: Geometry, top: number, overscan: number): RowRange {
  const first = Math.max(0, Math.floor(top / g.rowHeight) - overscan);
  const last = Math.min(g.rows, Math.ceil((top + g.viewHeight) / g.rowHeight) + overscan);
  return { first: Math.min(first, g.rows), count: Math.max(0, last - first) };
}

/** The virtual top nearest to the present one at which row `index` is wholly on screen. */
export function reveal(g: Geometry, top: number, index: number): number {
  const start = index * g.rowHeight;
  if (start < top) return start;
  const end = start + g.rowHeight;
  return end > top + g.viewHeight ? clampTop(g, end - g.viewHeight) : top;
}

/** The present virtual top while row `index` is wholly on screen, else the one that puts it into the middle. */
export function revealMiddle(g: Geometry, top: number, index: number): number {
  if (reveal(g, top, index) === top) return top;
  return clampTop(g, index * g.rowHeight - (g.viewHeight - g.rowHeight) / 2);
}

/** Row that a key leads to from `index` (-1: no row yet); null when the key is not one of ours. */
export function moveBy(g: Geometry, key: string, index: number): number | null {
  const page = Math.max(1, Math.floor(g.viewHeight / g.rowHeight) - 1);
  const target = keyTarget(key, index, page, g.rows);
  if (target === null || g.rows === 0) return null;
  return clamp(target, 0, g.rows - 1);
}

function keyTarget(key: string, index: number, page: number, rows: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return index + 1;
    case 'ArrowUp':
      return index < 0 ? rows - 1 : index - 1;
    case 'PageDown':
      return Math.max(index, 0) + page;
    case 'PageUp':
      return index - page;
    case 'Home':
      return 0;
    case 'End':
      return rows - 1;
    default:
      return null;
  }
}

/** What {@link fitColumns} needs of a column. */
export interface Fit {
  /** Width in CSS pixels, or the least width of the one column that takes what is left. */
  width: number;
  /** That least width where there is room. */
  roomy?: number;
  /** Columns with the highest number go first when there is no room; 0 or none stays always. */
  optional?: number;
}

/** The columns that fit `width`, each at its `roomy` width if asked: optional ones are left out, highest number and last first. */
export function fitColumns<C extends Fit>(columns: readonly C[], width: number, roomy = false): C[] {
  const kept = [...columns];
  const sum = (): number => kept.reduce((total, column) => total + ((roomy ? column.roomy : undefined) ?? column.width), 0);
  while (sum() > width) {
    const rank = Math.max(0, ...kept.map((column) => column.optional ?? 0));
    if (rank === 0) break;
    kept.splice(kept.findLastIndex((column) => column.optional === rank), 1);
  }
  return kept;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
