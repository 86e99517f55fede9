/** The columns of the table of lines. */
import type { JSX } from 'preact';
import type { SourceInfo } from '../../core';
import { figures } from '../../table/columns';
import type { Column } from '../../table/column';
import { Frame } from '../../table/frame';
import { Line } from './pieces';
import type { Opened, Row, Text } from './rows';

/** What the cells need. */
interface Shown {
  info: SourceInfo;
  text: Text | null;
  search: RegExp | null;
  opened: Opened;
  toggleLine: (line: number) => void;
}

/** Width in CSS pixels of a character of code, and the longest line (characters) that the table grows for. */
const CHARACTER = 7.3;
const LONGEST = 240;
/** As the style sheet sets it. */
const TAB = 4;

const FLAT_HELP =
  'flat: cost of the samples that end on this line, or in what the compiler inlined there. The own part alone is what pprof -list calls flat.';
const CUM_HELP =
  'cum: cost of the samples with this line anywhere in the stack. Recursion counts once; pprof’s list of a function counts each line again.';

function cost(row: Row): { flat: string; cum: string; flatShare: number; cumShare: number } {
  const none = { flat: '', cum: '', flatShare: 0, cumShare: 0 };
  return row.kind === 'fold' ? none : (row.cost ?? none);
}

/** The columns: line, flat, cum, then code or, without a text, what is known of the line. */
export function lineColumns(shown: Shown): Column<Row>[] {
  const sortable = shown.text === null;
  const last = lastColumn(shown);
  return [
    {
      key: 'line',
      label: 'Line',
      help: 'Line number. A click selects the line and its function in every view.',
      width: 56,
      numeric: true,
      sortable,
      cell: (row) => <LineNumber row={row} />,
    },
    { key: 'flat', label: 'flat', help: FLAT_HELP, width: 72, sortable, ...figures((row: Row) => cost(row).flat), share: (row) => cost(row).flatShare },
    { key: 'cum', label: 'cum', help: CUM_HELP, width: 72, sortable, ...figures((row: Row) => cost(row).cum), share: (row) => cost(row).cumShare },
    {
      key: 'pct',
      label: 'cum%',
      help: 'cum as a share of the total of this sample type.',
      width: 68,
      optional: 1,
      ...figures((row: Row) => (row.kind === 'line' ? (row.cost?.cumPct ?? '') : '')),
    },
    {
      key: 'code',
      ...last,
      grow: true,
      cell: (row) => (
        <span class="source-cell">
          <span class="source-open">
            <Toggle row={row} shown={shown} />
          </span>
          <CodeCell row={row} shown={shown} />
        </span>
      ),
    },
  ];
}

/** Whether all lines are of one function, which then need not be told line by line. */
function isOfOne({ lines }: SourceInfo): boolean {
  return lines.every((line) => line.name === lines[0]?.name);
}

/** What the column that takes what is left is called, and its least width. */
function lastColumn({ info, text }: Shown): Pick<Column<Row>, 'label' | 'help' | 'width'> {
  if (text !== null) return { label: 'Code', help: 'The line in the source that was dropped.', width: codeWidth(text) };
  if (!isOfOne(info)) return { label: 'Function', help: 'The function that the line belongs to.', width: 160 };
  return { label: 'Inlined', help: 'What the compiler inlined on the line. Drop the sources to see the code.', width: 160 };
}

function columnsOf(line: string): number {
  let columns = 0;
  for (let at = 0; at < line.length && columns < LONGEST; at++) columns += line.charCodeAt(at) === 9 ? TAB - (columns % TAB) : 1;
  return columns;
}

/** By the longest line of the file, so that it does not change with what is folded or scrolled. */
function codeWidth({ lines }: Text): number {
  const longest = lines.reduce((most, line) => (line.length * TAB > most ? Math.max(most, columnsOf(line)) : most), 20);
  return Math.ceil(longest * CHARACTER) + 48;
}

function LineNumber({ row }: { row: Row }): JSX.Element | null {
  if (row.kind !== 'line') return null;
  return (
    <button type="button" class="source-number" tabIndex={-1}>
      {row.line > 0 ? row.line : '?'}
    </button>
  );
}

function Toggle({ row, shown }: { row: Row; shown: Shown }): JSX.Element | null {
  if (row.kind !== 'line' || row.cost === undefined || row.cost.inlined.length === 0) return null;
  const isOpen = shown.opened.lines.has(row.line);
  return (
    <button type="button" class="source-toggle" aria-expanded={isOpen} aria-label={`Inlined on line ${row.line}`}
      title={`${row.cost.inlined.length} inlined here`}
      onClick={(event) => {
        event.stopPropagation();
        shown.toggleLine(row.line);
      }}>
      <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
        <path d={isOpen ? 'M0.5 2h7L4 6.5z' : 'M2 0.5v7L6.5 4z'} />
      </svg>
    </button>
  );
}

function CodeCell({ row, shown }: { row: Row; shown: Shown }): JSX.Element | null {
  const { info, text } = shown;
  if (row.kind === 'fold') {
    const count = row.to - row.from + 1;
    return (
      <button type="button" class="source-fold" tabIndex={-1} aria-label={`Show ${count} lines from ${row.from} to ${row.to}`}>
        … {count} lines
      </button>
    );
  }
  const name = info.names[row.cost?.name ?? -1];
  if (row.kind === 'inlined') {
    return name === undefined ? null : (
      <span class="source-inlined">
        <Frame name={name} inline="inline" source />
      </span>
    );
  }
  if (text === null) return name === undefined ? null : <WithoutText row={row} info={info} />;
  const line = text.lines[row.line - 1] ?? '';
  return <Line text={line} state={text.states?.[row.line - 1]} search={shown.search} />;
}

/** In place of the code: the function, or in a function what was inlined there. */
function WithoutText({ row, info }: { row: Row & { kind: 'line' }; info: SourceInfo }): JSX.Element | null {
  const name = info.names[row.cost?.name ?? -1];
  const inlined = (row.cost?.inlined ?? []).map((one) => info.names[one.name]?.strong ?? '');
  return (
    <span class="source-who">
      {name !== undefined && !isOfOne(info) && (info.function === undefined || inlined.length === 0) && <Frame name={name} />}
      {inlined.length > 0 && <span class="dim">{isOfOne(info) ? '' : 'inlined: '}{inlined.join(', ')}</span>}
    </span>
  );
}
