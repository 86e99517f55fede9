// What a view of stacks says of a file that has none, benchmark results above all.

import type { JSX } from 'preact';
import { file, update, view } from '../state';
import type { ViewName } from '../state';
import { Drawn } from '../table/view';
import { VIEW_TITLES } from './bar';
import './teaching.css';

/** Its Summary comes with it. */
export { Bare } from '../views/summary/bare';

/** A link to another view. */
function Way({ to }: { to: ViewName }): JSX.Element {
  return (
    <button type="button" class="link" onClick={() => update({ view: to }, { push: true })}>
      {VIEW_TITLES[to]}
    </button>
  );
}

/** What the view would show, and where to look instead. */
export function NoSamples(): JSX.Element {
  const info = file.value;
  const bench = info?.kind === 'bench';
  return (
    <section class="page" aria-label={VIEW_TITLES[view.value]}>
      <div class="page-in teaching">
        <h2>{bench ? 'Benchmark results have no stacks' : 'This file has no sample types'}</h2>
        <p>
          {bench
            ? 'They say how long an operation takes and how much it allocates, but not in which functions. A profile of the same benchmark says that; record one and open both:'
            : 'So there is nothing that functions or lines could be told of. A profile of the program says where its time goes; record one:'}
        </p>
        <pre tabIndex={0} aria-label="Command">
          go test -run=^$ -bench=. -count=6 -cpuprofile=cpu.prof -memprofile=mem.prof | tee bench.txt
        </pre>
        <p>
          {bench && (
            <>
              The results themselves are compared in <Way to="benchmarks" />.{' '}
            </>
          )}
          What the rules say about this file stands in its <Way to="summary" />.
        </p>
      </div>
      <Drawn view={view.value} of={info} />
    </section>
  );
}
