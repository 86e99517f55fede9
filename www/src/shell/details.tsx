// Everything about the selected function.

import type { JSX } from 'preact';
import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { keyed, notYet, useQueryAnswer } from '../core';
import type { Details as DetailsInfo, EdgeRow, FileInfo, FrameName, LineRow } from '../core';
import { hasFilters } from '../filtering';
import { countText } from '../lib/bytes';
import { frameSource, NameText } from '../table/frame';
import { deselect, file, hasNoSamples, query, selected, state, whereabouts } from '../state';
import { Asked, useAsked } from '../table/asked';
import { useInert } from '../table/inert';
import { TERMS } from '../table/terms';
import { Explained } from '../table/tip';
import { pick, showCallers, showInFlame, showSource } from '../table/show';
import { RECORDS_HELP } from './files';
import { FilterButtons, OwnFact } from './filterbar';
import { Icon } from './icons';
import { WhatIs } from './whatis';
import '../style/details.css';

function Values({ info }: { info: DetailsInfo }): JSX.Element {
  const current = file.value?.sampleTypes[query.value?.sample ?? 0]?.name;
  return (
    <table class="details-values">
      <thead>
        <tr>
          <th scope="col" class="details-what">
            <span class="hidden-visually">Sample type</span>
            <WhatIs term="flat" words="flat and cum" />
          </th>
          <th scope="col">
            <Explained text={TERMS.flat}>flat</Explained>
          </th>
          <th scope="col">
            <Explained text={TERMS.cum}>cum</Explained>
          </th>
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

function Lines({ name, lines }: { name: FrameName; lines: readonly LineRow[] }): JSX.Element | null {
  const asked = useAsked();
  if (lines.length === 0) return null;
  return (
    <section>
      <h3>Lines</h3>
      <ul class="shares">
        {lines.map((line) => (
          <li key={`${line.file}:${line.line}`} title={`${line.file}:${line.line}\nflat ${line.flat}, cum ${line.cum}`}>
            <span class="share-bar" style={{ width: `${line.cumShare * 100}%` }} />
            <button type="button" class="share-name mono" onClick={() => showSource(name, asked, line.line)}>
              {line.line > 0 ? `line ${line.line}` : 'line unknown'}
            </button>
            <span class="share-value">{line.cum}</span>
            <span class="share-pct">{line.cumPct}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Edges({ title, edges }: { title: string; edges: readonly EdgeRow[] }): JSX.Element | null {
  const asked = useAsked();
  if (edges.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul class="shares">
        {edges.map((edge) => (
          <li key={edge.name.node}>
            <span class="share-bar" style={{ width: `${edge.share * 100}%` }} />
            <button type="button" class="share-name mono" title={edge.name.full}
              onClick={() => pick(edge.name, asked)}>
              <NameText name={edge.name} />
            </button>
            <span class="share-value">{edge.value}</span>
            <span class="share-pct">{edge.pct}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whether more than its line is wanted where the pane is a sheet; as long as the page is open. */
const isOpen = signal(false);

/** The sheet in one line: the name and its value. */
function SheetLine({ info }: { info: DetailsInfo }): JSX.Element {
  const current = file.value?.sampleTypes[query.value?.sample ?? 0]?.name;
  const value = info.values.find(({ sampleType }) => sampleType === current);
  return (
    <h2 class="details-line">
      <button type="button" aria-expanded={isOpen.value} title={info.name.full} onClick={() => (isOpen.value = !isOpen.value)}>
        {isOpen.value ? <bdi class="details-name">{info.name.full}</bdi> : <NameText name={info.name} />}
        {value !== undefined && (
          <span class="details-value">
            {value.cum} <span class="pkg">{value.cumPct}</span>
          </span>
        )}
      </button>
    </h2>
  );
}

function Shown({ info }: { info: DetailsInfo }): JSX.Element {
  const source = frameSource(info.name);
  const asked = useAsked();
  return (
    <>
      <SheetLine info={info} />
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
          <button type="button" class="button" onClick={() => void showInFlame(info.name, asked)}>Flame graph</button>
          <button type="button" class="button" onClick={() => showCallers(info.name, asked)}>Callers & callees</button>
          <button type="button" class="button" onClick={() => showSource(info.name, asked)}>Source</button>
        </p>
        <FilterButtons name={info.name} />
      </header>
      {asked !== null && hasFilters(asked) && info.values.every(({ cum }) => cum === '0') && (
        <p class="details-note">The filters leave nothing of it.</p>
      )}
      <Values info={info} />
      <Lines name={info.name} lines={info.lines} />
      <Edges title="Callers" edges={info.callers} />
      <Edges title="Callees" edges={info.callees} />
    </>
  );
}

function FactRow({ name, value, help }: { name: string; value: string; help?: string }): JSX.Element | null {
  if (value === '') return null;
  return (
    <div>
      <dt title={help}>{name}</dt>
      <dd title={help}>{value}</dd>
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
        {!hasNoSamples(info) && (
          <>
            <FactRow name="Records" value={info.samplesText} help={RECORDS_HELP} />
            <FactRow name="Stacks" value={countText(info.stacks)} />
            <FactRow name="Functions" value={countText(info.functions)} />
          </>
        )}
        <OwnFact />
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

/** Why nothing is to be seen of the selection. */
function Missing(): JSX.Element {
  const where = whereabouts.value;
  const name = state.value.sel;
  return (
    <p class="details-empty">
      {name === '' && 'Select a function to see its cost by line, its callers and its callees.'}
      {where === 'filtered' && (
        <>
          The filters leave nothing of <code>{name}</code>.
        </>
      )}
      {where === 'absent' && (
        <>
          <code>{name}</code> does not occur in this profile.
        </>
      )}
      {where === 'grouped' && (
        <>
          <code>{name}</code> is in this profile, but it is not a row as rows are grouped now.
        </>
      )}
    </p>
  );
}

/** What the pane says while nothing is selected. */
function Nothing(): JSX.Element {
  return (
    <>
      {(file.value === null || !hasNoSamples(file.value)) && <Missing />}
      {file.value !== null && <FileFacts info={file.value} />}
    </>
  );
}

/** The details pane. */
export function Details(): JSX.Element {
  const asked = query.value;
  const node = selected.value;
  const looking = whereabouts.value === 'looking';
  const answer = useQueryAnswer<DetailsInfo>(
    asked,
    (now) => (looking ? notYet() : node === null ? null : keyed('details').details(now, node)),
    [node, looking],
  );
  const info = answer.value;
  const self = useRef<HTMLElement>(null);
  useInert(self, info !== undefined && answer.asked !== asked);
  const nothing = node === null && !looking;
  return (
    <aside ref={self} class={nothing || info === undefined ? 'details empty-pane' : isOpen.value ? 'details' : 'details details-folded'} aria-label="Details"
      aria-busy={answer.loading && !nothing}>
      {nothing && <Nothing />}
      {!nothing && info !== undefined && (
        <Asked.Provider value={answer.asked}>
          <Shown info={info} />
        </Asked.Provider>
      )}
      {answer.error !== '' && <p class="details-empty" role="alert">{answer.error}</p>}
      <button type="button" class="icon-button details-close" aria-label="Clear the selection" hidden={nothing}
        onClick={() => deselect({ push: true })}>
        <Icon name="close" />
      </button>
    </aside>
  );
}
