/** The names of the lanes, with what unfolds them. */
import type { JSX } from 'preact';
import { goName } from '../../../lib/goname';
import { dark } from '../../../shell/theme';
import { groupOf } from './lanes';
import type { Row } from './lanes';
import type { TimelineModel } from './model';
import { RULER } from './paint';
import { coloursFor, GROUP_COLOURS } from './palette';
import './names.css';

interface Props {
  model: TimelineModel;
  row: Row;
  /** Gives the focus to the lanes. */
  focus: () => void;
}

/** The list; as high as what is drawn beside it. */
export function Names({ model, rows, focus }: Omit<Props, 'row'> & { rows: readonly Row[] }): JSX.Element {
  const cursor = model.cursor.value;
  return (
    <div class="tl-names">
      <div class="tl-corner" style={{ height: `${RULER}px` }} aria-hidden="true">
        Lanes
      </div>
      <ul aria-label="Lanes">
        {rows.map((row) => (
          <li key={row.key} class={`tl-name tl-${row.kind}`} style={{ height: `${row.height}px`, '--depth': row.depth }}
            aria-current={row.key === cursor ? 'true' : undefined}>
            {row.kind === 'lane' ? <Lane model={model} row={row} focus={focus} /> : <Other model={model} row={row} focus={focus} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Twist({ open }: { open: boolean }): JSX.Element {
  return (
    <svg class="tl-twist" viewBox="0 0 8 8" aria-hidden="true">
      <path d={open ? 'M1 2.5h6L4 6.5z' : 'M2.5 1v6L6.5 4z'} fill="currentColor" />
    </svg>
  );
}

/** A heading, or the way to more members. */
function Other({ model, row }: Props): JSX.Element {
  const { lane, open, title } = row;
  if (row.kind === 'heading') {
    return (
      <button type="button" class="tl-fold" aria-expanded={open === true} onClick={() => model.toggle(row)}>
        <Twist open={open === true} />
        <span>{title}</span>
      </button>
    );
  }
  return (
    <button type="button" class="link tl-more" onClick={() => lane !== null && void model.more(lane)}>
      {title}
    </button>
  );
}

function Lane({ model, row, focus }: Props): JSX.Element {
  const { lane, open } = row;
  if (lane === null) return <></>;
  const [, number = '', name = row.title] = /^(G\d+ |Task \d+ )?(.*)$/.exec(row.title) ?? [];
  const { dim, strong } = goName(name);
  // What stands below its group needs its number alone.
  const isPart = row.depth > 0 && number !== '';
  const group = groupOf(lane.id);
  const colours = coloursFor(model.opened.states, dark.value);
  const count = lane.members > 1 ? ` (${lane.members})` : '';
  const choose = (): void => {
    void model.pick(row);
    focus();
  };
  return (
    <>
      {open === null ? (
        <span class="tl-twist" />
      ) : (
        <button type="button" class="tl-open" aria-expanded={open} aria-label={`Parts of ${row.title}`} onClick={() => model.toggle(row)}>
          <Twist open={open} />
        </button>
      )}
      <button type="button" class="tl-pick" title={`${row.title}${count}${lane.total === '0' ? '' : `, busy for ${lane.total}`}`} tabIndex={-1} onClick={choose}>
        {group >= 0 && <i class="tl-swatch" style={{ background: colours.groups[group % GROUP_COLOURS] }} />}
        {number !== '' && <span class="tl-number">{number}</span>}
        {!isPart && (
          <>
            <span class="tl-dim">
              <bdi>{dim}</bdi>
            </span>
            <span class="tl-strong">
              {strong}
              {count}
            </span>
          </>
        )}
      </button>
      {row.pinned && row.depth === 0 ? (
        <button type="button" class="tl-unpin" aria-label={`Unpin ${lane.name}`} title="Unpin" onClick={() => model.pin(lane, false)}>
          ×
        </button>
      ) : (
        <span class="tl-total">{lane.total === '0' ? '' : lane.total}</span>
      )}
    </>
  );
}
