/** Report: the document that is exported, with an editable title and notes. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { core, keyed, useAnswer } from '../../core';
import type { FileInfo, FindingDto, ReportOptions } from '../../core';
import { hasFilters } from '../../filtering';
import { findingsOf } from '../../findings';
import { download } from '../../shell/download';
import { registerKeys } from '../../shell/keys';
import type { KeyAction } from '../../shell/keys';
import { Severity } from '../../shell/severity';
import { files, query, state } from '../../state';
import { Answered, Drawn } from '../../table/view';
import { SectionView } from './blocks';
import { exportName, parseDocument } from './document';
import type { ReportDocument, Section } from './document';
import './report.css';

/** What the author wrote. Kept while the page is open, and out of the URL: it may be confidential. */
const title = signal('');
const notes = signal('');
/** Ids of the files left out. */
const excluded = signal<ReadonlySet<number>>(new Set());
/** Keys of the findings left out. */
const without = signal<ReadonlySet<string>>(new Set());
/** What the last export said. */
const told = signal('');

/** The Report view. */
export function ReportView(): JSX.Element {
  const chosen = chosenOf(files.value);
  const readable = files.value.filter((info) => info.error == null);
  // The document lists what could not be read, too.
  const unreadable = files.value.filter((info) => info.error != null);
  // Title and notes are drawn by the page, so that typing asks the core for nothing.
  const answer = useAnswer(
    () => (chosen.length === 0 ? null : load(chosen)),
    [idsOf(chosen), idsOf(unreadable), without.value, state.value.main],
  );
  useEffect(() => registerKeys(saveKeys()), []);
  return (
    <section class="page report" aria-label="Report">
      <div class="page-in report-in">
        <ExportBar chosen={chosen} />
        {query.value !== null && hasFilters(query.value) && (
          <p class="dim">The report is about whole files: filters and options do not apply to it.</p>
        )}
        <Files readable={readable} />
        <FindingChoice chosen={chosen} />
        <TitleAndNotes fallback={answer.value?.title ?? 'Performance Analysis Report'} />
        {chosen.length === 0 && <p class="empty">Choose at least one file to report on.</p>}
        <Answered answer={answer}>{(doc) => <Sheet doc={doc} />}</Answered>
        {answer.value !== undefined && !answer.loading && <Drawn view="report" of={query.value} />}
      </div>
    </section>
  );
}

function chosenOf(all: readonly FileInfo[]): FileInfo[] {
  return all.filter((info) => info.error == null && !excluded.value.has(info.id));
}

function idsOf(some: readonly FileInfo[]): string {
  return some.map((info) => info.id).join();
}

async function load(chosen: readonly FileInfo[]): Promise<ReportDocument> {
  return parseDocument(await keyed('view').reportJson(optionsOf(chosen)));
}

/** What the report is to be about; title and notes are empty. */
function optionsOf(chosen: readonly FileInfo[]): ReportOptions {
  return { files: chosen.map((info) => info.id), title: '', notes: '', without: [...without.peek()], mainModule: state.peek().main };
}

/** A format: the name on its button, its extension and media type, and the verb that makes it. */
const FORMATS = [
  { name: 'HTML', extension: 'html', type: 'text/html', make: (o: ReportOptions) => core.reportHtml(o) },
  { name: 'Markdown', extension: 'md', type: 'text/markdown', make: (o: ReportOptions) => core.reportMarkdown(o) },
  { name: 'JSON', extension: 'json', type: 'application/json', make: (o: ReportOptions) => core.reportJson(o) },
] as const;

function ExportBar(props: { chosen: readonly FileInfo[] }): JSX.Element {
  return (
    <div class="export-bar" role="group" aria-label="Export">
      <span>Save as</span>
      {FORMATS.map((format) => (
        <button
          key={format.name}
          type="button"
          class="button"
          disabled={props.chosen.length === 0}
          onClick={() => void save(format, props.chosen)}
        >
          {format.name}
        </button>
      ))}
      <span class="dim" role="status">
        {told.value}
      </span>
    </div>
  );
}

function saveKeys(): KeyAction[] {
  const run = (): boolean => {
    const chosen = chosenOf(files.peek());
    if (chosen.length > 0) void save(FORMATS[0], chosen);
    return true;
  };
  return [{ keys: ['Ctrl+s'], label: 'Save as HTML', group: 'Report', run }];
}

async function save(format: (typeof FORMATS)[number], chosen: readonly FileInfo[]): Promise<void> {
  const options = { ...optionsOf(chosen), title: title.value.trim(), notes: notes.value.trim() };
  const name = exportName(chosen.map((info) => info.name), format.extension);
  told.value = `Writing ${name} …`;
  try {
    download(await format.make(options), format.type, name);
    told.value = `Handed ${name} to the browser`;
  } catch (error) {
    told.value = `${name} could not be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function Files(props: { readable: readonly FileInfo[] }): JSX.Element | null {
  if (props.readable.length < 2) return null;
  const toggle = (id: number): void => {
    const next = new Set(excluded.value);
    if (!next.delete(id)) next.add(id);
    excluded.value = next;
  };
  return (
    <fieldset class="report-files">
      <legend>Files in the report</legend>
      {props.readable.map((info) => (
        <label key={info.id} class="control">
          <input type="checkbox" checked={!excluded.value.has(info.id)} onChange={() => toggle(info.id)} />
          {info.name} <span class="dim">{info.kindLabel}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Which findings go in. Without an answer there is nothing to choose from; why, the document itself says. */
function FindingChoice(props: { chosen: readonly FileInfo[] }): JSX.Element | null {
  const { chosen } = props;
  const answer = useAnswer(
    () => (chosen.length === 0 ? null : findingsOf('findings.chosen', chosen.map((info) => info.id))),
    [files.value, state.value.main, idsOf(chosen)],
  );
  const findings = answer.value?.findings ?? [];
  // A key that is gone may come to mean another finding.
  useEffect(() => {
    if (answer.loading || answer.error !== '') return;
    const kept = [...without.value].filter((key) => findings.some((one) => one.key === key));
    if (kept.length < without.value.size) without.value = new Set(kept);
  }, [answer.value, answer.loading]);
  if (findings.length === 0) return null;
  return (
    <fieldset class="report-files report-findings">
      <legend>Findings in the report</legend>
      {findings.map((finding) => (
        <FindingBox key={finding.key} finding={finding} />
      ))}
    </fieldset>
  );
}

function FindingBox(props: { finding: FindingDto }): JSX.Element {
  const { key, severity, title: said, evidence } = props.finding;
  const [place] = evidence[0]?.places ?? [];
  const toggle = (): void => {
    const next = new Set(without.value);
    if (!next.delete(key)) next.add(key);
    without.value = next;
  };
  return (
    <label>
      <input type="checkbox" checked={!without.value.has(key)} onChange={toggle} />
      <Severity name={severity} />
      <span>
        {said}{' '}
        {place !== undefined && (
          <code class="dim" title={place.full}>
            {place.name.dim}{place.name.strong} {place.place}
          </code>
        )}
      </span>
    </label>
  );
}

function TitleAndNotes(props: { fallback: string }): JSX.Element {
  return (
    <div class="report-head">
      <label>
        <span class="dim">Title</span>
        <input
          type="text"
          class="report-title"
          value={title.value}
          placeholder={props.fallback}
          onInput={(event) => (title.value = event.currentTarget.value)}
        />
      </label>
      <label>
        <span class="dim">Notes</span>
        <textarea
          rows={3}
          value={notes.value}
          placeholder="What was measured, on what machine, what question this answers. It stands under the title."
          onInput={(event) => (notes.value = event.currentTarget.value)}
        />
      </label>
    </div>
  );
}

function Sheet(props: { doc: ReportDocument }): JSX.Element {
  const { doc } = props;
  return (
    <article class="doc">
      <Contents sections={doc.sections} />
      {doc.sections.map((section) => (
        <SectionView key={section.id} section={section} />
      ))}
      <p class="dim">{doc.generator}</p>
    </article>
  );
}

/** Buttons, not links: the part of the URL after `#` belongs to the state of the page. */
function Contents(props: { sections: readonly Section[] }): JSX.Element {
  return (
    <nav class="contents" aria-label="Contents">
      <ul>
        {props.sections
          .filter((section) => section.level === 2)
          .map((section) => (
            <li key={section.id}>
              <button type="button" class="link" onClick={() => goTo(section)}>
                {section.title}
              </button>
            </li>
          ))}
      </ul>
    </nav>
  );
}

/** The focus goes along, so that reading and tabbing go on from there. */
function goTo(section: Section): void {
  const heading = document.getElementById(`report-${section.id}`);
  heading?.scrollIntoView();
  heading?.focus({ preventScroll: true });
}
