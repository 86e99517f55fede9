// The command palette: type a few letters of what is to be done, or of a function's name, and press Enter.

import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../core';
import type { FrameName, TopRow } from '../core';
import { quoted } from '../lib/filters';
import { fuzzy, pieces } from '../lib/fuzzy';
import { setting } from '../settings';
import { query, select, update, view } from '../state';
import { NameText } from '../table/frame';
import { commands, remember } from './commands';
import type { Command } from './commands';
import { closeSheet } from './sheets';

/** Rows at most: more is read by nobody, and a few more letters leave fewer. */
const MOST = 80;
/** Functions at most, and letters from which on they are asked for. */
const MOST_FUNCTIONS = 8;
const LEAST_LETTERS = 2;

/** A command as it is listed. */
interface Listed {
  command: Command;
  /** Where its title has the letters that were typed. */
  at: readonly number[];
  /** The heading that it stands under. */
  under: string;
  /** The function that it selects. */
  name?: FrameName;
}

function listed(all: readonly Command[], typed: string, recent: readonly string[]): Listed[] {
  if (typed.trim() === '') {
    const before = recent.map((title) => all.find((command) => command.title === title)).filter((one) => one !== undefined);
    const rest = all.filter((command) => !before.includes(command));
    return [
      ...before.map((command) => ({ command, at: [], under: 'Recent' })),
      ...rest.map((command) => ({ command, at: [], under: command.group })),
    ];
  }
  return all
    .map((command) => {
      const own = fuzzy(command.title, typed);
      // By its group, too, but what is called so comes first.
      const fit = own ?? fuzzy(`${command.group} ${command.title}`, typed);
      const usable = command.why === '' ? 0 : -100;
      return { command, at: own?.at ?? [], under: 'Commands', score: fit === null ? null : fit.score + usable + (own === null ? -20 : 0) };
    })
    .filter((one) => one.score !== null)
    .sort((one, other) => (other.score ?? 0) - (one.score ?? 0));
}

/** Functions whose names have what was typed, heaviest first; the core finds them. */
function useFunctions(typed: string): Listed[] {
  const asked = query.value;
  const words = typed.trim().split(/\s+/).filter(Boolean);
  const expression = words.join('').length < LEAST_LETTERS ? '' : words.map(quoted).join('.*');
  const answer = useQueryAnswer<TopRow[]>(
    asked,
    (now) =>
      expression === ''
        ? null
        : keyed('palette').topRows(now, { column: 'cum', ascending: false, search: expression }, 0, MOST_FUNCTIONS),
    [expression],
  );
  if (answer.value === undefined || answer.loading || asked === null) return [];
  return answer.value.map(({ name, cum, cumPct }) => ({
    command: {
      title: name.full, group: 'Functions', keys: [], why: '', passing: true,
      about: `Selects it. cum ${cum}, ${cumPct}.`,
      run: () => {
        select(name, asked, { push: true });
        // A page of text has no place that would show it.
        if (view.peek() === 'report') update({ view: 'top' });
      },
    },
    at: [],
    under: 'Functions',
    name,
  }));
}

/** The palette. */
export function Palette(): JSX.Element {
  const self = useRef<HTMLDialogElement>(null);
  const [typed, type] = useState('');
  const [at, setAt] = useState(0);
  const all = useMemo(commands, []);
  const recent = setting('recent').value;
  const functions = useFunctions(typed);
  const found = useMemo(() => listed(all, typed, recent), [all, typed]);
  const rows = [...found.slice(0, MOST), ...functions];
  const active = rows[Math.min(at, rows.length - 1)];
  // At once: what is typed next is for the box.
  useLayoutEffect(() => {
    self.current?.showModal();
  }, []);
  useEffect(() => {
    self.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });
  const close = (): void => closeSheet('palette', self.current);
  const run = (one: Listed | undefined): void => {
    if (one === undefined || one.command.why !== '') return;
    remember(one.command);
    // The focus goes back first: what runs may take it somewhere else.
    close();
    one.command.run();
  };
  const onKey = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    if (event.isComposing) return;
    const last = rows.length - 1;
    const from = Math.min(at, last);
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: Math.min(from + 8, last), PageUp: Math.max(from - 8, 0) }[event.key];
    const isAgain = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';
    if (event.key === 'Enter') run(active);
    else if (isAgain || event.key === 'Escape') close();
    else if (to !== undefined && rows.length > 0) setAt((to + rows.length) % rows.length);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={self} class="palette" aria-label="Commands"
      onClose={close}
      onClick={(event) => {
        if (event.target === self.current) close();
      }}>
      <div class="palette-in">
        <input class="palette-box" type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list"
          aria-label="Command or function" aria-describedby="palette-about" placeholder="Command or name of a function" spellcheck={false}
          autocomplete="off" autocapitalize="off" {...(active === undefined ? {} : { 'aria-activedescendant': `command-${rows.indexOf(active)}` })}
          value={typed} onKeyDown={onKey}
          onInput={(event) => {
            type(event.currentTarget.value);
            setAt(0);
          }} />
        <List rows={rows} active={active} run={run} />
        {rows.length === 0 && <p class="palette-none">No command or function is called that.</p>}
        <p id="palette-about" class="palette-about" aria-live="polite">
          {active?.command.why || active?.command.about || '\u00a0'}
        </p>
      </div>
    </dialog>
  );
}

function List(props: { rows: readonly Listed[]; active: Listed | undefined; run: (one: Listed) => void }): JSX.Element {
  const { rows } = props;
  const groups = [...new Set(rows.map((row) => row.under))];
  return (
    <ul id="palette-list" class="palette-list" role="listbox" aria-label="Commands">
      {groups.map((under) => (
        <li key={under} role="group" aria-label={under}>
          <span class="palette-head" aria-hidden="true">
            {under}
          </span>
          {rows.map((row, i) => row.under === under && <Option key={row.command.title} row={row} id={`command-${i}`} active={row === props.active} run={props.run} />)}
        </li>
      ))}
    </ul>
  );
}

interface OptionProps {
  row: Listed;
  id: string;
  active: boolean;
  run: (one: Listed) => void;
}

function Option({ row, id, active, run }: OptionProps): JSX.Element {
  const { command, at, under, name } = row;
  return (
    <div id={id} role="option" class="palette-row" aria-selected={active} aria-disabled={command.why !== ''} title={command.why || command.about}
      // The box keeps the focus.
      onMouseDown={(event) => event.preventDefault()} onClick={() => run(row)}>
      {name === undefined ? (
        <span class="palette-title">
          <bdi>{pieces(command.title, at).map((piece, i) => (piece.hit ? <b key={i}>{piece.text}</b> : piece.text))}</bdi>
        </span>
      ) : (
        <span class="palette-title mono">
          <NameText name={name} />
        </span>
      )}
      {under === 'Commands' && <span class="dim palette-group">{command.group}</span>}
      <span class="palette-keys">
        {command.keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </span>
    </div>
  );
}
