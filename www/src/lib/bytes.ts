// Sizes and counts of files that are still being read. Once a file is open, the core says them.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes as the core writes it, e.g. `12.50kB`: powers of 1024, no superfluous zeros. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(2).replace(/\.00$/, '')}${UNITS[unit]}`;
}

/** A count with its digits in groups of three, as the core writes it. */
export function countText(count: number): string {
  return String(Math.trunc(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}
