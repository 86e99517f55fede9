/** Columns of tables as the core describes them: what is a name, what is a figure, and what goes first where room is scarce. */
import type { JSX } from 'preact';
import type { TraceColumn, TraceRow } from '../../core';
import { goName, isGoName } from '../../lib/goname';
import { RowButton } from '../../table/cell';
import type { Column } from '../../table/column';
import { NameText } from '../../table/frame';
import { Value } from '../../table/value';
import { innerTitle } from './question';

/** The column that has the bar of a section's rows: what their share is a share of. */
const BARS: Record<string, string> = { procs: 'Busy', groups: 'Running', pools: 'Running', wakes: 'Waited', mmu: 'Least', samples: 'Share' };
/** The same for small tables, the first that there is. */
const USUAL_BARS = ['Total', 'Of its time', 'Of the wait', 'Took'];

/** Which columns stay longest in a narrow table; all that are not here go in between, the last first. */
const STAYING = ['Count', 'Blocked', 'Waited', 'p99', 'Longest'];
const LEAVING = ['Mean', 'p50', 'p95', 'Not ended', 'Not whole'];

/** Pixels of a letter in a heading and of what stands beside it; of a letter of a text, and of one of a name. */
const HEADING = { letter: 6.6, beside: 28 };
const TEXT = { letter: 6.6, beside: 20 };
const NAME = { letter: 7.3, beside: 20 };

/** Least and most pixels of a text, and of the name that takes what is left. */
const TEXTS = { least: 80, most: 220 };
const MAIN = { least: 130, roomy: 184 };

/** A function's name with its package dimmed, or words in its place. */
export function Name({ text }: { text: string }): JSX.Element {
  if (!isGoName(text)) return <span class="trace-words">{text}</span>;
  return (
    <span class="frame" title={text}>
      <span class="frame-name">
        <NameText name={goName(text)} />
      </span>
    </span>
  );
}

/** A cell of a column of this kind. */
export function CellText({ kind, text }: { kind: string; text: string }): JSX.Element {
  if (kind === 'name') return <Name text={text} />;
  return kind === 'number' ? <Value text={text} /> : <span class="trace-words">{text}</span>;
}

/** The column by which a row is known: its name, else its first text, else its first cell. */
export function mainColumn(columns: readonly TraceColumn[]): number {
  const of = (kind: string): number => columns.findIndex((column) => column.kind === kind);
  const name = of('name');
  return name >= 0 ? name : Math.max(of('text'), 0);
}

/** The column behind whose figures the bars stand; -1 for none. */
export function barColumn(columns: readonly TraceColumn[], section: string): number {
  const wanted = BARS[section];
  const titles = wanted === undefined ? USUAL_BARS : [wanted];
  return titles.map((title) => columns.findIndex((column) => column.title === title)).find((at) => at >= 0) ?? -1;
}

function rank(title: string, at: number, isEmpty: boolean): number {
  // What says nothing of any row says least.
  if (isEmpty) return 90 + at;
  if (STAYING.includes(title)) return 1 + STAYING.indexOf(title);
  if (LEAVING.includes(title)) return 60 - LEAVING.indexOf(title);
  return 10 + at;
}

/** Pixels in which the longest of these texts is whole, within limits. */
function textWidth(kind: string, texts: readonly string[], most: number): number {
  const { letter, beside } = kind === 'name' ? NAME : TEXT;
  const longest = texts.reduce((length, text) => Math.max(length, text.length), 0);
  return Math.min(Math.max(Math.ceil(longest * letter + beside), TEXTS.least), most);
}

/** What columns are made of. */
interface Making {
  section: string;
  columns: readonly TraceColumn[];
  /** Rows that are here: as wide as their texts are the columns. */
  rows: readonly TraceRow[];
  /** Pixels of the whole table. */
  width: number;
  /** What leads into the parts of a row. */
  into: (row: TraceRow) => void;
}

/** The columns of a section. */
export function columnsOf({ section, columns, rows, width, into }: Making): Column<TraceRow>[] {
  const main = mainColumn(columns);
  const bar = barColumn(columns, section);
  const kinds = columns.map(({ kind }) => kind);
  const others = kinds.filter((kind, at) => kind !== 'number' && at !== main).length;
  const most = Math.max(TEXTS.most, (width * 0.45) / Math.max(others + 1, 1));
  return columns.map((column, at) => {
    const { title, help, kind } = column;
    const isNumber = kind === 'number';
    const text = (row: TraceRow): string => row.cells[at] ?? '';
    const heading = Math.ceil(title.length * HEADING.letter + HEADING.beside);
    const isMain = at === main;
    const made: Column<TraceRow> = {
      key: String(at),
      label: title,
      help,
      sortable: true,
      numeric: isNumber,
      width: isNumber ? heading : Math.max(heading, textWidth(kind, rows.map(text), most)),
      text,
      cell: (row) => (isMain ? <Main row={row} kind={kind} text={text(row)} into={into} /> : <CellText kind={kind} text={text(row)} />),
      ...(isNumber ? { figure: text } : {}),
      ...(at === bar ? { share: (row: TraceRow) => Math.max(row.share, 0) } : {}),
      ...(isMain || at === bar ? {} : { optional: rank(title, at, rows.every((row) => /^0?$/.test(text(row)))) }),
    };
    return isMain && !isNumber ? { ...made, grow: true, width: MAIN.least, roomy: MAIN.roomy } : made;
  });
}

/** The cell by which a row is known; and what leads to its parts, where it has some. */
function Main({ row, kind, text, into }: { row: TraceRow; kind: string; text: string; into: (row: TraceRow) => void }): JSX.Element {
  const name = (
    <RowButton tab={false}>
      <CellText kind={kind} text={text === '' ? '(no name)' : text} />
    </RowButton>
  );
  if (row.section === '') return name;
  const title = `${innerTitle(row.section)}: ${text}`;
  return (
    <span class="trace-main">
      {name}
      <button type="button" class="trace-into" tabIndex={-1} aria-label={title} title={`${innerTitle(row.section)} (double click)`}
        onClick={(event) => {
          event.stopPropagation();
          into(row);
        }}>
        <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.5">
          <path d="M6 3.5 10.5 8 6 12.5" />
        </svg>
      </button>
    </span>
  );
}

/** A row as it is said. */
export function spoken(columns: readonly TraceColumn[], row: TraceRow): string {
  const main = mainColumn(columns);
  const others = columns.flatMap(({ title }, at) => (at === main ? [] : [`${title} ${row.cells[at] ?? ''}`]));
  return [row.cells[main] ?? '', ...others.slice(0, 4)].join(', ');
}
