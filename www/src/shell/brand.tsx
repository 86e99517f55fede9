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
          <strong>Nothing leaves your machine.</strong> Files are read inside this tab. The browser lets this
          page, and the worker that reads your files, contact {IS_ONE_FILE ? 'no site' : 'its own site only, which has no way to take anything in'}.
        </p>
        <p>
          The rule reads <code>connect-src &apos;{IS_ONE_FILE ? 'none' : 'self'}&apos;</code> in the page source. Or switch
          the network off and see: everything{IS_ONE_FILE ? '' : ' but the demos'} goes on working.
        </p>
      </div>
    </div>
  );
}
