// Messages about files that could not be read.

import type { JSX } from 'preact';
import type { FileInfo, OpenError } from '../core';
import { countText } from '../lib/bytes';
import { closeFile } from '../session';
import { Icon } from './icons';

/** Files that could not be read and have a panel of their own; with nothing else to show there is room for more. */
export const MOST_SPELLED = { overView: 1, alone: 2 };

const STAGES: Record<string, string> = {
  container: 'while unpacking',
  detect: 'while looking for what kind of file it is',
  'profile.proto': 'while decoding the profile',
  'legacy format': 'while reading it as text',
  check: 'while checking the profile',
  limit: 'where a limit was reached',
  browser: 'before the first byte',
};

function stageText(stage: string): string {
  return STAGES[stage] ?? `at stage ${stage}`;
}

/** The one line about all of them, the same wherever it stands. */
export function failedText(count: number): string {
  return `${countText(count)} files could not be read in all`;
}

/** What was tried in vain is a long list, and the same for every file. */
function shortReason({ reason }: OpenError): string {
  return reason.replace(/: neither .*/s, '');
}

/** What a list says of a file: what it is and what to do; the reason where that is not known. */
export function briefText(error: OpenError): string {
  const what = error.looksLike === '' ? shortReason(error) : `Looks like ${error.looksLike}`;
  return error.advice === '' ? what : `${what} — ${error.advice}`;
}

/** A fact of a message; nothing where it is not known. */
export function Line({ label, children }: { label: string; children: string }): JSX.Element | null {
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
