// The name and the promise.

import type { JSX } from 'preact';
import { IS_ONE_FILE } from '../host';
import { Icon } from './icons';

/** The wordmark. */
export function Brand(): JSX.Element {
  return (
    <span class="brand">
      <svg class="brand-mark" viewBox="0 0 16 16" aria-hidden="true">
        <rect x="1" y="2" width="14" height="3" rx=".5" />
        <rect x="1" y="6" width="9" height="3" rx=".5" opacity=".75" />
        <rect x="11" y="6" width="4" height="3" rx=".5" opacity=".4" />
        <rect x="3" y="10" width="5" height="3" rx=".5" opacity=".55" />
      </svg>
      dropprof
    </span>
  );
}

/** Why the promise can be believed. */
export function PrivacyPromise(): JSX.Element {
  return (
    <div class="promise">
      <Icon name="lock" />
      <div>
        <p>
          <strong>Nothing leaves your machine.</strong> Files are read inside this tab. There is no
          upload, and the browser itself enforces it: the page carries a Content Security Policy
          that forbids it, and the worker that reads your files, to connect anywhere
          {IS_ONE_FILE ? '.' : ' but to the site it was loaded from.'}
        </p>
        <p>
          The rule reads <code>connect-src &apos;{IS_ONE_FILE ? 'none' : 'self'}&apos;</code> in the page source. Or switch
          the network off now: everything{IS_ONE_FILE ? '' : ' but the demos'} goes on working.
        </p>
      </div>
    </div>
  );
}
