// Everything about the selected function.

import type { JSX } from 'preact';
import { keyed, useAnswer } from '../core';
import type { Details as DetailsInfo, EdgeRow, FileInfo, LineRow } from '../core';
import { countText } from '../lib/bytes';
import { frameSource } from '../table/frame';
import { file, query, select, selected, state } from '../state';
import { showCallers, showInFlame } from '../table/show';
import { Icon } from './icons';

function Values({ info }: { info: DetailsInfo }): JSX.Element {
  const current = file.value?.sampleTypes[query.value?.sample ?? 0]?.name;
  return (
    <table class="details-values">
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden-visually">Sample type</span>
          </th>
          <th scope="col">flat</th>
          <th scope="col">cum</th>
        </tr>
      </thead>
      <tbody>
        {info.values.map((value) => (
          <tr key={value.sampleType} aria-current={value.sampleType === current ? 'true' : undefined}>
            <th scope="row">{value.sampleType}</th>
            <td>
              {value.flat} <span class="pct">{value.flatPct}</span>
            </td>
            <td>
              {value.cum} <span class="pct">{value.cumPct}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Lines({ lines }: { lines: readonly LineRow[] }): JSX.Element | null {
  if (lines.length === 0) return null;
  return (
    <section>
      <h3>Lines</h3>
      <ul class="shares">
        {lines.map((line) => (
          <li key={`${line.file}:${line.line}`} title={`${line.file}:${line.line}\nflat ${line.flat}, cum ${line.cum}`}>
            <span class="share-bar" style={{ width: `${line.cumShare * 100}%` }} />
            <span class="share-name mono">
              {line.line > 0 ? `line ${line.line}` : 'line unknown'}
            </span>
            <span class="share-value">{line.cum}</span>
            <span class="share-pct">{line.cumPct}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Edges({ title, edges }: { title: string; edges: readonly EdgeRow[] }): JSX.Element | null {
  if (edges.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul class="shares">
        {edges.map((edge) => (
          <li key={edge.name.node}>
            <span class="share-bar" style={{ width: `${edge.share * 100}%` }} />
            <button type="button" class="share-name mono" title={edge.name.full}
              onClick={() => select(edge.name, { push: true })}>
              <bdi>
                <span class="pkg">{edge.name.dim}</span>
                {edge.name.strong}
              </bdi>
            </button>
            <span class="share-value">{edge.value}</span>
            <span class="share-pct">{edge.pct}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Shown({ info }: { info: DetailsInfo }): JSX.Element {
  const source = frameSource(info.name);
  return (
    <>
      <header>
        <h2 title={info.name.full}>
          <span class="pkg">{info.name.dim}</span>
          <wbr />
          {info.name.strong}
        </h2>
        <p class="details-where">
          {info.classLabel}
          {source !== '' && (
            <span class="mono" title={source}>
              <bdi>{source}</bdi>
            </span>
          )}
        </p>
        <p class="details-go">
          <button type="button" class="button" onClick={() => void showInFlame(info.name)}>Flame graph</button>
          <button type="button" class="button" onClick={() => showCallers(info.name)}>Callers & callees</button>
        </p>
      </header>
      <Values info={info} />
      <Lines lines={info.lines} />
      <Edges title="Callers" edges={info.callers} />
      <Edges title="Callees" edges={info.callees} />
    </>
  );
}

function FactRow({ name, value }: { name: string; value: string }): JSX.Element | null {
  if (value === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** What the file says about itself. */
function FileFacts({ info }: { info: FileInfo }): JSX.Element {
  const packed = info.containers.length === 0 ? '' : `, ${info.rawSizeText} unpacked (${info.containers.join(', ')})`;
  return (
    <section>
      <h3>This file</h3>
      <dl class="file-about">
        <FactRow name="Kind" value={info.kindLabel} />
        <FactRow name="Size" value={info.sizeText + packed} />
        <FactRow name="Recorded" value={info.recorded.replace('T', ' ').replace('Z', ' UTC')} />
        <FactRow name="Duration" value={info.duration} />
        <FactRow name="Samples" value={info.samplesText} />
        <FactRow name="Stacks" value={countText(info.stacks)} />
        <FactRow name="Functions" value={countText(info.functions)} />
        {info.facts.map((fact) => (
          <FactRow key={fact.name + fact.value} name={fact.name} value={fact.value} />
        ))}
      </dl>
      {info.diagnostics.map((one) => (
        <p key={one.message} class="details-note">
          {one.message}
        </p>
      ))}
    </section>
  );
}

/** What the pane says while nothing is selected. */
function Nothing(): JSX.Element {
  const name = state.value.sel;
  return (
    <>
      <p class="details-empty">
        {name === '' ? (
          'Select a function to see its cost by line, its callers and its callees.'
        ) : (
          <>
            <code>{name}</code> does not occur in this profile.
          </>
        )}
      </p>
      {file.value !== null && <FileFacts info={file.value} />}
    </>
  );
}

/** The details pane. */
export function Details(): JSX.Element {
  const asked = query.value;
  const node = selected.value;
  const answer = useAnswer(
    () => (asked === null || node === null ? null : keyed('details').details(asked, node)),
    [asked, node],
  );
  const empty = node === null || answer.value === undefined;
  return (
    <aside class={empty ? 'details empty-pane' : 'details'} aria-label="Details" aria-busy={answer.loading && node !== null}>
      {node === null ? <Nothing /> : answer.value !== undefined && <Shown info={answer.value} />}
      {answer.error !== '' && <p class="details-empty" role="alert">{answer.error}</p>}
      <button type="button" class="icon-button details-close" aria-label="Clear the selection" hidden={node === null}
        onClick={() => select(null, { push: true })}>
        <Icon name="close" />
      </button>
    </aside>
  );
}
