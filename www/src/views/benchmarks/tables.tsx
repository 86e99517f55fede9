/** The tables of the units that are shown. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { BenchTableInfo } from '../../core';
import { countText } from '../../lib/bytes';
import { state, update } from '../../state';
import { Drawn } from '../../table/view';
import { Remarks, Units } from './head';
import { bench, keyLines, step, wantedRow } from './question';
import { SEEN, TableSection } from './rows';
import type { Found } from './rows';

/** Tables that are drawn at first, and with each asking for more. */
const MOST_TABLES = 40;

/** The units, each once, in the order of their tables. */
function unitsOf(all: readonly BenchTableInfo[]): string[] {
  return [...new Set(all.map(({ unit }) => unit))];
}

/** Which unit is shown, `*` for all: as the state says, else all of them where that leaves every table whole. */
export function shownUnit(wanted: string, all: readonly BenchTableInfo[]): string {
  const units = unitsOf(all);
  if (wanted === '*' || units.includes(wanted)) return wanted;
  // Not by the rows that are shown: the search is not to change what else is.
  return units.length > 1 && all.some(({ allRows }) => allRows > SEEN) ? (units[0] ?? '*') : '*';
}

/** Keys that are the same for all tables: said once, over them. */
function commonKeys(all: readonly BenchTableInfo[]): string[] {
  const [first, ...rest] = all;
  if (first === undefined) return [];
  const others = rest.map((table) => new Set(keyLines(table)));
  return keyLines(first).filter((line) => others.every((own) => own.has(line)));
}

/** Why no row is shown. */
function Nothing({ found }: { found: Found }): JSX.Element {
  const { search } = state.value;
  const { told, filter } = bench.value;
  const compared = found.info.tallies.some(({ compared: count }) => count > 0);
  return (
    <div class="bench-nothing">
      {search !== '' && <p>No benchmark{told ? ' that differs' : ''} has “{search}” in its name.</p>}
      {search === '' && told && (
        <p>{compared ? 'No difference is told: what there is may be chance, or is too small to matter.' : 'Nothing is compared, so nothing differs.'}</p>
      )}
      {search === '' && !told && <p>{filter === '' ? 'There are no results in these files.' : 'The filter leaves no results.'}</p>}
      {told && (
        <button type="button" class="button small" onClick={() => step({ told: false })}>
          Show all rows
        </button>
      )}
      {search !== '' && (
        <button type="button" class="button small" onClick={() => update({ search: '' }, { push: true })}>
          Clear the search
        </button>
      )}
      {filter !== '' && !told && search === '' && (
        <button type="button" class="button small" onClick={() => step({ filter: '' })}>
          Remove the filter
        </button>
      )}
    </div>
  );
}

/** All of it. */
export function Tables({ found }: { found: Found }): JSX.Element {
  const [most, setMost] = useState(MOST_TABLES);
  const all = found.info.tables;
  const unit = shownUnit(bench.value.unit, all);
  const common = commonKeys(all);
  const ofUnit = all.flatMap((table, at) => (unit === '*' || table.unit === unit ? [{ table, at }] : []));
  const filled = ofUnit.filter(({ table }) => table.rows > 0);
  const drawn = filled.slice(0, most);
  const [only] = ofUnit;
  const fills = ofUnit.length === 1 && only !== undefined && only.table.allRows > SEEN;
  const selected = wantedRow(bench.value.sel, all)?.table;
  const main = drawn.find(({ at }) => at === selected) ?? drawn[0];
  const hidden = ofUnit.length - filled.length;
  return (
    <>
      <div class="bench-head">
        {all.length > 0 && <Units info={found.info} units={unitsOf(all)} shown={unit} />}
        <Remarks info={found.info} />
        {common.length > 0 && <p class="bench-common dim">{common.join(' · ')}</p>}
      </div>
      {drawn.map(({ at }) => (
        <TableSection key={at} found={found} at={at} common={common} fills={fills} main={main?.at === at} />
      ))}
      {drawn.length === 0 && (
        <>
          <Nothing found={found} />
          <Drawn view="benchmarks" of={found} />
        </>
      )}
      {drawn.length > 0 && hidden > 0 && <p class="bench-hidden dim">{hidden === 1 ? '1 table has no such row.' : `${countText(hidden)} tables have no such row.`}</p>}
      {filled.length > drawn.length && (
        <p class="bench-hidden">
          <button type="button" class="button small" onClick={() => setMost(most + MOST_TABLES)}>
            Show {Math.min(MOST_TABLES, filled.length - drawn.length)} more tables
          </button>{' '}
          <span class="dim">
            {drawn.length} of {countText(filled.length)}
          </span>
        </p>
      )}
    </>
  );
}
