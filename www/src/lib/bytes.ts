// Sizes of files for reading: the one number that the page writes itself, for no core has seen the
// file yet when it first appears.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes with three significant digits, in powers of 1024 as pprof counts. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** A count with thin spaces between thousands. */
export function countText(count: number): string {
  return String(Math.trunc(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}
