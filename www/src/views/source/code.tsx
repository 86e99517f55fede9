/** The lines of a function or file: a table beside the text, or the table alone while there is no text. */
import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { useAnswer } from '../../core';
import type { FrameName, SourceInfo } from '../../core';
import { lineStates } from '../../lib/golex';
import { matchingLines, searchPattern } from '../../lib/marks';
import { isGo } from '../../lib/sourcetext';
import { search, setReady, state, update } from '../../state';
import { sourceTrees, sourceLines, sourceMatch } from '../../sources';
import { useAsked } from '../../table/asked';
import { showInFlame } from '../../table/show';
import { formatSort } from '../../table/sort';
import { Table } from '../../table/table';
import { Drawn } from '../../table/view';
import { lineColumns } from './columns';
import { Head } from './head';
import { Notes } from './notes';
import { costRows, textRows } from './rows';
import type { Opened, Row, Rows, Text } from './rows';

/** Lines that match the search, which are shown and counted at most. */
const MOST_MATCHES = 2000;
const CLOSED: Opened = { all: false, folds: new Set(), lines: new Set() };

/** The text of the file that is shown; undefined while it is on its way, null for none. */
function useText(info: SourceInfo): { text: Text | null | undefined; failure: string } {
  const path = sourceMatch.value.found.get(info.file);
  const answer = useAnswer<Text>(
    () =>
      path === undefined
        ? null
        : sourceLines(path).then((lines) => ({ of: info.file, path, lines, states: isGo(path) ? lineStates(lines) : null })),
    [path, info.file, sourceTrees.value],
  );
  if (path === undefined) return { text: null, failure: '' };
  if (answer.error !== '') return { text: null, failure: `${path} cannot be shown: ${answer.error}.` };
  // The same file is there while another tree is added.
  const isOld = answer.value?.path !== path || answer.value.of !== info.file;
  return { text: answer.loading && isOld ? undefined : answer.value, failure: '' };
}

/** What is shown of a function or file. */
export function Code({ info }: { info: SourceInfo }): JSX.Element {
  const { text, failure } = useText(info);
  if (info.function === undefined && info.file === '') {
    return (
      <div class="source-code">
        <Notes info={info} text={null} failure="" />
        {!info.missing && <p class="empty">This profile has no samples of this type.</p>}
        <Drawn view="source" of={info} />
      </div>
    );
  }
  return (
    <div class="source-code">
      <Head info={info} text={text} />
      <Notes info={info} text={text} failure={failure} />
      {text !== undefined && <Lines key={`${info.file}\n${info.function?.full ?? ''}\n${text?.path ?? ''}`} info={info} text={text} />}
    </div>
  );
}

function toggled(set: ReadonlySet<number>, one: number): Set<number> {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
}

function Lines({ info, text }: { info: SourceInfo; text: Text | null }): JSX.Element {
  const asked = useAsked();
  const [opened, setOpened] = useState(CLOSED);
  const { line: selected, lineSort } = state.value;
  const expression = search.value;
  const pattern = useMemo(() => searchPattern(expression), [expression]);
  const matches = useMemo(
    () => (text === null || pattern === null ? [] : matchingLines(text.lines, pattern, MOST_MATCHES)),
    [text, pattern],
  );
  const { jump, chosen, anchor } = useJump(selected);
  const rows = useMemo<Rows>(() => {
    if (text === null) return costRows(info, opened, lineSort);
    const starts = info.functions.map((one) => one.startLine);
    return textRows(info, text, opened, [...starts, anchor, ...matches]);
  }, [info, text, opened, lineSort, anchor, matches]);
  const source = useMemo(
    () => ({
      key: `lines ${nextKey++}`,
      // What opens and closes keeps its place.
      scroll: lineSort,
      about: asked,
      rows: rows.count,
      fetch: (start: number, count: number) =>
        Array.from({ length: Math.max(0, Math.min(count, rows.count - start)) }, (_, i) => rows.at(start + i)),
    }),
    [rows, asked],
  );
  const show = useFirstPlace(info, text, rows, jump);
  const toggleLine = (line: number): void => setOpened((now) => ({ ...now, lines: toggled(now.lines, line) }));
  const columns = useMemo(
    () => lineColumns({ info, text, search: pattern, opened, toggleLine }),
    [info, text, pattern, opened],
  );
  const nameOf = (row: Row): FrameName | undefined => {
    if (row.kind === 'fold') return undefined;
    return info.names[row.cost?.name ?? -1] ?? info.function;
  };
  /** The row of what was inlined that is selected, below the selected line. */
  const [below, setBelow] = useState(-1);
  const select = (row: Row, push: boolean): void => {
    setBelow(row.kind === 'inlined' ? row.at : -1);
    if (row.kind === 'fold') {
      setOpened((now) => ({ ...now, folds: toggled(now.folds, row.from) }));
      // A key goes on into what it opens, from whichever side it came.
      if (!push) update({ line: selected > row.to ? row.to : row.from });
      return;
    }
    chosen.current = row.line;
    const owner = info.lines.find(({ line }) => line === row.line)?.name ?? -1;
    const name = info.names[owner] ?? info.function;
    update({ line: row.line, sel: name?.full ?? state.peek().sel, sourceFile: state.peek().sourceFile }, { push });
  };
  if (rows.count === 0) {
    return (
      <p class="empty">
        Nothing of it has a value.
        <Drawn view="source" of={info} />
      </p>
    );
  }
  return (
    <div class="source-table">
      {text !== null && (
        <label class="source-all">
          <input type="checkbox" checked={opened.all} onChange={() => setOpened((now) => ({ ...now, all: !now.all }))} />
          All lines
          {pattern !== null && <span class="dim"> · {matches.length} {matches.length === 1 ? 'line matches' : 'lines match'} the search</span>}
        </label>
      )}
      <div class="pane-fill">
        <Table
          label="Lines"
          main
          columns={columns}
          source={source}
          show={show}
          {...(text === null
            ? {
                sort: { column: lineSort || 'line', ascending: lineSort === '' },
                onSort: (column: string) => update({ lineSort: column === 'line' ? '' : formatSort({ column, ascending: false }) }, { push: true }),
              }
            : {})}
          isSelected={(row) => row.kind !== 'fold' && row.line === selected && (row.kind === 'line' ? below < 0 : row.at === below)}
          onSelect={(row, by) => select(row, by === 'click')}
          onOpen={(row) => {
            const name = nameOf(row);
            if (row.kind === 'fold') select(row, true);
            else if (name !== undefined) void showInFlame(name, asked);
          }}
          nameOf={nameOf}
          announce={(row) => spoken(row, info)}
          onDrawn={() => setReady('source')}
        />
      </div>
    </div>
  );
}

function spoken(row: Row, info: SourceInfo): string {
  if (row.kind === 'fold') return `${row.to - row.from + 1} lines without a value`;
  const name = info.names[row.cost?.name ?? -1]?.full ?? '';
  const what = row.kind === 'line' ? `line ${row.line}` : `inlined ${name}`;
  return row.cost === undefined ? what : `${what}, flat ${row.cost.flat || '0'}, cum ${row.cost.cum || '0'}`;
}

/** Sources are told apart by it: rows differ by more than could be compared. */
let nextKey = 0;

/**
 * The selected line when something else than this table selected it: a link, Back, a button. Then it has to be
 * brought into sight, and out of its fold; `anchor` is the last such line, which stays unfolded.
 */
function useJump(selected: number): { jump: number; chosen: { current: number }; anchor: number } {
  const chosen = useRef(0);
  const anchor = useRef(0);
  const jump = selected === chosen.current ? 0 : selected;
  if (jump > 0) anchor.current = jump;
  return { jump, chosen, anchor: anchor.current };
}

/**
 * What is seen first: the line of the link, else the beginning of a function, else the heaviest line of a file.
 * Where somebody goes from there, the table follows by itself.
 */
function useFirstPlace(info: SourceInfo, text: Text | null, rows: Rows, jump: number): { row: number } | undefined {
  const { line, lineSort } = state.value;
  return useMemo(() => {
    const heaviest = info.lines[info.byFlat[0] ?? -1]?.line ?? 0;
    const start = info.function === undefined ? heaviest : info.startLine;
    const at = line > 0 ? line : text === null ? 0 : start;
    const row = at > 0 ? rows.find(at) : -1;
    return row < 0 ? undefined : { row };
  }, [info, text, lineSort, jump]);
}
