/** What the trace is, what of the file was not used, and the switch for the runtime's goroutines. */
import type { JSX } from 'preact';
import type { TraceInfo } from '../../core';
import { Icon } from '../../shell/icons';
import { misread, step, trace } from './question';

/** Losses that are told without being asked for. */
const TOLD = 2;

/** All of it. */
export function Head({ info, unknown }: { info: TraceInfo; unknown: string }): JSX.Element {
  return (
    <header class="trace-head">
      <div class="trace-title">
        <h2>{info.title}</h2>
        <label class="control trace-system">
          <input type="checkbox" checked={trace.value.system} onChange={(event) => step({ system: event.currentTarget.checked, row: -1 })} />
          The runtime's own goroutines
        </label>
      </div>
      <dl class="trace-facts">
        {/* The title says the length. */}
        {info.facts.slice(1).map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {info.losses.length > 0 && <Losses losses={info.losses} />}
      {[...misread.value, ...(unknown === '' ? [] : [`The link names a section that this trace does not have: ${unknown}.`])].map((sentence) => (
        <p key={sentence} class="trace-problem">
          {sentence}
        </p>
      ))}
    </header>
  );
}

/** What was not used: the figures below are without it. */
function Losses({ losses }: { losses: readonly string[] }): JSX.Element {
  const [first = '', ...rest] = losses;
  const told = rest.length <= TOLD ? rest : [];
  return (
    <section class="trace-losses" aria-label="What was not used">
      <Icon name="warning" />
      <div>
        <p>
          <strong>Not all of this trace is in the figures.</strong> {first}
        </p>
        {told.map((text) => (
          <p key={text}>{text}</p>
        ))}
        {told.length < rest.length && (
          <details>
            <summary>What is missing, and why ({rest.length})</summary>
            {rest.map((text) => (
              <p key={text}>{text}</p>
            ))}
          </details>
        )}
      </div>
    </section>
  );
}
