/** The trees of sources: adding and removing them, and how their paths belong to the profile's. */
import type { JSX } from 'preact';
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { countText } from '../../lib/bytes';
import { isSourceName } from '../../lib/sourcename';
import type { Mapped } from '../../lib/sourcepath';
import { openFiles } from '../../session';
import {
  addSources, addZip, profileFiles, readableFile, removeRule, removeSources, setRule, sourceCount, sourceMatch, sourceProblem, treesText,
} from '../../sources';

const mapping = signal(false);
/** The prefix that a new rule begins with. */
const prefilled = signal('');

/** Opens the table of rules with a prefix to be mapped. */
export function mapPrefix(prefix: string): void {
  prefilled.value = prefix;
  mapping.value = true;
}

/** Takes a chosen folder: its name is the first element of the paths. */
function takeFolder(chosen: readonly File[]): void {
  const inside = chosen.map((file) => ({ file, path: file.webkitRelativePath || file.name }));
  // A folder of versions or settings is none of sources.
  const sources = inside.filter(({ path }) => isSourceName(path) && !path.includes('/.'));
  sourceProblem.value = '';
  if (sources.length > 0) addSources(sources.map(({ file, path }) => readableFile(path, () => Promise.resolve(file))), 'folder');
  else if (chosen.length > 0) sourceProblem.value = 'There is no source file in that folder.';
}

async function takeZip(chosen: readonly File[]): Promise<void> {
  sourceProblem.value = '';
  for (const file of chosen) {
    try {
      const inside = await addZip(file);
      if (inside === null) sourceProblem.value = `There is no source file in ${file.name}.`;
      // Profiles that lie beside the sources.
      else openFiles(inside);
    } catch (error) {
      sourceProblem.value = `${file.name} cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    }
  }
}

/** The two ways to choose sources. */
function AddButtons(): JSX.Element {
  const folder = useRef<HTMLInputElement>(null);
  const zip = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (folder.current !== null) folder.current.webkitdirectory = true;
  }, []);
  const taken = (input: HTMLInputElement): File[] => {
    const files = [...(input.files ?? [])];
    input.value = '';
    return files;
  };
  return (
    <span class="source-add">
      <input ref={folder} type="file" multiple class="hidden-visually" tabIndex={-1} aria-label="Source folder"
        onChange={(event) => takeFolder(taken(event.currentTarget))} />
      <input ref={zip} type="file" accept=".zip" class="hidden-visually" tabIndex={-1} aria-label="Source zip"
        onChange={(event) => void takeZip(taken(event.currentTarget))} />
      <button type="button" class="link" onClick={() => folder.current?.click()}>
        Add source folder…
      </button>
      <button type="button" class="link" onClick={() => zip.current?.click()}>
        Add source zip…
      </button>
    </span>
  );
}

/** The line over the view. */
export function SourcesBar(): JSX.Element {
  const count = sourceCount.value;
  const isOpen = mapping.value;
  const trees = treesText.value;
  return (
    <>
      <div class="pane-bar source-bar">
        {count === 0 ? (
          <span>Sources: none yet</span>
        ) : (
          <span>
            Sources: {trees === '' ? '' : `${trees}, `}
            {countText(count)} {count === 1 ? 'file' : 'files'}
            <span class="source-found"> · found {countText(sourceMatch.value.found.size)} of {countText(profileFiles.value.length)} in the profile</span>
          </span>
        )}
        {count > 0 && (
          <>
            <button type="button" class="link" aria-expanded={isOpen} onClick={() => (mapping.value = !isOpen)}>
              Path mapping
            </button>
            <button type="button" class="link" onClick={removeSources}>
              Remove sources
            </button>
          </>
        )}
        <AddButtons />
        {sourceProblem.value !== '' && (
          <span class="pane-refused" role="alert">
            {sourceProblem.value}
          </span>
        )}
      </div>
      {count > 0 && isOpen && <Mapping />}
    </>
  );
}

/** The rules, and a line for another one. */
function Mapping(): JSX.Element {
  const { rules } = sourceMatch.value;
  const [edited, edit] = useState<Mapped | null>(null);
  return (
    <section class="source-mapping" aria-label="Path mapping">
      <table aria-label="Path mapping">
        <thead>
          <tr>
            <th scope="col">Prefix in the profile</th>
            <th scope="col">Folder in the sources</th>
            <th scope="col">Files</th>
            <th scope="col">
              <span class="hidden-visually">Change</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) =>
            rule === edited ? null : (
              <tr key={`${rule.from}\n${rule.to}`}>
                <td class="mono">{rule.from || '(relative paths)'}</td>
                <td class="mono">{rule.to || '(top)'}</td>
                <td class={rule.files === 0 ? 'bad' : undefined}>{countText(rule.files)}</td>
                <td>
                  <button type="button" class="link" aria-label={`Edit the mapping of ${rule.from}`} onClick={() => edit(rule)}>
                    Edit
                  </button>
                  <button type="button" class="link" aria-label={`Remove the mapping of ${rule.from}`} onClick={() => removeRule(rule, rule.own)}>
                    Remove
                  </button>
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
      <RuleForm key={`${edited?.from ?? ''}\n${prefilled.value}`} edited={edited} done={() => edit(null)} />
    </section>
  );
}

function RuleForm({ edited, done }: { edited: Mapped | null; done: () => void }): JSX.Element {
  const [from, setFrom] = useState(edited?.from ?? prefilled.value);
  const [to, setTo] = useState(edited?.to ?? '');
  return (
    <form class="source-rule"
      onSubmit={(event) => {
        event.preventDefault();
        if (edited !== null && !edited.own) removeRule(edited, false);
        setRule({ from, to }, edited ?? undefined);
        prefilled.value = '';
        setFrom('');
        setTo('');
        done();
      }}>
      <label>
        Prefix in the profile
        <input class="mono" value={from} placeholder="/home/ci/app/" onInput={(event) => setFrom(event.currentTarget.value)} />
      </label>
      <label>
        Folder in the sources
        <input class="mono" value={to} placeholder="app/" onInput={(event) => setTo(event.currentTarget.value)} />
      </label>
      <button type="submit" class="button small">{edited === null ? 'Add' : 'Change'}</button>
    </form>
  );
}
