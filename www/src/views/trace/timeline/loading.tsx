/** How far the second reading of a trace is, and how to end it; why there is no timeline. */
import type { JSX } from 'preact';
import { bytesText } from '../../../lib/bytes';
import { Drawn } from '../../../table/view';
import { load, reading, stop } from './store';

/** The reading of the file that is shown. */
export function Loading({ why }: { why: string }): JSX.Element {
  const now = reading.value;
  const failed = now !== null && (now.error !== '' || now.cancelled);
  const size = now?.of.size ?? 0;
  const read = now?.progress?.bytesIn ?? 0;
  return (
    <div class="tl-loading">
      {failed ? (
        <>
          <p role={now.error === '' ? undefined : 'alert'} class={now.error === '' ? undefined : 'view-error'}>
            {now.error === '' ? 'The timeline was not read.' : `The timeline could not be read: ${now.error}`}
          </p>
          <button type="button" class="button" onClick={() => load(true)}>
            Read it now
          </button>
          <Drawn view="trace" of={now} />
        </>
      ) : (
        <>
          <p id="tl-reading">Reading the trace again …</p>
          <progress aria-labelledby="tl-reading" max={Math.max(1, size)} value={Math.min(read, size)} />
          <p class="tl-figures">
            {bytesText(read)} of {bytesText(size)}
          </p>
          <button type="button" class="button" onClick={stop}>
            Cancel
          </button>
        </>
      )}
      <p class="dim tl-why">{why}</p>
    </div>
  );
}

/** How far the rest is, over a timeline of the beginning. */
export function Rest({ awaited }: { awaited: boolean }): JSX.Element {
  const now = reading.value;
  const share = (now?.progress?.bytesIn ?? 0) / Math.max(1, now?.of.size ?? 0);
  return (
    <div class="tl-rest" role="status">
      <span id="tl-rest">{awaited ? 'The rest is being read, to show what you asked for' : 'The rest is being read'}</span>
      <progress aria-labelledby="tl-rest" max={1} value={Math.min(1, share)} />
      <button type="button" class="button small" onClick={stop}>
        Cancel
      </button>
    </div>
  );
}
