/** What is to be said about what is shown: no text, another version, recursion. */
import type { ComponentChildren, JSX } from 'preact';
import type { SourceInfo } from '../../core';
import { countText } from '../../lib/bytes';
import { isMade, prefixToMap } from '../../lib/sourcepath';
import { versionDoubt } from '../../lib/sourcetext';
import { state, update } from '../../state';
import { profileFiles, sourceCount, sourceMatch } from '../../sources';
import { mapPrefix } from './sources';
import type { Text } from './rows';

function Note(props: { warn?: boolean; children: ComponentChildren }): JSX.Element {
  return (
    <p class={props.warn === true ? 'source-note source-warn' : 'source-note'} role={props.warn === true ? 'status' : undefined}>
      {props.children}
    </p>
  );
}

/** Why there is no code, and what to do about it. */
function NoText({ info }: { info: SourceInfo }): JSX.Element | null {
  if (info.file === '') return <Note>The profile has no source file for it.</Note>;
  if (isMade(info.file)) return <Note>The compiler made this code: there is no source file of it.</Note>;
  if (sourceCount.value === 0) {
    return (
      <Note>
        To see the code, drop the folder or a zip of the sources anywhere, or add it above. It stays in this tab.
      </Note>
    );
  }
  const nothing = sourceMatch.value.found.size === 0;
  const prefix = prefixToMap(nothing ? profileFiles.value : [info.file]);
  const count = countText(sourceCount.value);
  return (
    <Note warn>
      {nothing
        ? `None of the ${count} source files is one that this profile names. `
        : `${info.file} is not among the ${count} source files. `}
      {prefix !== '' && (
        <>
          {nothing ? 'Its hottest files are below ' : 'Files below '}
          <code>{prefix}</code>
          {nothing ? ': map this prefix to the folder that holds them. ' : ' can be mapped to another folder. '}
          <button type="button" class="link" onClick={() => mapPrefix(prefix)}>
            Map {prefix}
          </button>
        </>
      )}
    </Note>
  );
}

/** All that is to be said. */
export function Notes(props: { info: SourceInfo; text: Text | null | undefined; failure: string }): JSX.Element {
  const { info, text, failure } = props;
  const asked = state.value.sourceFile || state.value.sel;
  const last = info.lines[info.lines.length - 1]?.line ?? 0;
  const doubt = text == null ? '' : versionDoubt(text.lines, last, info.functions);
  return (
    <>
      {info.missing && (
        <Note warn>
          Nothing of <code>{asked}</code> is in this profile
          {info.function === undefined ? '.' : ', or the filters leave nothing of it: this is the heaviest function.'}
        </Note>
      )}
      {!info.hasLines && <Note warn>This profile has no line numbers: it was recorded or stripped without them.</Note>}
      {failure !== '' && <Note warn>{failure}</Note>}
      {text === null && failure === '' && !(info.missing && info.function === undefined) && <NoText info={info} />}
      {doubt !== '' && <Note warn>{doubt}</Note>}
      {info.overlap && info.function !== undefined && (
        <Note>
          It calls itself: a sample counts once in cum above, and once for each line that it passes. pprof’s list adds
          the lines up.
        </Note>
      )}
      {info.more > 0 && <Note>{countText(info.more)} more lines with a smaller value are not listed.</Note>}
      {info.otherFiles.length > 0 && (
        <Note>
          Also in{' '}
          {info.otherFiles.map((file) => (
            <button key={file} type="button" class="link" onClick={() => update({ sourceFile: file, line: 0 }, { push: true })}>
              {file}
            </button>
          ))}
        </Note>
      )}
    </>
  );
}
