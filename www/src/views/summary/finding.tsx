/** One finding in full: why it is thought so, why it costs, what to change, and what would show it wrong. */
import type { ComponentChildren, JSX } from 'preact';
import type { EvidenceDto, FindingDto } from '../../core';
import { VIEW_TITLES } from '../../shell/bar';
import { WhatIs } from '../../shell/whatis';
import { file, files, update, VIEW_NAMES } from '../../state';
import type { SessionFile, ViewName, ViewState } from '../../state';

/** What the row opens. */
export function FindingBody(props: { finding: FindingDto; cause: FindingDto | undefined }): JSX.Element {
  const { finding, cause } = props;
  const several = finding.evidence.length > 1;
  return (
    <div class="fi-body">
      <Part title="Why do you think so?">
        <dl class="fi-facts">
          <Fact name="Rule">
            {finding.rule} {finding.name}, confidence {finding.confidence} <WhatIs term="confidence" words="confidence" />
          </Fact>
          {cause !== undefined && (
            <Fact name="Follows from">
              {cause.rule} {cause.title}
            </Fact>
          )}
          {finding.potential !== '' && <Fact name="To be won">{finding.potential}</Fact>}
        </dl>
        {finding.evidence.map((one, at) => (
          <Evidence key={at} evidence={one} named={several || one.file !== file.value?.id} />
        ))}
      </Part>
      <Part title="Why it costs">
        <p>{finding.why}</p>
      </Part>
      <Part title="What to change now">
        <Items texts={finding.now} ordered />
        {finding.before + finding.after !== '' && <Change before={finding.before} after={finding.after} />}
      </Part>
      {finding.later.length > 0 && (
        <Part title="Later">
          <Items texts={finding.later} />
        </Part>
      )}
      <TextPart title="How to verify" text={finding.verify} />
      <TextPart title="What would refute it" text={finding.falsifier} />
      {finding.limits.length > 0 && (
        <Part title="Limits">
          <Items texts={finding.limits} />
        </Part>
      )}
      {finding.references.length > 0 && (
        <Part title="References">
          <Items texts={finding.references} />
        </Part>
      )}
    </div>
  );
}

function Part(props: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="fi-part">
      <h4>{props.title}</h4>
      <div>{props.children}</div>
    </section>
  );
}

function TextPart(props: { title: string; text: string }): JSX.Element | null {
  if (props.text === '') return null;
  return (
    <Part title={props.title}>
      <p>{props.text}</p>
    </Part>
  );
}

/** One item is a paragraph. */
function Items(props: { texts: readonly string[]; ordered?: boolean }): JSX.Element {
  const { texts, ordered = false } = props;
  const List = ordered ? 'ol' : 'ul';
  if (texts.length === 1) return <p>{texts[0]}</p>;
  return (
    <List class="fi-items">
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </List>
  );
}

function Fact(props: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Evidence(props: { evidence: EvidenceDto; named: boolean }): JSX.Element {
  const { evidence } = props;
  return (
    <div class="fi-evidence">
      <dl class="fi-facts">
        {props.named && <Fact name="File">{evidence.fileName}</Fact>}
        <Fact name="Measured">
          {evidence.metric}
          {evidence.interval !== '' && `, ${evidence.interval} with 95 % confidence`}
        </Fact>
        {evidence.samples !== '' && <Fact name="Seen in">{evidence.samples}</Fact>}
        {evidence.threshold !== '' && <Fact name="Counts">{evidence.threshold}</Fact>}
        {evidence.places.length > 0 && (
          <Fact name="At">
            <Places evidence={evidence} />
          </Fact>
        )}
        {evidence.seen.length > 0 && (
          <Fact name="Recognised by">
            <Names names={evidence.seen} />
          </Fact>
        )}
        {evidence.go !== '' && <Fact name="Go version">{evidence.go}</Fact>}
        {evidence.notes.map((note) => (
          <Fact key={note} name="Note">
            {note}
          </Fact>
        ))}
      </dl>
      {evidence.stack.length > 0 && (
        <details class="fi-stack">
          <summary>Heaviest stack ({evidence.stack.length === 1 ? '1 frame' : `${evidence.stack.length} frames`}, outermost first)</summary>
          <pre tabIndex={0} aria-label="Heaviest stack">
            {evidence.stack.join('\n')}
          </pre>
        </details>
      )}
      <ShowButton evidence={evidence} />
    </div>
  );
}

function Places(props: { evidence: EvidenceDto }): JSX.Element {
  return (
    <ul class="fi-places">
      {props.evidence.places.map((place, at) => (
        <li key={at} title={place.full}>
          <code>
            {place.name.dim}{place.name.strong} <span class="dim">{place.place}</span>
          </code>
          <span class="dim">{place.value}</span>
        </li>
      ))}
    </ul>
  );
}

function Names(props: { names: readonly string[] }): JSX.Element {
  return (
    <ul class="fi-names">
      {props.names.map((name) => (
        <li key={name}>
          <code>{name}</code>
        </li>
      ))}
    </ul>
  );
}

/** Lines that go and lines that come, as in a patch. */
function Change(props: { before: string; after: string }): JSX.Element {
  const lines = (text: string, sign: string): JSX.Element[] =>
    (text === '' ? [] : text.split('\n')).map((line, at) => (
      <span key={sign + at} class={sign === '+' ? 'fi-new' : 'fi-old'}>
        {`${sign} ${line}\n`}
      </span>
    ));
  return (
    <pre class="fi-change" tabIndex={0} aria-label="Before and after">
      {lines(props.before, '-')}
      {lines(props.after, '+')}
    </pre>
  );
}

function ShowButton(props: { evidence: EvidenceDto }): JSX.Element | null {
  const { evidence } = props;
  const info = files.value.find((one) => one.id === evidence.file && one.error == null);
  const to = VIEW_NAMES.find((name) => name === evidence.view);
  if (info === undefined || to === undefined) return null;
  // It is what is shown already.
  if (to === 'summary' && info.id === file.value?.id) return null;
  return (
    <button type="button" class="button small" onClick={() => update(wayTo(evidence, info, to), { push: true })}>
      {to === 'summary' ? 'Show this file' : `Show in ${VIEW_TITLES[to]}`}
    </button>
  );
}

/** The state that shows the evidence. Filters and a search of before would show something else. */
function wayTo(evidence: EvidenceDto, info: SessionFile, to: ViewName): Partial<ViewState> {
  const filtered = to === 'flame';
  return {
    view: to,
    file: info.key,
    sample: evidence.sampleType,
    steps: filtered && evidence.focus !== '' ? [{ kind: 'focus', text: evidence.focus }] : [],
    search: filtered ? '' : evidence.focus,
    sel: '',
    inverted: false,
  };
}
