/** Goroutines: what is odd about them, and all of them in groups, each with its stack. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../../core';
import type { GoroutineInfo, GoroutineRow, GoroutineStack, GoroutineStacks } from '../../core';
import { countText } from '../../lib/bytes';
import '../../shell/teaching.css';
import { showFile } from '../../session';
import { files, query, search } from '../../state';
import { useAsked } from '../../table/asked';
import { Heading } from '../../table/cell';
import type { Column } from '../../table/column';
import { Refusal } from '../../table/filter';
import { Frame } from '../../table/frame';
import { GoButtons } from '../../table/small';
import { Value } from '../../table/value';
import { Answered, Drawn } from '../../table/view';
import { grouping, GROUPINGS } from './grouping';
import type { Grouping } from './grouping';
import './goroutines.css';

/** The Goroutines view. */
export function GoroutinesView(): JSX.Element {
  const by = grouping.value;
  const expression = search.value;
  const answer = useQueryAnswer(
    query.value,
    (now) => keyed('view').goroutines(now, { by, search: expression }),
    [by, expression],
  );
  return (
    <section class="page goroutines" aria-label="Goroutines">
      <div class="page-in">
        <Answered answer={answer}>
          {(info) => (
            <>
              {info.available ? <Shown info={info} /> : <Teaching />}
              <Drawn view="goroutines" of={info} />
            </>
          )}
        </Answered>
      </div>
    </section>
  );
}

/** What the view is for, in a file about something else. */
function Teaching(): JSX.Element {
  return (
    <div class="teaching">
      <h2>No goroutines in this file</h2>
      <Elsewhere />
      <p>
        A goroutine profile is a census: every goroutine of a program at one moment, what it waits for, and where. It
        shows leaks, deadlocks and queues for locks. Record one from a running program:
      </p>
      <pre tabIndex={0} aria-label="Command">curl -o goroutines.txt 'http://HOST/debug/pprof/goroutine?debug=2'</pre>
      <p>
        or in its code: <code>pprof.Lookup("goroutine").WriteTo(file, 2)</code>. With <code>debug=2</code> the file also
        says how long they have waited, who started them and which lock they wait for. What a program prints when it
        crashes can be opened, too. Two or more, recorded minutes apart, show what grows.
      </p>
    </div>
  );
}

/** Files of the session that are about goroutines. */
function Elsewhere(): JSX.Element | null {
  const others = files.value.filter((info) => info.error == null && /^goroutine/.test(info.kind ?? ''));
  if (others.length === 0) return null;
  return (
    <p>
      Of this session{' '}
      {others.map((info, at) => (
        <span key={info.id}>
          {at > 0 && ', '}
          <button type="button" class="link" onClick={() => showFile(info)}>
            {info.name}
          </button>
        </span>
      ))}{' '}
      {others.length === 1 ? 'has them.' : 'have them.'}
    </p>
  );
}

function Shown(props: { info: GoroutineInfo }): JSX.Element {
  const { info } = props;
  return (
    <>
      <h2 class="gr-title">{info.title}</h2>
      {info.crash.length > 0 && (
        <pre class="gr-crash" tabIndex={0} aria-label="What the program said">
          {info.crash.join('\n')}
        </pre>
      )}
      <ul class="gr-waits" aria-label="By what they wait for">
        {info.waits.map((part) => (
          <li key={part.label} class="vt-bar" style={{ '--share': part.share.toFixed(4) }}>
            <span>{part.label}</span>
            <span class="gr-figure">
              <Value text={part.count} /> <span class="gr-dim">{part.pct}</span>
            </span>
          </li>
        ))}
      </ul>
      {info.notes.map((note) => (
        <p key={note} class="gr-note">
          {note}
        </p>
      ))}
      {info.facts.length > 0 && <Facts info={info} />}
      <Groups info={info} />
    </>
  );
}

function Facts(props: { info: GoroutineInfo }): JSX.Element {
  return (
    <section aria-label="Worth a look">
      <h2>Worth a look</h2>
      <ul class="gr-facts">
        {props.info.facts.map((fact, at) => (
          <li key={at}>
            <strong>{fact.title}</strong>
            {fact.site !== '' && <code>{fact.site}</code>}
            <p>{fact.text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Groups(props: { info: GoroutineInfo }): JSX.Element {
  const { info } = props;
  return (
    <section aria-label="Groups">
      <div class="gr-head">
        <h2>Groups</h2>
        <label class="control">
          Group them by
          <select
            class="menu"
            value={grouping.value}
            onChange={(event) => {
              grouping.value = event.currentTarget.value as Grouping;
            }}
          >
            {Object.entries(GROUPINGS).map(([key, label]) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <Refusal refused={info.refused} />
      </div>
      {info.rows.length === 0 ? (
        <p class="empty">{search.value === '' ? 'There are none.' : `Nothing matches “${search.value}”.`}</p>
      ) : (
        <GroupTable info={info} />
      )}
      {info.more > 0 && <p class="gr-note">and {countText(info.more)} more rows: search, or group them otherwise.</p>}
    </section>
  );
}

function GroupTable(props: { info: GoroutineInfo }): JSX.Element {
  const { info } = props;
  return (
    <div class="gr-scroll" tabIndex={0} role="group" aria-label="Groups of goroutines, table">
      <table class="vt-table vt-small gr-table" aria-label="Groups of goroutines">
        <colgroup>
          <col class="gr-count" />
          {info.files.map((_, at) => (
            <col key={at} class="gr-file" />
          ))}
          <col class="gr-wait" />
          <col />
          {info.isDump && (
            <>
              <col class="gr-by" />
              <col class="gr-age" />
            </>
          )}
        </colgroup>
        <thead>
          <tr>
            <Head column={HEADS.count} />
            {info.files.map((name, at) => (
              <th key={at} scope="col" class="vt-num" title={name} aria-current={at === info.file ? 'true' : undefined}>
                <span class="vt-head">{shortName(name)}</span>
              </th>
            ))}
            <Head column={HEADS.waits} />
            <Head column={HEADS.where} />
            {info.isDump && (
              <>
                <Head column={HEADS.creator} />
                <Head column={HEADS.age} />
              </>
            )}
          </tr>
        </thead>
        {info.rows.map((row) => (
          <Group key={row.key} row={row} info={info} />
        ))}
      </table>
    </div>
  );
}

function heading(label: string, help: string, numeric = false): Column<never> {
  return { key: label, label, help, numeric, width: 0, cell: () => null };
}

const HEADS = {
  count: heading('count', 'Goroutines of the group: those that wait for the same thing at the same place.', true),
  waits: heading('waits for', 'What keeps them from running. A group opens to show its stacks.'),
  where: heading('where', 'Your nearest function in their stacks, or the innermost where none is yours.'),
  creator: heading('created by', 'The function that started them with go.'),
  age: heading('age', 'How long they have been waiting, from the shortest to the longest, where the dump tells it.', true),
};

function Head(props: { column: Column<never> }): JSX.Element {
  return <Heading column={props.column} order={undefined} onSort={undefined} />;
}

/** The end of a path. */
function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function Group(props: { row: GoroutineRow; info: GoroutineInfo }): JSX.Element {
  const { row, info } = props;
  const [open, setOpen] = useState(false);
  const columns = 3 + info.files.length + (info.isDump ? 2 : 0);
  return (
    <tbody>
      <tr class="vt-row" onClick={() => setOpen(!open)}>
        <td class="vt-num vt-bar" style={{ '--share': row.share.toFixed(4) }}>
          <Value text={row.count} />
        </td>
        {row.counts.map((count, at) => (
          <td key={at} class={row.grows ? 'vt-num gr-grows' : 'vt-num'}>
            <Value text={count} />
            {row.grows && at === row.counts.length - 1 && <span title="More from file to file"> ↑</span>}
          </td>
        ))}
        <td>
          <button
            type="button"
            class="link gr-open"
            aria-expanded={open}
            onClick={(event) => {
              event.stopPropagation();
              setOpen(!open);
            }}
          >
            {row.wait}
          </button>
          {row.role !== '' && <span class="gr-dim gr-role">{row.role}</span>}
        </td>
        <td class="gr-where">
          {row.user == null ? (
            <span title={row.source}>
              {row.function} <span class="gr-dim">{row.place}</span>
            </span>
          ) : (
            <Frame name={row.user} source={row.source} keepSource />
          )}
          {row.operation !== '' && <span class="gr-dim gr-role">in {row.operation}</span>}
        </td>
        {info.isDump && (
          <>
            <td class="gr-creator" title={row.creator}>
              {row.creator}
            </td>
            <td class="vt-num">{row.age}</td>
          </>
        )}
      </tr>
      {open && (
        <tr class="gr-opened">
          <td colSpan={columns}>
            <Stacks row={row} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

function Stacks(props: { row: GoroutineRow }): JSX.Element {
  const { row } = props;
  const asked = useAsked();
  const answer = useQueryAnswer<GoroutineStacks>(
    asked,
    (now) => keyed(`goroutines ${row.key}`).goroutineStacks(now, new Uint32Array(row.groups)),
    [row],
  );
  return (
    <Answered answer={answer}>
      {(found) => (
        <>
          {row.user != null && (
            <p class="gr-ways">
              <GoButtons name={row.user} />
            </p>
          )}
          {found.groups.map((group, at) => (
            <Stack key={at} group={group} />
          ))}
          {found.more > 0 && <p class="gr-note">and {countText(found.more)} more groups</p>}
        </>
      )}
    </Answered>
  );
}

function Stack(props: { group: GoroutineStack }): JSX.Element {
  const { group } = props;
  return (
    <section class="gr-stack" aria-label={group.title}>
      <h3>{group.title}</h3>
      {group.notes.map((note) => (
        <p key={note} class="gr-note">
          {note}
        </p>
      ))}
      <ol class="gr-frames" aria-label="Stack, innermost first">
        {group.frames.map((frame, at) => (
          <li key={at} class={frame.isLibrary ? 'gr-library' : undefined}>
            <span>
              {frame.function}
              <span class="gr-dim">{frame.arguments}</span>
            </span>
            {frame.source !== '' && <span class="gr-source">{frame.source}</span>}
          </li>
        ))}
        {group.moreFrames > 0 && <li class="gr-note">and {countText(group.moreFrames)} more frames</li>}
      </ol>
      {group.members.length > 0 && (
        <details>
          <summary>Numbers of the goroutines{group.members.some((one) => one.age !== '') ? ', and how long they wait' : ''}</summary>
          <ul class="gr-members">
            {group.members.map((one, at) => (
              <li key={at} title={`line ${one.line} of the file${one.parent === '' ? '' : `, started by goroutine ${one.parent}`}`}>
                {one.id}
                {one.age !== '' && <span class="gr-dim"> {one.age}</span>}
              </li>
            ))}
            {group.moreMembers > 0 && <li class="gr-dim">and {countText(group.moreMembers)} more</li>}
          </ul>
        </details>
      )}
    </section>
  );
}
