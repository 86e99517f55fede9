/** A section: what it is, its pictures, its table, what is to be known of it, and the table as a file. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { core, keyed, useAnswer } from '../../core';
import type { TraceChart, TraceQuery, TraceRow, TraceTable, TraceTableQuery } from '../../core';
import { countText } from '../../lib/bytes';
import { download } from '../../shell/download';
import { say } from '../../shell/said';
import { setReady, update } from '../../state';
import { HEAD_HEIGHT, rowHeight } from '../../table/column';
import { BLOCK } from '../../table/rows';
import type { RowSource } from '../../table/rows';
import { formatSort, parseSort } from '../../table/sort';
import { Table } from '../../table/table';
import { Drawn } from '../../table/view';
import { Chart } from './charts/chart';
import { columnsOf, mainColumn, spoken } from './columns';
import { cursor, goInto, goToSection, innerTitle, keepSeen, openInstead, step, tableAsked, trace } from './question';
import type { Place } from './question';

/** Rows of a table that are seen without scrolling inside it. */
const SEEN = 14;
/** Pixels of the line under a table. */
const FOOT = 28;
/** Pixels of a picture. */
const PICTURE = 104;
/** Rows that are looked through for one that a link opens. */
const MOST_LOOKED = 1000;

/** An answer together with its question. */
interface Found {
  key: string;
  query: TraceQuery;
  asked: TraceTableQuery;
  /** The first rows. */
  table: TraceTable;
  /** Pictures and the number of all rows, whatever is searched for. */
  whole: Whole;
  /** Whose rows they are, in words; empty for all. */
  whose: string;
}

interface Whole {
  of: string;
  charts: readonly TraceChart[];
  total: number;
}

/** What was answered for a section as a whole: it stays while something is searched for in it. */
let kept: Whole = { of: '', charts: [], total: 0 };

async function wholeOf(query: TraceQuery, asked: TraceTableQuery, table: TraceTable): Promise<Whole> {
  const of = JSON.stringify([query, asked.section, asked.of]);
  if (asked.search === '') kept = { of, charts: table.charts, total: table.total };
  else if (kept.of !== of) {
    const { charts, total } = await keyed('trace.whole').traceTable(query, { ...asked, search: '', column: -1 }, 0, 0);
    kept = { of, charts, total };
  }
  return kept;
}

/** Whose parts the rows are: the name of the row of the outer section that leads to them. */
async function whoseOf(query: TraceQuery, { section, of }: TraceTableQuery, outer: string): Promise<string> {
  if (of === '' || outer === '') return '';
  const asked = { section: outer, of: '', search: '', column: -1, ascending: false };
  // A group of the runtime's own is a row only where these are shown one by one.
  const { columns, rows } = await keyed('trace.whose').traceTable({ ...query, system: true }, asked, 0, MOST_LOOKED);
  const row = rows.find((one) => one.section === section && one.of === of);
  return row?.cells[mainColumn(columns)] ?? '';
}

async function load(query: TraceQuery, place: Place, how: Omit<TraceTableQuery, 'section'>): Promise<Found> {
  const asked = { section: place.id, ...how };
  const table = await keyed('view').traceTable(query, asked, 0, BLOCK);
  const [whole, whose] = await Promise.all([wholeOf(query, asked, table), whoseOf(query, asked, place.outer?.id ?? '')]);
  keepSeen(place.id, table.rows);
  return { key: JSON.stringify([query, asked]), query, asked, table, whole, whose };
}

/** The section. */
export function Section({ query, place }: { query: TraceQuery; place: Place }): JSX.Element {
  const how = tableAsked.value;
  const text = JSON.stringify(how);
  const answer = useAnswer(() => load(query, place, how), [query, place.id, text]);
  const found = answer.value;
  const isOther = found !== undefined && found.asked.section !== place.id;
  return (
    <section class="trace-section" aria-label={place.title} aria-busy={answer.loading}>
      <SectionHead place={place} found={isOther ? undefined : found} />
      {answer.error !== '' && (
        <p class="view-error" role="alert">
          {answer.error}
          <Drawn view="trace" of={answer.error} />
        </p>
      )}
      {found !== undefined && answer.error === '' && <Shown key={found.asked.section} found={found} place={place} />}
    </section>
  );
}

function SectionHead({ place, found }: { place: Place; found: Found | undefined }): JSX.Element {
  const { outer, inner } = place;
  return (
    <header class="trace-section-head">
      <div class="trace-crumbs">
        {outer !== undefined && (
          <>
            <button type="button" class="link" onClick={() => goToSection(outer.id)}>
              {outer.title}
            </button>
            <span aria-hidden="true">›</span>
          </>
        )}
        <h2>{place.title}</h2>
        {found !== undefined && found.whose !== '' && (
          <span class="trace-whose">
            of <bdi>{found.whose}</bdi>
            <button type="button" class="button small" onClick={() => step({ of: '', row: -1 })}>
              All of them
            </button>
          </span>
        )}
        {inner !== '' && place.hasRows && (
          <button type="button" class="link trace-inner" onClick={() => step({ section: inner, of: '', via: '', row: -1, sort: '' }, { search: '' })}>
            {innerTitle(inner)} ›
          </button>
        )}
        <span class="trace-count dim">{found !== undefined && <Count found={found} />}</span>
        <button type="button" class="button small" title="These rows as comma-separated values: times in nanoseconds, shares 0 to 1"
          disabled={found === undefined || found.table.total === 0} onClick={() => found !== undefined && void save(found)}>
          CSV
        </button>
      </div>
      {place.hasRows && place.about !== '' && <p class="trace-about dim">{place.about}</p>}
    </header>
  );
}

function Count({ found }: { found: Found }): JSX.Element {
  const { total } = found.table;
  const all = found.whole.total;
  return (
    <>
      {total !== all && `${countText(total)} of `}
      {countText(all)} {all === 1 ? 'row' : 'rows'}
    </>
  );
}

async function save({ query, asked }: Found): Promise<void> {
  const name = `trace-${asked.section.replace('_', '-')}.csv`;
  try {
    download((await core.traceCsv(query, asked)) as Uint8Array<ArrayBuffer>, 'text/csv', name);
    say(`Handed ${name} to the browser`);
  } catch (error) {
    say(`${name} could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function Shown({ found, place }: { found: Found; place: Place }): JSX.Element {
  const { table, whole } = found;
  return (
    <>
      {whole.charts.length > 0 && (
        <div class="trace-charts">
          {whole.charts.map((chart) => (
            <Chart key={chart.title} chart={chart} height={PICTURE} />
          ))}
        </div>
      )}
      {table.total === 0 ? <Nothing found={found} place={place} /> : <Rows found={found} title={place.title} />}
      {table.notes.map((note) => (
        <p key={note} class="trace-note dim">
          {note}
        </p>
      ))}
    </>
  );
}

/** Why there is no row, and what to do about it. */
function Nothing({ found, place }: { found: Found; place: Place }): JSX.Element {
  const { search } = found.asked;
  return (
    <div class="trace-nothing">
      {search === '' ? (
        <p>{place.hasRows || place.about === '' ? 'There are none.' : place.about}</p>
      ) : (
        <>
          <p>No row here has “{search}” in it.</p>
          <button type="button" class="button small" onClick={() => update({ search: '' }, { push: true })}>
            Clear the search
          </button>
        </>
      )}
      <Drawn view="trace" of={found} />
    </div>
  );
}

/** The order after a click on a heading: numbers begin with the largest, texts with A. */
function nextSort(column: string, isNumber: boolean): string {
  const now = trace.peek().sort;
  const before = parseSort(now);
  const ascending = now !== '' && before.column === column ? !before.ascending : !isNumber;
  return formatSort({ column, ascending });
}

function sourceOf({ key, query, asked, table }: Found): RowSource<TraceRow> {
  return {
    key,
    rows: table.total,
    fetch: (start, count) => {
      if (start + Math.min(count, table.total - start) <= table.rows.length) return table.rows.slice(start, start + count);
      return core.traceTable(query, asked, start, count).then(({ rows }) => {
        keepSeen(asked.section, rows);
        return rows;
      });
    },
  };
}

/** The place of a row that was opened elsewhere: by a link, or by Back. */
function useRowPlace(found: Found, row: number): { row: number } | undefined {
  const [place, setPlace] = useState<{ row: number } | undefined>(undefined);
  useEffect(() => {
    // What was chosen here is in sight.
    if (row < 0 || cursor.peek().row === row) return undefined;
    let isOld = false;
    keyed('trace.place').traceTable(found.query, found.asked, 0, MOST_LOOKED).then(
      ({ rows }) => {
        const at = rows.findIndex(({ id }) => id === row);
        if (!isOld && at >= 0) setPlace({ row: at });
      },
      // The file was closed meanwhile.
      () => undefined,
    );
    return () => {
      isOld = true;
    };
  }, [found, row]);
  return place;
}

function Rows({ found, title }: { found: Found; title: string }): JSX.Element {
  const { table, asked } = found;
  const { section } = asked;
  const self = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const target = self.current;
    if (target === null) return undefined;
    // By steps, so that columns do not follow every pixel.
    const measure = (): void => setWidth(Math.round(target.clientWidth / 64) * 64);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  const into = (row: TraceRow): void => goInto(section, row);
  const columns = useMemo(() => columnsOf({ section, columns: table.columns, rows: table.rows, width, into }), [table, section, width]);
  const source = useMemo(() => sourceOf(found), [found]);
  const { row: opened, sort } = trace.value;
  const current = opened >= 0 ? opened : cursor.value.section === section ? cursor.value.row : -1;
  const place = useRowPlace(found, opened);
  const whole = table.total <= SEEN;
  const height = HEAD_HEIGHT + rowHeight() * table.total + FOOT + 2;
  const open = (row: TraceRow): void => {
    cursor.value = { section, row: row.id };
    if (trace.peek().row !== row.id) step({ row: row.id });
  };
  return (
    <div ref={self} class={whole ? 'trace-rows whole' : 'trace-rows'} style={whole ? { height: `${height}px` } : undefined}>
      <Table
        label={found.whose === '' ? title : `${title} of ${found.whose}`}
        id={`trace.${section}`}
        foot
        main
        fit
        columns={columns}
        source={source}
        sort={sort === '' ? { column: '', ascending: false } : parseSort(sort)}
        show={place}
        opens="Open the selected row; once it is open, its parts"
        onSort={(column) => step({ sort: nextSort(column, table.columns[Number(column)]?.kind === 'number') })}
        isSelected={(row) => row.id === current}
        onSelect={(row, by) => {
          if (by === 'click') open(row);
          else {
            cursor.value = { section, row: row.id };
            if (trace.peek().row >= 0) openInstead(row.id);
          }
        }}
        onOpen={(row) => {
          // A double click has opened it with its first.
          if (trace.peek().row === row.id && row.section !== '') into(row);
          else open(row);
        }}
        announce={(row) => spoken(table.columns, row)}
        onDrawn={() => setReady('trace')}
      />
    </div>
  );
}
