/** By which labels stacks are grouped: those whose values are frames at the root, or at the leaf. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { isListable, moved } from '../../lib/tags';
import { Icon } from '../../shell/icons';
import { update } from '../../state';
import { focusSoon } from '../../table/inert';
import { frameKeys, setFrameKeys } from '../../tagging';
import type { FrameSide } from '../../tagging';

const SIDES: readonly { side: FrameSide; label: string; help: string }[] = [
  { side: 'tagroot', label: 'Group stacks by', help: 'Each value becomes a frame key:value above the root; the first label is outermost.' },
  { side: 'tagleaf', label: 'Split leaves by', help: 'Each value becomes a frame key:value below the leaf; the last label is innermost.' },
];

/** The rows on top of the view. */
export function Grouping(props: { keys: readonly string[] }): JSX.Element {
  const grouped = SIDES.some(({ side }) => frameKeys(side).length > 0);
  return (
    <section class="grouping" aria-label="Grouping">
      {SIDES.map((one) => (
        <Side key={one.side} {...one} keys={props.keys} />
      ))}
      {grouped && (
        <p class="grouping-where">
          <button type="button" class="button small" onClick={() => update({ view: 'flame' }, { push: true })}>
            Flame graph
          </button>
          <span class="dim">and every other view of stacks show the groups as frames.</span>
        </p>
      )}
    </section>
  );
}

function Side(props: { side: FrameSide; label: string; help: string; keys: readonly string[] }): JSX.Element {
  const { side, label } = props;
  const used = frameKeys(side);
  const self = useRef<HTMLDivElement>(null);
  const left = props.keys.filter((key) => isListable(key) && !used.includes(key));
  /** Changes the list; the focus stays with the key, or goes to where keys are added. */
  const change = (next: readonly string[], key: string, button: string): void => {
    setFrameKeys(side, next);
    focusSoon(() => {
      const chip = [...(self.current?.querySelectorAll<HTMLElement>('.chip') ?? [])].find((one) => one.dataset['key'] === key);
      const wanted = chip?.querySelector<HTMLButtonElement>(`.${button}`);
      const other = chip?.querySelector<HTMLButtonElement>('button:not(:disabled)');
      return (wanted?.disabled === false ? wanted : other) ?? self.current?.querySelector<HTMLElement>('select');
    });
  };
  return (
    <div class="grouping-row" ref={self}>
      <span class="grouping-label" title={props.help}>
        {label}
      </span>
      {used.length > 0 && (
        <ol class="chips" aria-label={label}>
          {used.map((key, at) => (
            <Chip key={key} name={key} first={at === 0} last={at === used.length - 1}
              move={(by) => change(moved(used, key, by), key, by < 0 ? 'chip-left' : 'chip-right')}
              drop={(dragged) => used.includes(dragged) && change(moved(used, dragged, at - used.indexOf(dragged)), dragged, 'chip-left')}
              remove={() => change(used.filter((one) => one !== key), '', '')} />
          ))}
        </ol>
      )}
      {left.length > 0 && (
        <select class="menu" aria-label={`${label}: add a label`} value=""
          onChange={(event) => {
            const key = event.currentTarget.value;
            event.currentTarget.value = '';
            if (key !== '') setFrameKeys(side, [...used, key]);
          }}>
          <option value="">{used.length === 0 ? 'a label…' : '+ a label…'}</option>
          {left.map((key) => (
            <option key={key} value={key}>
              {key}
            </option>
          ))}
        </select>
      )}
      {used.length === 0 && <span class="dim grouping-help">{props.help}</span>}
    </div>
  );
}

interface ChipProps {
  name: string;
  first: boolean;
  last: boolean;
  move: (by: number) => void;
  drop: (dragged: string) => void;
  remove: () => void;
}

/** A key in the list; it can be dragged onto another one's place. */
function Chip({ name, first, last, move, drop, remove }: ChipProps): JSX.Element {
  return (
    <li class="chip" data-key={name} draggable
      onDragStart={(event) => event.dataTransfer?.setData('application/x-dropprof-label', name)}
      onDragOver={(event) => {
        if (event.dataTransfer?.types.includes('application/x-dropprof-label') === true) event.preventDefault();
      }}
      onDrop={(event) => {
        const dragged = event.dataTransfer?.getData('application/x-dropprof-label') ?? '';
        if (dragged === '') return;
        event.preventDefault();
        drop(dragged);
      }}>
      <button type="button" class="chip-button chip-left" aria-label={`Move ${name} outwards`} title="Outwards" disabled={first} onClick={() => move(-1)}>
        <Arrow path="M10 3L5 8l5 5" />
      </button>
      <code>{name}</code>
      <button type="button" class="chip-button chip-right" aria-label={`Move ${name} inwards`} title="Inwards" disabled={last} onClick={() => move(1)}>
        <Arrow path="M6 3l5 5-5 5" />
      </button>
      <button type="button" class="chip-button" aria-label={`Remove ${name}`} title="Remove" onClick={remove}>
        <Icon name="close" />
      </button>
    </li>
  );
}

function Arrow({ path }: { path: string }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.3">
      <path d={path} />
    </svg>
  );
}
