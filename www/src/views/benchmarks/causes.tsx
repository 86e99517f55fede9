/** Which functions a difference comes from, where the session has profiles of both states. */
import type { JSX } from 'preact';
import type { BenchCause, BenchCauses } from '../../core';
import { files, update } from '../../state';
import type { ViewState } from '../../state';
import { Value } from '../../table/value';

function keyOf(file: number): string {
  return files.value.find((info) => info.id === file)?.key ?? '';
}

/** Opens the comparison of both profiles, narrowed to the benchmark; with a function it is selected there. */
function compare(causes: BenchCauses, patch: Partial<ViewState> = {}): void {
  const steps = causes.focus === '' ? [] : [{ kind: 'focus' as const, text: causes.focus }];
  const of = { view: 'compare' as const, file: keyOf(causes.after), base: keyOf(causes.before), mode: '', sample: causes.sample, steps, search: '', sel: '', ...patch };
  update(of, { push: true });
}

function CauseRow({ cause, causes }: { cause: BenchCause; causes: BenchCauses }): JSX.Element {
  return (
    <tr>
      <td class="bench-cause-change" style={{ '--share': Math.min(Math.abs(cause.share), 1).toFixed(4) }} title={`${cause.before} before, ${cause.after} after`}>
        <Value text={cause.change} />
      </td>
      <th scope="row">
        <button type="button" class="link" title={`Show ${cause.function} in Compare`} onClick={() => compare(causes, { sel: cause.function })}>
          <bdi>{cause.function}</bdi>
        </button>
        <span class="dim">
          {cause.before} → {cause.after}
          {cause.place !== '' && ` ${cause.place}`}
        </span>
      </th>
    </tr>
  );
}

/** The part of the details. */
export function Causes({ causes, several }: { causes: BenchCauses; several: boolean }): JSX.Element {
  return (
    <section class="bench-causes" aria-label={`Where the difference comes from${several ? `: ${causes.column}` : ''}`}>
      <h3>
        Where the difference comes from
        {several && <span class="dim"> {causes.column}</span>}
      </h3>
      <p>{causes.headline}</p>
      <p class="dim">{causes.about}</p>
      {causes.functions.length > 0 && (
        <table aria-label="Functions">
          <tbody>
            {causes.functions.map((cause) => (
              <CauseRow key={cause.function} cause={cause} causes={causes} />
            ))}
          </tbody>
        </table>
      )}
      <button type="button" class="button small" onClick={() => compare(causes)}>
        Compare the profiles
      </button>
    </section>
  );
}
