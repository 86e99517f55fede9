/** What the view is for, without results; and how to read it, while no row is selected. */
import type { JSX } from 'preact';
import type { BenchInfo } from '../../core';
import { Drawn } from '../../table/view';
import '../../shell/teaching.css';

const COMMANDS = `go test -run='^$' -bench=. -benchmem -count=10 | tee old.txt
# change the code
go test -run='^$' -bench=. -benchmem -count=10 | tee new.txt`;

/** There are no results in the session. */
export function Teaching(): JSX.Element {
  return (
    <div class="page">
      <div class="page-in teaching">
        <h2>Benchmarks compares results of go test -bench</h2>
        <p>
          No benchmark results are open. Record them before and after a change, then drop both files anywhere: this view says
          what became faster, what slower, and which differences are more than chance, with benchstat's figures.
        </p>
        <pre tabIndex={0} aria-label="Commands">{COMMANDS}</pre>
        <p class="dim">
          -count=10 runs each benchmark ten times; with fewer than six runs there is no interval, with fewer than four no
          difference can be told. More than two files are compared one with the other, and followed as a trend. CPU or memory
          profiles of the same runs (-cpuprofile, -memprofile) tell which functions a difference comes from.
        </p>
      </div>
      <Drawn view="benchmarks" of="nothing" />
    </div>
  );
}

/** How to read the tables, and how to record more. */
export function Reading({ info }: { info: BenchInfo }): JSX.Element {
  return (
    <>
      <h2>Select a row</h2>
      <p>Every sample, the order of the runs, and what differs stand here then.</p>
      <dl class="bench-reading">
        <div>
          <dt>
            <svg viewBox="0 0 72 20" aria-hidden="true" class="bench-lane">
              <path class="bench-interval" d="M22 10H50" />
              <path class="bench-points" d="M12 10h.01M26 10h.01M33 10h.01M40 10h.01M46 10h.01M62 10h.01" />
              <path class="bench-middle" d="M36 2v16" />
            </svg>
          </dt>
          <dd>samples as dots, the median as a tick, its interval as a bar; a lane for each column, the base first and grey</dd>
        </div>
        <div>
          <dt class="bench-better">faster</dt>
          <dd>better by the unit, and more than chance</dd>
        </div>
        <div>
          <dt class="bench-worse">slower</dt>
          <dd>worse by the unit, and more than chance</dd>
        </div>
        <div>
          <dt class="dim">~ cannot tell</dt>
          <dd>the samples do not tell; more of them may</dd>
        </div>
      </dl>
      {info.commands.length > 0 && (
        <details class="bench-commands">
          <summary>Commands that record this again</summary>
          {info.commands.map(({ about, text }) => (
            <div key={text}>
              <p class="dim">{about}</p>
              <pre tabIndex={0} aria-label={about}>{text}</pre>
            </div>
          ))}
        </details>
      )}
    </>
  );
}
