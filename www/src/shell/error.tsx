// Messages about files that could not be read, and about the reader itself.

import type { JSX } from 'preact';
import type { FileInfo } from '../core';
import { bytesText } from '../lib/bytes';
import { closeFile, crash, reopenLost } from '../session';
import { Icon } from './icons';

const STAGES: Record<string, string> = {
  container: 'while unpacking',
  detect: 'while looking for what kind of file it is',
  'profile.proto': 'while decoding the profile',
  check: 'while checking the profile',
  memory: 'for want of memory',
  browser: 'before the first byte',
};

function stageText(stage: string): string {
  return STAGES[stage] ?? `at stage ${stage}`;
}

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
        <Line label="Reason">{error.reason}</Line>
        <Line label="Stopped">{where}</Line>
        <Line label="Looks like">{error.looksLike}</Line>
        <Line label="Size">{file.sizeText}</Line>
        <Line label="What to do">{error.advice}</Line>
      </dl>
    </div>
  );
}

/** The reader died and was started again. */
export function CrashPanel(): JSX.Element | null {
  const what = crash.value;
  if (what === null) return null;
  const names = what.lost.map((file) => file.name).join(', ');
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
        <Line label="Closed with it">{names}</Line>
        <Line label="What to do">
          {what.during === null
            ? ''
            : 'The file may need more memory than a tab can have. The native command reads the same files without that limit.'}
        </Line>
      </dl>
      {what.lost.length > 0 && (
        <button type="button" class="button" onClick={reopenLost}>
          Open {what.lost.length === 1 ? 'it' : `these ${what.lost.length}`} again
        </button>
      )}
    </div>
  );
}
