// Messages that are rarely seen, and fetched when they are: about files that could not be read, and about the reader itself.

import type { JSX } from 'preact';
import type { FileInfo } from '../core';
import { bytesText, countText } from '../lib/bytes';
import { closeFile, closeFiles, crash, reopenLost } from '../session';
import type { Crash } from '../session';
import { VIEW_TITLES } from './bar';
import { briefText, failedText, shortReason } from './error';
import { Icon } from './icons';

/** Names that a list has at most. */
const MOST_NAMED = 200;

/** What is opened comes into sight. */
function showOpened({ currentTarget }: { currentTarget: HTMLDetailsElement }): void {
  if (currentTarget.open) currentTarget.scrollIntoView({ block: 'start' });
}

const STAGES: Record<string, string> = {
  container: 'while unpacking',
  detect: 'while looking for what kind of file it is',
  'profile.proto': 'while decoding the profile',
  'legacy format': 'while reading it as text',
  check: 'while checking the profile',
  trace: 'while reading the trace',
  limit: 'where a limit was reached',
  browser: 'before the first byte',
};

function stageText(stage: string): string {
  return STAGES[stage] ?? `at stage ${stage}`;
}

/** A fact of a message; nothing where it is not known. */
function Line({ label, children }: { label: string; children: string }): JSX.Element | null {
  if (children === '') return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Why one file could not be read, where it stopped, and what to do. */
export function ErrorPanel({ file }: { file: FileInfo }): JSX.Element | null {
  const error = file.error;
  if (error == null) return null;
  const where = error.position === '' ? stageText(error.stage) : `${stageText(error.stage)}, at ${error.position}`;
  return (
    <div class="error-panel" role="alert">
      <h3>
        <Icon name="warning" />
        <span>
          <code>{file.name}</code> could not be read
        </span>
        <button type="button" class="icon-button" aria-label={`Dismiss ${file.name}`} onClick={() => closeFile(file.id)}>
          <Icon name="close" />
        </button>
      </h3>
      <dl>
        <Line label="Looks like">{error.looksLike}</Line>
        <Line label="What to do">{error.advice}</Line>
        <Line label="Reason">{shortReason(error)}</Line>
        <Line label="Stopped">{where}</Line>
        <Line label="Size">{file.sizeText}</Line>
      </dl>
    </div>
  );
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
