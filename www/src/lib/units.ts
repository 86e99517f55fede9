// Which unit values are shown in. The core knows the units and does the arithmetic.

/** A unit: its name, then what it may be called, in lower case and without a plural s. */
export type Unit = readonly string[];

/** A unit as people read it, and as the core is asked for it. */
interface Choice {
  shown: string;
  asked: string;
}

/** pprof ignores case, and an s at the end of what is longer than two letters. */
function plain(unit: string): string {
  const lower = unit.toLowerCase();
  return lower.length > 2 ? lower.replace(/s$/, '') : lower;
}

/** Words that leave the choice to the core. */
const AUTOMATIC = ['', 'minimum', 'auto'];

/**
 * The unit that the state wants, among those that the values can be shown in: empty for the core's own choice,
 * null for one that is not among them.
 */
export function unitIn(wanted: string, units: readonly Unit[]): Choice | null {
  if (AUTOMATIC.includes(wanted)) return { shown: '', asked: '' };
  // As it is printed, first: M*GCU and m*GCU differ in nothing else.
  const unit =
    units.find(([name]) => name === wanted) ?? units.find((names) => names.some((name) => plain(name) === plain(wanted)));
  const [shown, ...called] = unit ?? [];
  if (shown === undefined) return null;
  return { shown, asked: called.includes(plain(shown)) ? shown : (called[0] ?? shown) };
}
