// Which units a value can be shown in: pprof's families, by name only. The core does the arithmetic.

/** A family's units: what the core writes, and the other names that pprof takes for it. */
type Family = Readonly<Record<string, readonly string[]>>;

const TIME: Family = {
  ns: ['nanosecond'],
  us: ['microsecond'],
  ms: ['millisecond'],
  s: ['sec', 'second'],
  hrs: ['hour', 'hr'],
};
const MEMORY: Family = {
  B: ['byte'],
  kB: ['kbyte', 'kilobyte'],
  MB: ['mbyte', 'megabyte'],
  GB: ['gbyte', 'gigabyte'],
  TB: ['tbyte', 'terabyte'],
  PB: ['pbyte', 'petabyte'],
};
const COMPUTE: Family = {
  'n*GCU': ['nanogcu'],
  'u*GCU': ['microgcu'],
  'm*GCU': ['milligcu'],
  GCU: [],
  'k*GCU': ['kilogcu'],
  'M*GCU': ['megagcu'],
  'G*GCU': ['gigagcu'],
  'T*GCU': ['teragcu'],
  'P*GCU': ['petagcu'],
};
const FAMILIES = [TIME, MEMORY, COMPUTE];

/** pprof ignores case, and an s at the end of what is longer than two letters. */
function plain(unit: string): string {
  const lower = unit.toLowerCase();
  return lower.length > 2 ? lower.replace(/s$/, '') : lower;
}

function nameIn(family: Family, unit: string): string | undefined {
  const wanted = plain(unit);
  return Object.keys(family).find((name) => plain(name) === wanted || family[name]?.includes(wanted) === true);
}

/** The units that values of this unit can be shown in, smallest first; none for plain counts. */
export function unitsFor(unit: string): string[] {
  const family = FAMILIES.find((one) => nameIn(one, unit) !== undefined);
  return family === undefined ? [] : Object.keys(family);
}

/** Words that leave the choice to the core. */
const AUTOMATIC = ['', 'minimum', 'auto'];

/**
 * What to ask the core for when the state wants a unit: empty for its own choice, null for a unit that
 * values of this unit cannot be shown in.
 */
export function unitIn(wanted: string, unit: string): string | null {
  if (AUTOMATIC.includes(wanted)) return '';
  const family = FAMILIES.find((one) => nameIn(one, unit) !== undefined);
  return (family === undefined ? undefined : nameIn(family, wanted)) ?? null;
}
