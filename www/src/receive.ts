// What becomes of dropped and chosen files: profiles are opened, sources go to the Source view's tree.

import { countText } from './lib/bytes';
import type { Found } from './lib/entries';
import { isProfileName, isSourceName, isZipName } from './lib/sourcename';
import { notice, openFiles } from './session';
import { file as currentFile, update } from './state';

type Sources = typeof import('./sources');

/** Takes what was found; sources are told of when no profile is among it. */
export async function receive(found: Found): Promise<void> {
  const sources = found.sources ?? [];
  const isPlain = (file: File): boolean => !isSourceName(file.name) && !isZipName(file.name);
  if (sources.length === 0 && found.files.every(isPlain)) {
    openFiles(found.files);
    return;
  }
  let store: Sources;
  try {
    store = await import('./sources');
  } catch {
    notice.value = 'The part of this page that reads sources could not be fetched: drop them again later.';
    return;
  }
  const single = found.files.filter((file) => isSourceName(file.name));
  // In a folder with sources most files are neither sources nor profiles.
  const isTree = sources.length > 0;
  const profiles: File[] = found.files.filter(
    (file) => isPlain(file) && (!isTree || found.inFolders?.has(file) !== true || isProfileName(file.name)),
  );
  const before = store.sourceCount.peek();
  if (isTree) store.addSources(sources.map(({ path, open }) => store.readableFile(path, open)), 'folder');
  if (single.length > 0) store.addSources(single.map((file) => store.readableFile(file.name, () => Promise.resolve(file))), 'files');
  for (const zip of found.files.filter((file) => isZipName(file.name))) {
    // What cannot be read as a zip is told of by the core, with what it looks like.
    const inside = await store.addZip(zip).catch(() => null);
    profiles.push(...(inside ?? [zip]));
  }
  openFiles(profiles);
  const added = store.sourceCount.peek() - before;
  if (added > 0 && profiles.length === 0) tell(added);
}

/** Whoever drops only sources wants to see them. */
function tell(added: number): void {
  if (currentFile.peek() !== null) update({ view: 'source' }, { push: true });
  else notice.value = `${countText(added)} source files are here for the Source view: now drop a profile.`;
}
