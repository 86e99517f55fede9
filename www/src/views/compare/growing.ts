/** What a file can be compared with, and whether growth can be followed through it and others. */
import { files, isSameKind } from '../../state';
import type { SessionFile } from '../../state';

/** Files that growth is followed through, and their kinds. */
const LEAST_GROWTH = 3;
const GROWING = ['heap', 'allocs', 'goroutine', 'goroutineleak', 'threadcreate'];

/** Readable files that `shown` can be compared with, in the order of the session. */
export function candidates(shown: SessionFile): SessionFile[] {
  return files.value.filter((info) => info.error == null && info.id !== shown.id && isSameKind(info, shown));
}

/** Whether growth is offered for a file. */
export function canGrow(shown: SessionFile): boolean {
  return candidates(shown).length + 1 >= LEAST_GROWTH && GROWING.includes(shown.kind ?? '');
}
