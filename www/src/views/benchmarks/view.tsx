/** Benchmarks: results of `go test -bench` of all files, compared as benchstat does it. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keyed, useAnswer } from '../../core';
import type { BenchFileInfo, BenchInfo } from '../../core';
import { opening } from '../../session';
import { registerKeys } from '../../shell/keys';
import { Drawn } from '../../table/view';
import { Controls, Options } from './controls';
import { Detail } from './detail';
import { FilesBar } from './files';
import { FoldedProblem, Grouping } from './grouping';
import { Notes } from './note';
import { asked, bench, benchFiles, chosenFiles, misread, step } from './question';
import type { Asked } from './question';
import type { Found } from './rows';
import { Tables } from './tables';
import { Teaching } from './teaching';
import '../../flame/flame.css';
import './bars.css';
import './benchmarks.css';
import './picture.css';
import './detail.css';

/** The Benchmarks view. */
export function BenchmarksView(): JSX.Element {
  const now = asked.value;
  return (
    <section class="pane bench" aria-label="Benchmarks">
      {now === null ? <Teaching /> : <Compared now={now} />}
    </section>
  );
}

/** Milliseconds that files on their way are waited for at most: one may be a profile that takes its time. */
const PATIENCE = 1500;

/** Resolves once no file is on its way: each of several that were dropped would make the comparison anew. */
function arrived(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, PATIENCE);
    const stop = opening.subscribe((files) => {
      if (files.length === 0) done();
    });
    function done(): void {
      clearTimeout(timer);
      // The first call comes before there is anything to stop.
      queueMicrotask(() => stop());
      resolve();
    }
  });
}

async function load(now: Asked): Promise<Found> {
  await arrived();
  // What was asked before the last file came is not asked any more.
  if (asked.peek() !== now) return new Promise(() => {});
  return { asked: now, info: await keyed('view').benchTables(now.query) };
}

/** The selection goes first, before what else Escape clears. */
function deselect(): boolean {
  if (bench.peek().sel === '') return false;
  step({ sel: '' });
  return true;
}

const NOTHING: BenchInfo = { files: [], tables: [], tallies: [], byChance: '', notes: [], keys: [], commands: [] };

/** The files, while no answer tells their order. */
function unasked(): BenchFileInfo[] {
  const chosen = chosenFiles.value.length > 0 ? chosenFiles.value : benchFiles.value;
  return chosen.map(({ id, name }) => ({ file: id, label: name, results: 0 }));
}

function Compared({ now }: { now: Asked }): JSX.Element {
  const answer = useAnswer(() => load(now), [now]);
  const latest = answer.value;
  const problem = latest?.info.problem;
  // An expression that cannot be used shows nothing: what was there stays, so that it can be mended in sight of it.
  const held = useRef<Found | undefined>(undefined);
  if (latest !== undefined && problem == null) held.current = latest;
  const found = held.current;
  useEffect(() => registerKeys([{ keys: ['Escape'], label: '', group: '', run: deselect }]), []);
  return (
    <div class="bench-all" aria-busy={answer.loading}>
      <FilesBar infos={found?.info.files ?? (problem == null ? undefined : unasked())} />
      <Controls />
      <Grouping keys={found?.info.keys ?? NOTHING.keys} problem={problem ?? undefined} />
      <Options />
      {problem != null && <FoldedProblem problem={problem} />}
      {misread.value.map((sentence) => (
        <p key={sentence} class="bench-problem">
          {sentence}
        </p>
      ))}
      {answer.error !== '' && (
        <p class="view-error" role="alert">
          {answer.error}
        </p>
      )}
      {found !== undefined && (
        <div class="bench-in" inert={problem != null}>
          <div class="bench-main">
            <Tables found={found} />
          </div>
          <Detail found={found} />
        </div>
      )}
      {found === undefined && problem != null && <Drawn view="benchmarks" of={latest} />}
      <Notes />
    </div>
  );
}
