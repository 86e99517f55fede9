// The switch by which files are remembered on this device, on the landing page.

import type { JSX } from 'preact';
import { lazyView } from '../shell/lazy';
import { remembering, setRemembering, unkept } from './remember';

const RecentList = lazyView(async () => (await import('./view')).RecentList);

/** The switch, and what is remembered while it is on. */
export function Recent(): JSX.Element {
  return (
    <section class="recent" aria-label="Recent files">
      <label class="control">
        <input type="checkbox" checked={remembering.value} onChange={(event) => void setRemembering(event.currentTarget.checked)} />
        Remember recent files on this device
      </label>
      {unkept.value !== '' && (
        <p class="bad" role="alert">
          {unkept.value}
        </p>
      )}
      {remembering.value && <RecentList />}
    </section>
  );
}
