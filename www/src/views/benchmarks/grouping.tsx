/** What results can be grouped by: each key with its use and its values, and the expressions that say the same. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { BenchKey, BenchProblem } from '../../core';
import { keptWords, toggled } from '../../lib/benchfilter';
import { BENCH_DEFAULTS } from '../../lib/benchstate';
import { used } from '../../lib/projections';
import type { KeyUse } from '../../lib/projections';
import { Icon } from '../../shell/icons';
import { Marked, placeText } from '../../shell/marked';
import { isChanged, unfolded } from './controls';
import { bench, step } from './question';

const USES: readonly (readonly [KeyUse, string])[] = [
  ['', 'as usual'],
  ['table', 'tables'],
  ['row', 'rows'],
  ['col', 'columns'],
  ['ignore', 'ignored'],
];

/** Uses a key for something else. */
export function putKey(key: string, use: KeyUse): void {
  const { table, row, col, ignore } = bench.peek();
  step(used({ table, row, col, ignore }, key, use));
}

function Values({ info }: { info: BenchKey }): JSX.Element {
  const { filter } = bench.value;
  const kept = keptWords(filter, info.key);
  return (
    <ul class="bench-values" aria-label={`Values of ${info.key}`}>
      {info.values.map((value, at) => {
        const word = info.words[at] ?? '';
        return (
          <li key={word}>
            <button type="button" class="bench-value" aria-pressed={kept.includes(word)} title={value === '' ? 'Only results without this key' : `Only ${info.key}:${value}`}
              onClick={() => step({ filter: toggled(filter, info.key, word) })}>
              {value === '' ? 'none' : <bdi>{value}</bdi>}
            </button>
          </li>
        );
      })}
      {info.more && <li class="dim">and more</li>}
    </ul>
  );
}

function KeyRow({ info }: { info: BenchKey }): JSX.Element {
  // Files make the columns as usual.
  const uses = info.key === '.file' ? USES.slice(1) : USES;
  return (
    <tr>
      <th scope="row">
        <code>{info.key}</code>
      </th>
      <td>
        <select class="menu" aria-label={`Use of ${info.key}`} value={info.used} onChange={(event) => putKey(info.key, event.currentTarget.value as KeyUse)}>
          {uses.map(([use, words]) => (
            <option key={use} value={use}>
              {words}
            </option>
          ))}
        </select>
      </td>
      <td>
        <Values info={info} />
      </td>
    </tr>
  );
}

const FIELDS = [
  { field: 'table', label: 'Tables', example: '.config' },
  { field: 'row', label: 'Rows', example: '.fullname' },
  { field: 'col', label: 'Columns', example: '.file' },
  { field: 'ignore', label: 'Ignore', example: 'cpu' },
  { field: 'filter', label: 'Filter', example: '/size:(1k OR 4k) -.name:/Slow/' },
] as const;

type Field = (typeof FIELDS)[number];

/** What is wrong with an expression, and where. */
export function Wrong({ problem, text }: { problem: BenchProblem; text: string }): JSX.Element {
  return (
    <p class="bench-wrong" role="alert">
      <Marked text={text} at={problem.at} /> {problem.reason}
      {placeText(text, problem.at)}
    </p>
  );
}

function Expression({ field, label, example, problem }: Field & { problem: BenchProblem | undefined }): JSX.Element {
  const said = bench.value[field];
  const [text, setText] = useState(said);
  useEffect(() => setText(said), [said]);
  const wrong = problem?.flag === field ? problem : undefined;
  const id = `bench-${field}`;
  return (
    <div class="bench-expression">
      <label for={id}>{label}</label>
      <input id={id} class={wrong === undefined ? 'bench-input' : 'bench-input bad'} type="text" value={text} placeholder={example} spellcheck={false} autocomplete="off"
        aria-invalid={wrong !== undefined} {...(wrong === undefined ? {} : { 'aria-describedby': `${id}-wrong` })}
        onInput={(event) => setText(event.currentTarget.value)}
        onChange={(event) => step({ [field]: event.currentTarget.value.trim() })} />
      <div id={`${id}-wrong`} class="bench-expression-wrong">
        {wrong !== undefined && <Wrong problem={wrong} text={said} />}
      </div>
    </div>
  );
}

const EXPRESSIONS = FIELDS.map(({ field }) => field);

function backToUsual(): void {
  step(Object.fromEntries(EXPRESSIONS.map((field) => [field, BENCH_DEFAULTS[field]])));
}

/** What differs from benchstat's defaults, each with a way back; where the expressions themselves are not to be seen. */
export function Applied(): JSX.Element | null {
  const changed = FIELDS.filter(({ field }) => isChanged(field));
  if (changed.length === 0 || unfolded.value === 'keys') return null;
  return (
    <ul class="bench-applied" aria-label="Changed grouping">
      {changed.map(({ field, label }) => (
        <li key={field} class="bench-file">
          <span class="bench-role">{label}</span>
          <code title={bench.value[field]}>{bench.value[field] || 'nothing'}</code>
          <button type="button" class="bench-file-button" aria-label={`${label} as usual`} title="As usual" onClick={() => step({ [field]: BENCH_DEFAULTS[field] })}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The part that unfolds under the line. */
export function Grouping(props: { keys: readonly BenchKey[]; problem: BenchProblem | undefined }): JSX.Element | null {
  if (unfolded.value !== 'keys') return null;
  return (
    <section class="bench-fold bench-grouping" aria-label="Group by">
      {props.keys.length > 0 && (
        <div class="bench-keys-place">
          <table class="bench-keys-table" aria-label="Keys">
            <thead>
              <tr>
                <th scope="col">Key</th>
                <th scope="col">makes</th>
                <th scope="col">
                  Values <span class="dim">click one to keep only it</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {props.keys.map((info) => (
                <KeyRow key={info.key} info={info} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div class="bench-expressions" role="group" aria-label="Expressions">
        {FIELDS.map((one) => (
          <Expression key={one.field} {...one} problem={props.problem} />
        ))}
        <p class="bench-fold-foot">
          <button type="button" class="button small" disabled={!isChanged(...EXPRESSIONS)} onClick={backToUsual}>
            Back to benchstat's defaults
          </button>
          <span class="dim">The same words as benchstat's flags -table, -row, -col, -ignore and -filter.</span>
        </p>
      </div>
    </section>
  );
}

/** What is wrong where the expressions are folded away. */
export function FoldedProblem({ problem }: { problem: BenchProblem }): JSX.Element | null {
  if (unfolded.value === 'keys' && problem.flag !== '') return null;
  const own = FIELDS.find(({ field }) => field === problem.flag);
  return (
    <div class="bench-problem">
      {own !== undefined && <strong>{own.label}</strong>}
      <Wrong problem={problem} text={own === undefined ? '' : bench.value[own.field]} />
      {own !== undefined && (
        <button type="button" class="link" onClick={() => (unfolded.value = 'keys')}>
          Change it
        </button>
      )}
      <button type="button" class="link" onClick={backToUsual}>
        Back to benchstat's defaults
      </button>
    </div>
  );
}
