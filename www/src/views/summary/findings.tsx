/** Findings: what the rules say about the whole session, gravest first, and what they looked for in vain. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { notYet, useAnswer } from '../../core';
import type { CheckDto, FindingDto, FindingList, OpenQuestion } from '../../core';
import { areKnown, findingsOf } from '../../findings';
import { opening } from '../../session';
import { Severity } from '../../shell/severity';
import { WhatIs } from '../../shell/whatis';
import { files, state, view } from '../../state';
import { NameText } from '../../table/frame';
import { FindingBody } from './finding';
import './findings.css';

/** Fetched with them: what leads from a trace to its own view. */
export { TraceWay } from './traceway';

/** Rows listed at first: the page keeps room for as many. */
const FIRST = 4;
/** Answers in their place when there is nothing to list: what was asked is all there is to say then. */
const FEW = 6;
/** Milliseconds that the view has to stay before the rules are asked: the core does one thing at a time. */
const STAYS = 150;

/** Keys of the findings that are open, whether all are listed, and what is unfolded: kept for the way back. */
const open = signal<ReadonlySet<string>>(new Set());
const all = signal(false);
const unfolded = signal<Fold | null>(null);

/** The findings of the session. */
export function Findings(): JSX.Element {
  // Each file may change what is found; the rules wait for the last one.
  const reading = opening.value.length > 0;
  const [tries, setTries] = useState(0);
  const answer = useAnswer(() => (reading ? notYet<FindingList>() : load()), [files.value, state.value.main, reading, tries]);
  const { value, error, loading } = answer;
  return (
    <section class="findings" aria-label="Findings" aria-busy={loading}>
      <h2>
        Findings <WhatIs term="severity" words="a severity" />{' '}
        {value !== undefined && <span class="fi-counts">{value.counts}</span>}
      </h2>
      {value === undefined && error === '' && <p class="dim">Looking for what is worth changing …</p>}
      {error !== '' && (
        <p class="fi-error" role="alert">
          The findings could not be had: {error}.{' '}
          <button type="button" class="link" onClick={() => setTries(tries + 1)}>
            Try again
          </button>
        </p>
      )}
      {value !== undefined && <Found list={value} />}
    </section>
  );
}

async function load(): Promise<FindingList> {
  if (!areKnown()) {
    await new Promise((resolve) => setTimeout(resolve, STAYS));
    if (view.peek() !== 'summary') return notYet();
  }
  return findingsOf('findings');
}

/** A finding in its place. */
interface Row {
  finding: FindingDto;
  /** What it follows from; undefined for a cause. */
  cause: FindingDto | undefined;
  /** 1 below its cause. */
  depth: number;
}

/** What can be unfolded below the list. */
type Fold = 'minor' | 'checked' | 'open';

function Found(props: { list: FindingList }): JSX.Element {
  const { findings, checked, notAssessable } = props.list;
  const rowOf = (finding: FindingDto, depth: number): Row => ({ finding, cause: findings[finding.explainedBy ?? -1], depth });
  const rows = props.list.outline.map(({ at, depth }) => rowOf(findings[at] as FindingDto, depth));
  const minor = findings.filter((finding) => finding.severity === 'info').map((finding) => rowOf(finding, 0));
  const shown = all.value ? rows : rows.slice(0, FIRST);
  const isFolded = unfolded.value === null;
  return (
    <>
      {rows.length === 0 && (
        <p class="dim">
          {checked.length + minor.length === 0
            ? 'No rule applies to these files.'
            : 'Nothing above information: no rule found anything that is worth changing.'}
        </p>
      )}
      {rows.length === 0 && minor.length === 0 && isFolded && <Checked checked={checked.slice(0, FEW)} />}
      {shown.length > 0 && <List rows={shown} label="Findings" />}
      <div class="fi-tail">
        {rows.length > FIRST && (
          <button type="button" class="link" aria-expanded={all.value} onClick={() => (all.value = !all.value)}>
            {all.value ? `Show the first ${FIRST} only` : `Show all ${rows.length} findings`}
          </button>
        )}
        <Unfold fold="minor" count={minor.length}>{`${minor.length} more worth knowing`}</Unfold>
        <Unfold fold="checked" count={checked.length}>{`Checked, not found (${checked.length})`}</Unfold>
        <Unfold fold="open" count={notAssessable.length}>{`Not assessable (${notAssessable.length})`}</Unfold>
      </div>
      {!isFolded && (
        <div id="findings-fold" class="fi-fold">
          {unfolded.value === 'minor' && minor.length > 0 && <List rows={minor} label="Worth knowing" />}
          {unfolded.value === 'checked' && <Checked checked={checked} />}
          {unfolded.value === 'open' && <Open questions={notAssessable} />}
        </div>
      )}
    </>
  );
}

function Unfold(props: { fold: Fold; count: number; children: string }): JSX.Element | null {
  const { fold, count, children } = props;
  const isOpen = unfolded.value === fold;
  if (count === 0) return null;
  return (
    <button type="button" class="link" aria-expanded={isOpen} aria-controls={isOpen ? 'findings-fold' : undefined}
      onClick={() => (unfolded.value = isOpen ? null : fold)}>
      {children}
    </button>
  );
}

function List(props: { rows: readonly Row[]; label: string }): JSX.Element {
  return (
    <ol class="fi-list" aria-label={props.label}>
      {props.rows.map((row) => (
        <FindingRow key={row.finding.key} row={row} />
      ))}
    </ol>
  );
}

function toggle(key: string): void {
  const next = new Set(open.value);
  if (!next.delete(key)) next.add(key);
  open.value = next;
}

function FindingRow(props: { row: Row }): JSX.Element {
  const { finding, cause, depth } = props.row;
  const isOpen = open.value.has(finding.key);
  const id = `finding-${finding.key}`;
  return (
    <li class="fi-item" style={{ '--depth': depth }}>
      <h3>
        <button type="button" class="fi-row" aria-expanded={isOpen} aria-controls={id} onClick={() => toggle(finding.key)}>
          <Severity name={finding.severity} />{' '}
          <span class="fi-title" title={finding.title}>
            {finding.title}
            {cause !== undefined && <span class="fi-cause"> follows from {cause.rule}</span>}
          </span>{' '}
          <span class="fi-rule">{finding.rule}</span>{' '}
          <Seen finding={finding} />
        </button>
      </h3>
      <div id={id} hidden={!isOpen}>
        {isOpen && <FindingBody finding={finding} cause={cause} />}
      </div>
    </li>
  );
}

/** The main thing that was seen, on one line: how much, where, in which file. */
function Seen(props: { finding: FindingDto }): JSX.Element {
  const [first] = props.finding.evidence;
  const [place] = first?.places ?? [];
  const more = props.finding.evidence.length - 1;
  return (
    <span class="fi-seen">
      <span class="fi-metric" title={first?.metric}>
        {first?.metric}
        {first !== undefined && first.interval !== '' && <span class="dim"> ({first.interval})</span>}
      </span>
      {place !== undefined && (
        <span class="frame frame-keep fi-place" title={`${place.full}\n${place.place}`}>
          <span class="frame-name">
            <NameText name={place.name} />
          </span>{' '}
          <span class="frame-file">
            <bdi>{place.place}</bdi>
          </span>
        </span>
      )}
      {files.value.length > 1 && (
        <span class="fi-file" title={first?.fileName}>
          {lastPart(first?.fileName ?? '')}
          {more > 0 && ` +${more}`}
        </span>
      )}
    </span>
  );
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function Checked(props: { checked: readonly CheckDto[] }): JSX.Element {
  return (
    <table class="fi-checked" aria-label="Checked, not found">
      <thead>
        <tr>
          <th scope="col">Question</th>
          <th scope="col">Found</th>
          <th scope="col">Would count from</th>
          <th scope="col">File</th>
        </tr>
      </thead>
      <tbody>
        {props.checked.map((one, at) => (
          <tr key={at}>
            <th scope="row">
              {one.question} <span class="fi-rule">{one.rule}</span>
            </th>
            <td>{one.value}</td>
            <td>{one.threshold}</td>
            <td title={one.file}>{lastPart(one.file)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Open(props: { questions: readonly OpenQuestion[] }): JSX.Element {
  return (
    <ul class="fi-open" aria-label="Not assessable">
      {props.questions.map((one) => (
        <li key={one.question}>
          <p>
            <strong>{one.question}</strong> Needs {one.needs}
            {one.command === '' ? '.' : ':'}
          </p>
          {one.command !== '' && (
            <pre tabIndex={0} aria-label={`Command for: ${one.question}`}>
              {one.command}
            </pre>
          )}
        </li>
      ))}
    </ul>
  );
}
