/** The line under a table: what can be done with the rows that are picked, and which columns there are. */
import type { JSX } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { FrameName } from '../core';
import { countText } from '../lib/bytes';
import { filterKind } from '../lib/filters';
import { stepText } from '../lib/steptexts';
import { chooseAll } from '../shell/choose';
import { Icon } from '../shell/icons';
import { isChanged, resetColumns, showColumn } from './choice';
import type { CopyForm } from './copy';
import './foot.css';

/** A column as the menu shows it. */
interface ListedColumn {
  key: string;
  label: string;
  help: string;
  grow?: boolean;
  isShown: boolean;
}

/** What the line is told. */
export interface FootProps {
  /** Of the table. */
  id: string;
  label: string;
  columns: readonly ListedColumn[];
  /** Rows that are picked. */
  picked: number;
  /** Rows can be picked at all. */
  canPick: boolean;
  /** Whom the picked rows are about. */
  names: () => readonly FrameName[];
  /** Copies the picked rows and says what came of it. */
  text: (form: CopyForm) => Promise<string>;
  clear: () => void;
}

/** Filters that several rows make together. Show from starts at one place, and takes one. */
const FILTERS = ['focus', 'ignore', 'hide'] as const;

/** The line. */
export function TableFoot(props: FootProps): JSX.Element {
  const [told, tell] = useState('');
  const { picked } = props;
  return (
    <>
      {picked > 0 ? (
        <Picked {...props} tell={tell} />
      ) : (
        told === '' && <span class="vt-hint">{props.canPick && 'Ctrl+click, Shift+↑ ↓ or Space picks several rows'}</span>
      )}
      {told !== '' && <span class="vt-told">{told}</span>}
      <span class="hidden-visually" role="status">
        {told}
      </span>
      <ColumnsMenu {...props} />
    </>
  );
}

function Picked(props: FootProps & { tell: (what: string) => void }): JSX.Element {
  const { picked, tell, clear } = props;
  const filter = (name: (typeof FILTERS)[number]): void => {
    const refused = chooseAll(name, props.names());
    tell(refused);
    if (refused === '') clear();
  };
  const copy = (form: CopyForm): void => void props.text(form).then(tell);
  return (
    <span class="vt-picks" role="group" aria-label="What is picked">
      <b>{picked === 1 ? '1 row' : `${countText(picked)} rows`}</b>
      {FILTERS.map((name) => (
        <button key={name} type="button" class="button small" title={stepText(name).about} onClick={() => filter(name)}>
          {filterKind(name).label}
        </button>
      ))}
      <button type="button" class="button small vt-apart" aria-label="Copy as text" title="Copy as text, aligned, with tabs between (Ctrl+C)"
        onClick={() => copy('text')}>
        Text
      </button>
      <button type="button" class="button small" aria-label="Copy as CSV" title="Copy as comma-separated values" onClick={() => copy('csv')}>
        CSV
      </button>
      <button type="button" class="icon-button vt-unpick" aria-label="Pick nothing" title="Pick nothing (Esc)"
        onClick={() => {
          tell('');
          clear();
        }}>
        <Icon name="close" />
      </button>
    </span>
  );
}

/** Above its button, inside the window. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const { right, top } = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(4, right - width)}px`;
  menu.style.top = `${Math.max(4, top - height - 4)}px`;
}

function ColumnsMenu(props: FootProps): JSX.Element {
  const { id, label, columns } = props;
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const about = useId();
  const show = (): void => {
    if (menu.current === null || button.current === null) return;
    if (open) {
      menu.current.hidePopover();
      return;
    }
    menu.current.showPopover();
    place(menu.current, button.current);
    menu.current.querySelector('input:not(:disabled)')?.scrollIntoView({ block: 'nearest' });
    menu.current.querySelector<HTMLElement>('input:not(:disabled)')?.focus();
  };
  const hidden = columns.filter((column) => !column.isShown).length;
  return (
    <span class="vt-columns-place">
      <button ref={button} type="button" class="button small vt-columns-button" aria-haspopup="dialog" aria-expanded={open}
        title="Which columns are shown"
        // Before the popover closes by itself, and the click opens it again.
        onPointerDown={(event) => open && event.preventDefault()} onClick={show}>
        Columns{hidden > 0 && <span class="dim"> {columns.length - hidden} of {columns.length}</span>}
      </button>
      <div ref={menu} class="vt-columns" popover="auto" role="dialog" aria-label={`Columns of ${label}`}
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={(event) => {
          // The page's own keys stay out of it; Escape closes it and nothing else.
          event.stopPropagation();
          if (event.key !== 'Escape') return;
          event.preventDefault();
          menu.current?.hidePopover();
          button.current?.focus();
        }}>
        {columns.map((column, at) => (
          <label key={column.key} class="vt-columns-row">
            <input type="checkbox" aria-label={column.label} checked={column.isShown} disabled={column.grow === true} aria-describedby={`${about}-${at}`}
              onChange={(event) => showColumn(id, column.key, event.currentTarget.checked)} />
            <span>{column.label}</span>
            <span id={`${about}-${at}`} class="dim">
              {column.help}
            </span>
          </label>
        ))}
        <p class="vt-columns-foot">
          <button type="button" class="button small" disabled={!isChanged(id)} onClick={() => resetColumns(id)}>
            As they were
          </button>
          <span class="dim">
            Kept for this kind of profile.
            <span class="vt-by-hand"> On a heading, drag the edge or press Alt with ← → for its width.</span>
          </span>
        </p>
      </div>
    </span>
  );
}
