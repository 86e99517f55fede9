// Which slots of a chart a pointer or a key means. Pure.

/** A bar: a bucket of numbers, a slice of time, a file at its time. Shares of the chart from 0 to 1. */
export interface Slot {
  left: number;
  width: number;
  height: number;
}

/** First and last slot of a range. */
export type Range = readonly [first: number, last: number];

/** The slot at a place: the narrowest that covers it, else the nearest; -1 without any. */
export function slotAt(slots: readonly Slot[], place: number): number {
  let best = -1;
  let known = [Infinity, Infinity];
  slots.forEach(({ left, width }, at) => {
    const away = Math.max(left - place, place - (left + width), 0);
    const [distance = 0, size = 0] = known;
    if (away < distance || (away === distance && width < size)) {
      best = at;
      known = [away, width];
    }
  });
  return best;
}

/** The range between two slots, in order. */
export function between(one: number, other: number): Range {
  return one <= other ? [one, other] : [other, one];
}

/** Where a key leads from a slot; undefined for a key that leads nowhere. */
export function stepped(key: string, at: number, count: number): number | undefined {
  const page = Math.max(1, Math.round(count / 10));
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at + page, PageDown: at - page, Home: 0, End: count - 1 }[key];
  return to === undefined ? undefined : Math.min(Math.max(to, 0), count - 1);
}

/** The outline of all bars in a box of this size, each at least a pixel high and `least` wide. */
export function barsPath(slots: readonly Slot[], width: number, height: number, least: number): string {
  return slots
    .filter((slot) => slot.height > 0)
    .map((slot) => {
      const gap = slot.width * width > 4 ? 1 : 0;
      const wide = Math.max(slot.width * width - gap, least);
      const left = Math.min(slot.left * width, width - wide);
      const high = Math.max(slot.height * height, 1);
      return `M${left.toFixed(2)} ${height}v${(-high).toFixed(2)}h${wide.toFixed(2)}v${high.toFixed(2)}z`;
    })
    .join('');
}
