// Messages that are rarely seen, and fetched when they are: about many files at once, and about the reader itself.

import type { JSX } from 'preact';
import type { FileInfo } from '../core';
import { bytesText, countText } from '../lib/bytes';
import { closeFiles, crash, reopenLost } from '../session';
import type { Crash } from '../session';
import { VIEW_TITLES } from './bar';
import { briefText, failedText, Line } from './error';
import { Icon } from './icons';

/** Names that a list has at most. */
const MOST_NAMED = 200;

/** What is opened comes into sight. */
function showOpened({ currentTarget }: { currentTarget: HTMLDetailsElement }): void {
  if (currentTarget.open) currentTarget.scrollIntoView({ block: 'start' });
}

/** Files that could not be read and have no panel of their own: how many, which, and away with them. */
export function MorePanel({ failed, all }: { failed: readonly FileInfo[]; all: number }): JSX.Element {
  const more = failed.length - MOST_NAMED;
  return (
    <div class="error-panel more-panel" role="alert">
      <details onToggle={showOpened}>
        <summary>{failedText(all)}</summary>
        <ul>
          {failed.slice(0, MOST_NAMED).map((info) => (
            <li key={info.id}>
              <code>{info.name}</code> {info.error != null && briefText(info.error)}
            </li>
          ))}
        </ul>
        {more > 0 && <p>and {countText(more)} more</p>}
      </details>
      <button type="button" class="icon-button" aria-label={`Dismiss these ${countText(failed.length)}`}
        onClick={() => closeFiles(failed.map((info) => info.id))}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** What helps against a reader that stops; the file or the view was too much for it. */
function adviceFor({ during, view }: Crash): string {
  const native = 'The native command answers the same without that limit.';
  if (during !== null) return `The file may need more memory than a tab can have. ${native}`;
  return view === null ? '' : `This may need more memory than a tab can have. ${native} The page is at the summary now.`;
}

/** The reader died and was started again. */
export function CrashPanel(): JSX.Element | null {
  const what = crash.value;
  if (what === null) return null;
  const names = what.lost.slice(0, MOST_NAMED).map((file) => file.name).join(', ');
  const more = what.lost.length - MOST_NAMED;
  return (
    <div class="error-panel" role="alert">
      <h3>
        <Icon name="warning" />
        <span>The reader stopped and was started again</span>
        <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => (crash.value = null)}>
          <Icon name="close" />
        </button>
      </h3>
      <dl>
        <Line label="Reason">{what.message}</Line>
        <Line label="While reading">
          {what.during === null ? '' : `${what.during.name} (${bytesText(what.during.size)})`}
        </Line>
        <Line label="While working out">{what.view === null ? '' : VIEW_TITLES[what.view]}</Line>
        <Line label="Closed with it">{more > 0 ? `${names} and ${countText(more)} more` : names}</Line>
        <Line label="What to do">{adviceFor(what)}</Line>
      </dl>
      {what.lost.length > 0 && (
        <button type="button" class="button" onClick={reopenLost}>
          Open {what.lost.length === 1 ? 'it' : `these ${what.lost.length}`} again
        </button>
      )}
    </div>
  );
}
