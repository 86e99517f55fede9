// The panel from which the reports are saved. The core writes each of them for what is shown.

import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { core, OUT_OF_DATE } from '../core';
import { tableCsv, tableOf, tableTitle } from '../export/table';
import { exactly, expressionFor } from '../lib/filters';
import { reportFileName, REPORTS } from '../lib/reports';
import type { ReportKind } from '../lib/reports';
import { file, query, selected, state, update } from '../state';
import { download } from './download';
import { Panel } from './panel';
import { SaveShown } from './saveshown';

const GROUPS = ['Text', 'Graph', 'Data'] as const;

/** The selection, both where names stand alone and where a file and a line or an address are beside them. */
function selectedExpression(): string {
  const { sel, granularity } = state.value;
  if (sel === '') return '';
  if (granularity === 'functions' || granularity === 'files' || granularity === 'packages') return exactly(sel);
  return expressionFor({ full: sel, file: '' }, granularity).replace(/^\^/, '(^| )').replace(/\$$/, '( |$)');
}

/** What there is to say when a report has nothing in it. */
function emptyText({ report, label }: ReportKind): string {
  return report === 'comments' ? 'This profile has no comments.' : `${label} is empty for what is shown: nothing was saved.`;
}

/** What a report is, in a few words. */
function aboutText({ format, about }: ReportKind): string {
  return format === 'csv' ? `The table ${tableTitle(tableOf(state.value, query.value))} for a spreadsheet` : about;
}

/** Why a report could not be written. */
function refusalText(error: unknown, name: string): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason === OUT_OF_DATE ? reason : `${name} could not be written: ${reason}`;
}

async function save(kind: ReportKind, symbol: string, trim: boolean): Promise<string> {
  const asked = query.peek();
  const info = file.peek();
  if (asked === null || info === null) return '';
  const table = tableOf(state.peek(), asked);
  const name = reportFileName(info.name, kind.format === 'csv' ? { ...kind, part: table } : kind);
  try {
    // For a spreadsheet it is the table that is shown, in its order; pprof has one of Top only.
    const bytes = kind.format === 'csv' ? await tableCsv(table, asked, state.peek(), selected.peek()) : await core.pprof(asked, {
      report: kind.report,
      symbol: kind.needsSymbol === true ? symbol : '',
      format: kind.format ?? 'text',
      cum: state.peek().sort.replace('+', '') === 'cum',
      callTree: state.peek().calltree,
      trim,
    });
    if (bytes.length === 0) return emptyText(kind);
    download(bytes as Uint8Array<ArrayBuffer>, kind.type, name);
    return `Handed ${name} to the browser`;
  } catch (error) {
    return refusalText(error, name);
  }
}

/** The panel. */
export function SavePanel(): JSX.Element {
  const [symbol, setSymbol] = useState(selectedExpression);
  const [trim, setTrim] = useState(true);
  const [told, setTold] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const run = async (kind: ReportKind): Promise<void> => {
    if (kind.needsSymbol === true && symbol === '') {
      setTold(`${kind.label} is about some functions: write an expression that their names match.`);
      input.current?.focus();
      return;
    }
    setTold('Writing…');
    setTold(await save(kind, symbol, trim));
  };
  return (
    <Panel label="Save as" right>
      <SaveShown />
      <div class="save-groups">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <ul>
              {REPORTS.filter((kind) => kind.group === group).map((kind) => (
                <li key={kind.label}>
                  <button type="button" class="save-button" aria-label={kind.label} title={aboutText(kind)} onClick={() => void run(kind)}>
                    {kind.label}
                    <span class="dim">.{kind.extension}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <div class="save-options">
        <label class="control" title="For Peek: a regular expression over names; the selected function unless it is changed">
          Functions
          <input ref={input} class="filter-input" type="text" spellcheck={false} autocomplete="off" value={symbol}
            placeholder="for Peek" onInput={(event) => setSymbol(event.currentTarget.value)} />
        </label>
        <label class="control" title="Leave small rows, nodes and edges out of texts and graphs, as pprof does unasked">
          <input type="checkbox" checked={trim} onChange={(event) => setTrim(event.currentTarget.checked)} />
          Trim as pprof does
        </label>
        <label class="control" title="Tell calls by different paths apart in DOT and Callgrind">
          <input type="checkbox" checked={state.value.calltree}
            onChange={(event) => update({ calltree: event.currentTarget.checked }, { push: true })} />
          Call tree
        </label>
      </div>
      {state.value.mine && <p class="dim">pprof does not know “Only my code”: what is saved has all frames.</p>}
      <p class="panel-verdict" role="status">
        {told}
      </p>
    </Panel>
  );
}
