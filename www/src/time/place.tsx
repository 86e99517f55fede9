/** Where the strip of time stands: over the view, from the moment that it is known to come. */
import type { JSX } from 'preact';
import { lazyView } from '../shell/lazy';
import { file, files, view, WHOLE } from '../state';

const Strip = lazyView(async () => (await import('./strip')).TimeStrip);

/** Whether the file's samples bear times, or others of its process are there. */
function hasTime(): boolean {
  const info = file.value;
  if (info === null) return false;
  const isOther = (one: typeof info): boolean => one.id !== info.id && one.process === info.process;
  return info.timed || (info.process !== '' && files.value.some(isOther));
}

/** The place. */
export function TimePlace(): JSX.Element | null {
  if (WHOLE.includes(view.value) || !hasTime()) return null;
  return (
    <div class="time-place">
      <Strip />
    </div>
  );
}
