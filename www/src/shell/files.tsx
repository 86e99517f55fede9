// The session list: what was dropped, what of it is being read, what could not be read.

import type { JSX } from 'preact';
import type { FileInfo } from '../core';
import { bytesText, countText } from '../lib/bytes';
import { cancelOpening, closeFile, opening, showFile } from '../session';
import type { Opening } from '../session';
import { baseline, file as currentFile, files, hasNoSamples, isSameKind, update } from '../state';
import type { SessionFile } from '../state';
import { briefText, failedText } from './error';
import { Icon } from './icons';

function kind(info: FileInfo): string {
  return info.duration === '' ? info.kindLabel : `${info.kindLabel} · ${info.duration}`;
}

/** What is meant by the records of a file. */
export const RECORDS_HELP = 'Sample records of the file: a record is a stack with its values, and may stand for many samples.';

function Remarks({ info }: { info: FileInfo }): JSX.Element | null {
  const warnings = info.diagnostics.filter((one) => one.severity === 'warning');
  if (warnings.length === 0) return null;
  const label = warnings.length === 1 ? '1 warning' : `${countText(warnings.length)} warnings`;
  return (
    <details class="remarks">
      <summary>
        <Icon name="warning" />
        {label}
      </summary>
      <ul>
        {warnings.map((one) => (
          <li key={one.message}>{one.message}</li>
        ))}
      </ul>
    </details>
  );
}

function CloseButton({ info }: { info: FileInfo }): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={`Close ${info.name}`} onClick={() => closeFile(info.id)}>
      <Icon name="close" />
    </button>
  );
}

/** Makes a file what the one shown is compared with; for the one shown and for other kinds there is no such thing. */
function BaselineButton({ info }: { info: SessionFile }): JSX.Element | null {
  const shown = currentFile.value;
  if (shown === null || shown.id === info.id || !isSameKind(shown, info) || hasNoSamples(info)) return null;
  return (
    <button type="button" class="icon-button file-base" aria-pressed={baseline.value?.id === info.id}
      aria-label={`Compare with ${info.name} as the baseline`} title="Compare with this file as the baseline"
      onClick={() => update({ view: 'compare', base: info.key, mode: '' }, { push: true })}>
      <Icon name="compare" />
    </button>
  );
}

function FileRow({ info }: { info: SessionFile }): JSX.Element {
  const shown = currentFile.value?.id === info.id;
  return (
    <li class={shown ? 'file shown' : 'file'}>
      <button type="button" class="file-pick" aria-current={shown ? 'true' : undefined} title={info.name}
        onClick={() => showFile(info)}>
        <span class="file-name">
          <bdi>{info.name}</bdi>
        </span>
        <span class="file-kind">
          {baseline.value?.id === info.id && <b>baseline · </b>}
          {kind(info)}
        </span>
        <span class="file-facts" title={RECORDS_HELP}>
          {info.sizeText}
          {/* Those of a trace are its waits, added up. */}
          {!hasNoSamples(info) && info.kind !== 'trace' && ` · ${info.samplesText} ${info.samples === 1 ? 'record' : 'records'}`}
        </span>
      </button>
      <BaselineButton info={info} />
      <CloseButton info={info} />
      <Remarks info={info} />
    </li>
  );
}

function FailedRow({ info }: { info: FileInfo }): JSX.Element {
  return (
    <li class="file failed">
      <details>
        <summary title={info.name}>
          <span class="file-name">
            <bdi>{info.name}</bdi>
          </span>
          <span class="file-kind">
            <Icon name="warning" />
            could not be read
          </span>
        </summary>
        <p class="file-reason">{info.error != null && briefText(info.error)}</p>
      </details>
      <CloseButton info={info} />
    </li>
  );
}

function stateText(one: Opening): string {
  if (one.cancelling === true) return 'stopping…';
  if (one.loading === true) return 'loading…';
  if (one.progress === undefined) return 'waiting';
  const { bytesIn, samples } = one.progress;
  // All is read, but the answer is not here yet: the core sorts and checks.
  if (bytesIn >= one.size) return 'working it out…';
  const read = `${bytesText(bytesIn)} of ${bytesText(one.size)}`;
  return samples > 0 ? `${read} · ${countText(samples)} ${samples === 1 ? 'record' : 'records'}` : read;
}

function shareOf(one: Opening): number {
  return one.size > 0 ? (one.progress?.bytesIn ?? 0) / one.size : 0;
}

/** A file on its way in, with a way to stop it. */
export function OpeningRow({ one }: { one: Opening }): JSX.Element {
  return (
    <li class="file opening">
      <div class="file-pick">
        <span class="file-name" title={one.name}>
          <bdi>{one.name}</bdi>
        </span>
        <progress max={1} value={shareOf(one)} aria-label={`Reading ${one.name}`} />
        <span class="file-facts">{stateText(one)}</span>
      </div>
      <button type="button" class="icon-button" aria-label={`Cancel ${one.name}`} disabled={one.cancelling === true}
        onClick={() => cancelOpening(one.ticket)}>
        <Icon name="close" />
      </button>
    </li>
  );
}

/** The same for those who hear it: the figures change ten times a second, this four times a file. */
function spokenText(one: Opening): string {
  const quarters = Math.floor(shareOf(one) * 4);
  return quarters === 0 ? `Reading ${one.name}` : `Reading ${one.name}, ${quarters * 25} %`;
}

/** The file being read, in the middle of the page while there is nothing else to show. */
export function ReadingNow(): JSX.Element | null {
  const one = opening.value.find((some) => some.progress !== undefined) ?? opening.value[0];
  if (one === undefined) return null;
  const waiting = opening.value.length - 1;
  return (
    <div class="reading">
      <p class="hidden-visually" role="status">
        {spokenText(one)}
      </p>
      <p class="reading-name">
        Reading <code>{one.name}</code>
      </p>
      <progress max={1} value={shareOf(one)} aria-hidden="true" />
      <p>{stateText(one)}</p>
      {waiting > 0 && <p>{waiting === 1 ? '1 more file is waiting' : `${countText(waiting)} more files are waiting`}</p>}
    </div>
  );
}

/** Files that could not be read and have a row of their own. */
const MOST_LISTED = 20;

/** The list itself. */
export function FileList(): JSX.Element {
  const failed = files.value.filter((info) => info.error != null);
  const untold = new Set(failed.slice(MOST_LISTED));
  return (
    <ul class="files" aria-label="Files">
      {files.value
        .filter((info) => !untold.has(info))
        .map((info) =>
          info.error == null ? <FileRow key={info.id} info={info} /> : <FailedRow key={info.id} info={info} />,
        )}
      {untold.size > 0 && (
        <li key="more" class="file more-failed">
          <Icon name="warning" />
          {failedText(failed.length)}
        </li>
      )}
      {opening.value.map((one) => (
        <OpeningRow key={`o${one.ticket}`} one={one} />
      ))}
    </ul>
  );
}
