/** Compare: a file against a baseline, or all files of a kind over time. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../../core';
import type { FlameInfo, FlameShape, Query } from '../../core';
import { Graph } from '../../flame/graph';
import { Toolbar } from '../../flame/toolbar';
import { file, query, search, setReady, shape, state } from '../../state';
import type { SessionFile } from '../../state';
import { Answered, Drawn } from '../../table/view';
import { candidates } from './growing';
import { Growth } from './growth';
import { DIFFERENCE } from './look';
import { Pair, useSuggestion } from './pair';
import { Said } from './said';
import { load, Rows } from './table';
import type { Found } from './table';
import '../../flame/flame.css';
import '../../shell/teaching.css';
import './compare.css';

/** The Compare view. */
export function CompareView(): JSX.Element {
  const shown = file.value;
  if (shown === null) return <section class="pane compare" aria-label="Compare" />;
  return candidates(shown).length === 0 ? <Alone shown={shown} /> : <Two shown={shown} />;
}

/** How a profile of a kind is recorded twice; empty where the kind does not tell. */
function commandsFor(kind: string | undefined): string {
  const flag = { cpu: 'cpuprofile', heap: 'memprofile', allocs: 'memprofile', block: 'blockprofile', mutex: 'mutexprofile' }[kind ?? ''];
  const isServed = ['goroutine', 'goroutineleak', 'threadcreate'].includes(kind ?? '');
  if (flag === undefined && !isServed) return '';
  const command = (name: string): string =>
    flag === undefined ? `curl -o ${name}.pb.gz http://HOST/debug/pprof/${kind}` : `go test -bench=. -${flag}=${name}.pb.gz`;
  return [command('old'), '# change the code', command('new')].join('\n');
}

/** There is nothing to compare with: what it takes. */
function Alone({ shown }: { shown: SessionFile }): JSX.Element {
  const kind = shown.kindLabel.startsWith('CPU') ? shown.kindLabel : shown.kindLabel.toLowerCase();
  const commands = commandsFor(shown.kind);
  return (
    <section class="pane compare" aria-label="Compare">
      <div class="page">
        <div class="page-in teaching">
          <h2>Compare takes two files of one kind</h2>
          <p>
            {shown.name} is the only {kind} here. Drop another one anywhere, such as the same program before or after a
            change, and this view says what became more, what less, and which of it is more than chance.
          </p>
          {commands !== '' && <pre tabIndex={0} aria-label="Commands">{commands}</pre>}
          <p class="dim">
            With three and more heap or goroutine profiles of one process, taken one after the other, it follows what
            grows. Nothing has to be the same length: values can be compared per second, per operation or as shares.
          </p>
        </div>
      </div>
      <Drawn view="compare" of={shown} />
    </section>
  );
}

function Two({ shown }: { shown: SessionFile }): JSX.Element {
  useSuggestion(shown);
  const asked = query.value;
  const { mode, compareSort } = state.value;
  const growing = mode === 'growth';
  const expression = search.value;
  const answer = useQueryAnswer(
    asked?.base == null || growing ? null : asked,
    (now) => load(now, compareSort, expression),
    [compareSort, expression],
  );
  const known = answer.value?.asked === asked ? answer.value.info : undefined;
  return (
    <section class="pane compare" aria-label="Compare">
      <Pair shown={shown} info={growing ? undefined : (known ?? answer.value?.info)} />
      {growing && asked !== null && <Growth asked={asked} />}
      {!growing && asked?.base == null && state.value.base !== '' && (
        <div class="page">
          <div class="page-in">
            <h2>Choose a baseline</h2>
            <p>
              {state.value.base} is not among the open files that {shown.name} can be compared with. Choose another one
              above, or drop it anywhere.
            </p>
          </div>
          <Drawn view="compare" of={asked} />
        </div>
      )}
      {!growing && asked?.base != null && (
        <Answered answer={answer}>{(found) => <Result found={found} />}</Answered>
      )}
    </section>
  );
}

function Result({ found }: { found: Found }): JSX.Element {
  const { info, asked } = found;
  // The view is ready once both of its parts are drawn.
  const drawn = useRef({ rows: null as Query | null, graph: null as Query | null });
  const part = (name: 'rows' | 'graph', of: Query): void => {
    drawn.current[name] = of;
    if (drawn.current.rows === query.peek() && drawn.current.graph === query.peek()) setReady('compare');
  };
  if (info.refused !== '') {
    return (
      <div class="page">
        <div class="page-in">
          <h2>These two cannot be compared</h2>
          <p>{info.refused}</p>
          <Drawn view="compare" of={info} />
        </div>
      </div>
    );
  }
  return (
    <div class="compare-in">
      <Said summary={info.summary} notes={info.notes} />
      <div class="compare-split">
        <Picture ready={(of) => part('graph', of)} />
        <Rows found={found} ready={() => part('rows', asked)} />
      </div>
    </div>
  );
}

/** The flame graph of both. */
function Picture(props: { ready: (of: Query) => void }): JSX.Element {
  const asked = query.value;
  const turned = shape.value;
  const answer = useQueryAnswer(asked?.base == null ? null : asked, (now) => keyed('compare.flame').flame(now, turned), [turned]);
  const info = answer.loading ? undefined : answer.value;
  const held = useRef<{ asked: Query; turned: FlameShape; info: FlameInfo } | null>(null);
  if (asked !== null && info !== undefined) held.current = { asked, turned, info };
  const latest = useRef(props.ready);
  latest.current = props.ready;
  const shown = held.current;
  return (
    <section class="compare-flame flame" aria-label="Flame graph of the difference">
      <Toolbar info={info} />
      {answer.error !== '' && (
        <p class="view-error" role="alert">
          {answer.error}
        </p>
      )}
      {shown !== null && (
        <Graph {...shown} look={DIFFERENCE} ready={() => held.current !== null && latest.current(held.current.asked)} />
      )}
    </section>
  );
}
