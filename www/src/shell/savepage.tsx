// "Interactive page (HTML)": how large it gets, what goes into it, and saving it.

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { core, useAnswer } from '../core';
import { canBeTrimmed, compose, gather, stateInFile } from '../export/onefile';
import type { Choice, Parts } from '../export/onefile';
import { bytesText, countText } from '../lib/bytes';
import { stemOf } from '../lib/stem';
import { baseline, file, files, query, state } from '../state';
import type { SessionFile } from '../state';
import { download } from './download';

/** Bytes of profiles from which on a smaller file is offered unasked. */
const LARGE = 20 * 1024 ** 2;
/** Numbers of stacks that can be chosen. */
const STACKS = [50_000, 10_000, 1000, 100] as const;

/** What is shown: the file, and the one that it is compared with. */
function shownFiles(): SessionFile[] {
  return [file.value, baseline.value].filter((info) => info !== null);
}

function readable(): SessionFile[] {
  return files.value.filter((info) => info.error == null);
}

/** What is lost by trimming the file shown, in words of the core. */
function Loss({ stacks }: { stacks: number }): JSX.Element | null {
  const id = file.value?.id ?? -1;
  const sample = query.value?.sample ?? 0;
  const type = file.value?.sampleTypes[sample]?.name ?? '';
  const answer = useAnswer(() => (stacks === 0 ? null : core.trimInfo(id, sample, stacks)), [id, sample, stacks]);
  const info = answer.value;
  if (answer.error !== '') return <p class="bad">{answer.error}</p>;
  if (stacks === 0 || info === undefined || !info.isTrimmed) return null;
  return (
    <p>
      Lost in {file.value?.name}: {info.merged} stacks, with {info.mergedPct} of {type}, become one called{' '}
      <code>{info.frame}</code>, and their labels go. {info.kept} stacks with {info.keptPct} stay as they are, and so do all totals.
    </p>
  );
}

function sizeText({ pageSize, profileSize, profiles }: Parts): string {
  const what = profiles.length === 1 ? 'profile' : `${countText(profiles.length)} profiles`;
  return `${bytesText(pageSize + profileSize)}: page ${bytesText(pageSize)} + ${what} ${bytesText(profileSize)}`;
}

async function save(parts: Parts): Promise<string> {
  const shown = file.peek();
  if (shown === null) return '';
  const stem = stemOf(shown.name);
  const name = `${stem === '' ? 'profile' : stem}.html`;
  const blob = await compose(parts, `${shown.name} – dropprof`, stateInFile(state.peek(), shown.key, parts.keys));
  download(blob, 'text/html', name);
  return `Handed ${name} to the browser`;
}

interface ChoicesProps {
  all: boolean;
  setAll: (all: boolean) => void;
  stacks: number;
  setStacks: (stacks: number) => void;
}

function Choices({ all, setAll, stacks, setStacks }: ChoicesProps): JSX.Element {
  const [every, shown] = [readable(), shownFiles()];
  const offered = STACKS.filter((most) => (all ? every : shown).some((info) => canBeTrimmed(info, most)));
  return (
    <div class="save-choices">
      {every.length > shown.length && (
        <label class="control">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
          All {countText(every.length)} files of the session
        </label>
      )}
      {offered.length > 0 && (
        <label class="control">
          Stacks
          <select class="menu" value={String(stacks)} onChange={(event) => setStacks(Number(event.currentTarget.value))}>
            <option value="0">all</option>
            {offered.map((most) => (
              <option key={most} value={String(most)}>
                the heaviest {countText(most)}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

/** What stands under the button once it was pressed. */
export function SavePage(): JSX.Element {
  const [all, setAll] = useState(true);
  const [stacks, setStacks] = useState(0);
  const [told, setTold] = useState('');
  const by = { file: file.value?.id ?? -1, sample: query.value?.sample ?? 0 };
  const choice: Choice = { files: all ? readable() : shownFiles(), stacks, by };
  const answer = useAnswer(() => gather(choice), [all, stacks, files.value, by.file, by.sample]);
  const parts = answer.loading ? undefined : answer.value;
  const run = async (): Promise<void> => {
    if (parts === undefined) return;
    setTold('Writing…');
    try {
      setTold(await save(parts));
    } catch (error) {
      setTold(`It could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return (
    <section class="save-page" aria-label="Interactive page">
      <p class="dim">This page and the profile in one HTML file: it opens from the disk, without a network, with what you see now.</p>
      <Choices all={all} setAll={setAll} stacks={stacks} setStacks={setStacks} />
      <Loss stacks={stacks} />
      <p role="status">
        {parts === undefined && answer.error === '' && 'Working out how large it gets…'}
        {answer.error !== '' && <span class="bad">It cannot be made: {answer.error}</span>}
        {parts !== undefined && <strong>{sizeText(parts)}</strong>}
        {parts !== undefined && stacks === 0 && parts.profileSize > LARGE && '. That is a lot to send: with fewer stacks it gets smaller.'}
      </p>
      <div class="save-go">
        <button type="button" class="button primary" disabled={parts === undefined} onClick={() => void run()}>
          Save page
        </button>
        <span role="status">{told}</span>
      </div>
    </section>
  );
}
