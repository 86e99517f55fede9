// Names of files inside a session. Ids do not outlive it, so links need names, and unique ones.

/**
 * The names by which state and URL know files that have just come: their own, with ` (2)`, ` (3)` …
 * when that is taken. They are given once: a name that depended on what else is open would change
 * its meaning when another file is closed.
 */
export function fileKeys(names: readonly string[], taken: Iterable<string>): string[] {
  const used = new Set(taken);
  // Where the search for a free number goes on: an archive may hold one name thousands of times.
  const next = new Map<string, number>();
  return names.map((name) => {
    let nth = next.get(name) ?? 1;
    while (used.has(numbered(name, nth))) nth++;
    next.set(name, nth + 1);
    const key = numbered(name, nth);
    used.add(key);
    return key;
  });
}

/** The name of the file that a key is of, if it is one with a number. */
export function unnumbered(key: string): string {
  return key.replace(/ \(\d+\)$/, '');
}

function numbered(name: string, nth: number): string {
  return nth === 1 ? name : `${name} (${nth})`;
}
