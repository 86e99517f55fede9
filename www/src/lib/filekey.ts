// Names of files inside a session. Ids do not outlive it, so links need names, and unique ones.

/** What is needed of a file here. */
interface Named {
  id: number;
  name: string;
}

/**
 * The name by which state and URL know a file: its own, with ` (2)`, ` (3)` … when an earlier file
 * of the session has the same one.
 */
export function fileKey(all: readonly Named[], id: number): string {
  const info = all.find((file) => file.id === id);
  if (info === undefined) return '';
  const nth = all.filter((file) => file.name === info.name && file.id <= id).length;
  return nth === 1 ? info.name : `${info.name} (${nth})`;
}
