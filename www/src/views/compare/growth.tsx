/** Growth: what is in use, or how many goroutines stand where, over three and more files. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../../core';
import type { GrowthInfo, GrowthRow, Query } from '../../core';
import { countText } from '../../lib/bytes';
import { NO_NODE } from '../../protocol';
import { query, searchText, setReady } from '../../state';
import { useAsked, useSelected } from '../../table/asked';
import { figures } from '../../table/columns';
import type { Column } from '../../table/column';
import { Frame } from '../../table/frame';
import { arraySource } from '../../table/rows';
import { pick, showInFlame } from '../../table/show';
import { RowButton } from '../../table/cell';
import { Table } from '../../table/table';
import { TERMS } from '../../table/terms';
import { Answered, Drawn } from '../../table/view';
import { Chart } from './chart';
import { Said } from './said';

/** The part of the view for all files of the kind shown. */
export function Growth({ asked }: { asked: Query }): JSX.Element {
  const answer = useQueryAnswer(asked, (now) => keyed('view').growth(now), []);
  return <Answered answer={answer}>{(info) => (info.refused === '' ? <Sites info={info} /> : <Refused info={info} />)}</Answered>;
}

function Refused({ info }: { info: GrowthInfo }): JSX.Element {
  return (
    <div class="page">
      <div class="page-in">
        <h2>Nothing to follow</h2>
        <p>{info.refused}</p>
        <Drawn view="compare" of={info} />
      </div>
    </div>
  );
}

function fullName(row: GrowthRow): string {
  return row.name.full;
}

function facts(row: GrowthRow): string {
  return row.facts.join(', ');
}

function columnsFor(info: GrowthInfo): Column<GrowthRow>[] {
  const last = info.files.length - 1;
  const some = (figure: (row: GrowthRow) => string): boolean => info.rows.some((row) => figure(row) !== '');
  const columns: Column<GrowthRow>[] = [
    { key: 'first', label: 'first', help: 'Amount in the first file.', width: 92, optional: 2, ...figures((row) => row.amounts[0] ?? '') },
    { key: 'last', label: 'last', help: 'Amount in the last file.', width: 92, ...figures((row) => row.amounts[last] ?? '') },
    { key: 'delta', label: 'delta', help: 'Last less first.', width: 92, ...figures((row) => row.delta) },
  ];
  if (some((row) => row.error)) {
    columns.push({ key: 'error', label: '± σ', help: 'Standard error of delta: values are scaled up from what was sampled.', width: 84, optional: 3, ...figures((row) => row.error) });
    columns.push({ key: 'seen', label: 'sampled', help: 'Objects that the profiler really saw in the last file. Fewer than 10 tell nothing.', width: 76, optional: 4, ...figures((row) => row.seen) });
  }
  if (some((row) => row.objects)) {
    columns.push({ key: 'objects', label: 'Δ objects', help: 'Objects more or fewer than in the first file.', width: 92, optional: 5, ...figures((row) => row.objects) });
  }
  if (info.timed) {
    columns.push({ key: 'slope', label: 'per minute', help: 'Growth per minute: the line that fits all files best.', width: 108, optional: 1, ...figures((row) => row.slope) });
  }
  columns.push(
    { key: 'facts', label: 'what holds', help: 'Grows: by more than twice its error, 1MB or 50, and a tenth of all growth.', width: 180, text: facts, cell: facts },
    {
      key: 'name', label: 'Name', help: `${TERMS.name} The nearest function of your own code to where it was asked for.`, width: 170, grow: true,
      text: fullName,
      cell: (row) => (
        <RowButton tab={false}>
          <Frame name={row.name} source />
        </RowButton>
      ),
    },
  );
  return columns;
}

function Sites({ info }: { info: GrowthInfo }): JSX.Element {
  const asked = useAsked();
  const node = useSelected();
  const expression = searchText.value.toLowerCase();
  const columns = useMemo(() => columnsFor(info), [info]);
  const rows = info.rows.filter((row) => fullName(row).toLowerCase().includes(expression));
  const source = useMemo(() => arraySource(`${asked?.file} ${asked?.sample} ${expression} ${rows.length}`, rows), [info, expression]);
  return (
    <div class="compare-in">
      <Said summary={info.summary} notes={info.notes} />
      <div class="compare-split growth">
        <Chart info={info} />
        <section class="compare-rows" aria-label="Sites">
          <div class="pane-bar">
            <span class="pane-count">
              {rows.length === info.allRows ? countText(info.allRows) : `${countText(rows.length)} of ${countText(info.allRows)}`} sites
            </span>
          </div>
          {rows.length === 0 ? (
            <p class="empty">
              Nothing matches “{searchText.value}”.
              <Drawn view="compare" of={info} />
            </p>
          ) : (
            <div class="pane-fill">
              <Table
                label="Growth"
                id="growth"
                main
                foot
                fit
                columns={columns}
                source={source}
                isSelected={(row) => row.name.node === node && node !== null}
                onSelect={(row) => isHere(row) && pick(row.name, asked)}
                onOpen={(row) => void (isHere(row) && showInFlame(row.name, asked))}
                nameOf={(row) => (isHere(row) ? row.name : undefined)}
                keyOf={fullName}
                announce={(row) => `${fullName(row)}, ${row.delta}, ${facts(row)}`}
                onDrawn={() => asked === query.peek() && setReady('compare')}
              />
            </div>
          )}
        </section>
      </div>
    </div>
  );
}

/** Whether the file shown has the function of a row, too. */
function isHere(row: GrowthRow): boolean {
  return row.name.node !== NO_NODE;
}
