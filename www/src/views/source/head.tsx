/** What is shown, and what it costs. */
import type { JSX } from 'preact';
import type { SourceInfo } from '../../core';
import { state, update } from '../../state';
import { useAsked } from '../../table/asked';
import { Frame } from '../../table/frame';
import { showCallers, showInFlame } from '../../table/show';
import { Value } from '../../table/value';
import type { Text } from './rows';

/** Whether one function is shown or all of its file. */
function Scope({ info }: { info: SourceInfo }): JSX.Element | null {
  const whole = info.function === undefined;
  if (info.file === '') return null;
  return (
    <span class="source-scope" role="group" aria-label="What is shown">
      <button type="button" class="button small" aria-pressed={!whole}
        onClick={() => update({ sourceFile: '' }, { push: true })}>
        Function
      </button>
      <button type="button" class="button small" aria-pressed={whole}
        onClick={() => update({ sourceFile: info.file, sel: state.peek().sel, line: state.peek().line }, { push: true })}>
        Whole file
      </button>
    </span>
  );
}

/** The heading over the lines. */
export function Head({ info, text }: { info: SourceInfo; text: Text | null | undefined }): JSX.Element {
  const asked = useAsked();
  const { function: name } = info;
  const heaviest = info.lines[info.byFlat[0] ?? -1];
  const place = info.startLine > 0 ? `${info.file}:${info.startLine}` : info.file;
  return (
    <header class="source-head">
      <h2>{name === undefined ? <bdi class="mono">{info.file}</bdi> : <Frame name={name} />}</h2>
      {name !== undefined && place !== '' && (
        <p class="source-path mono" title={text ? `${place}\nshown from ${text.path}` : place}>
          <bdi>{place}</bdi>
        </p>
      )}
      <dl class="source-sums">
        <div title={`Cost of the samples that end here, or in what was inlined here.${info.inlined === '' ? '' : ` Its own: ${info.own}, which is what lists of functions say; inlined here: ${info.inlined}.`}`}>
          <dt>{info.inlined === '' ? 'flat' : 'flat with inlined'}</dt>
          <dd>
            <Value text={info.flat} /> <span class="dim">{info.flatPct}</span>
            {info.inlined !== '' && (
              <span class="dim">
                {' '}
                · <Value text={info.own} /> own
              </span>
            )}
          </dd>
        </div>
        <div title="Cost of the samples with it anywhere in the stack, each counted once">
          <dt>cum</dt>
          <dd>
            <Value text={info.cum} /> <span class="dim">{info.cumPct}</span>
          </dd>
        </div>
      </dl>
      <p class="source-go">
        <Scope info={info} />
        {heaviest !== undefined && heaviest.line > 0 && (
          <button type="button" class="link"
            onClick={() => update({ line: heaviest.line, sel: info.names[heaviest.name]?.full ?? '', sourceFile: state.peek().sourceFile }, { push: true })}>
            Heaviest line
          </button>
        )}
        {name !== undefined && (
          <>
            <button type="button" class="link" onClick={() => void showInFlame(name, asked)}>
              Flame graph
            </button>
            <button type="button" class="link" onClick={() => showCallers(name, asked)}>
              Callers & callees
            </button>
          </>
        )}
      </p>
    </header>
  );
}
