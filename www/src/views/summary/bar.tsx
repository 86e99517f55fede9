/** Where it goes, by mechanism: one bar, its legend, and the heaviest functions of each part. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { BarPart } from '../../core';
import { WhatIs } from '../../shell/whatis';
import { edgeColumns } from '../../table/columns';
import { SmallTable } from '../../table/small';
import { useTip } from '../../table/tip';
import { Value } from '../../table/value';

/** A part and its place among the parts of its colour family. */
interface Toned {
  part: BarPart;
  tone: number;
}

/** The bar. Each part opens to show its heaviest functions. */
export function MechanismBar(props: { parts: readonly BarPart[]; title: string }): JSX.Element {
  const [open, setOpen] = useState<string | null>(null);
  const [hot, setHot] = useState<string | null>(null);
  const toggle = (key: string): void => setOpen(open === key ? null : key);
  const [all, setAll] = useState(false);
  const parts = tones(props.parts);
  const large = parts.filter(({ part }, at) => at < LISTED || part.share >= LISTED_SHARE || part.key === open);
  const listed = all ? parts : large;
  return (
    <section aria-label={props.title}>
      <h2>
        {props.title} <WhatIs term="mechanism" words="a part of this bar" />
      </h2>
      <div class="mech" aria-hidden="true" onMouseLeave={() => setHot(null)}>
        {parts.map(({ part, tone }) => (
          <span
            key={part.key}
            class={partClass('mech-part', part, tone) + pathClass(part) + (hot === part.key ? ' mech-hot' : '')}
            style={{ flexGrow: part.share }}
            onMouseEnter={() => setHot(part.key)}
            onClick={() => toggle(part.key)}
          >
            {part.share >= LABEL_SHARE && <bdi>{part.label}</bdi>}
          </span>
        ))}
      </div>
      <ul class="legend">
        {listed.map(({ part, tone }) => (
          <LegendItem
            key={part.key}
            part={part}
            tone={tone}
            hot={hot === part.key}
            open={open === part.key}
            onHot={(on) => setHot(on ? part.key : null)}
            onToggle={() => toggle(part.key)}
          />
        ))}
      </ul>
      {large.length < parts.length && (
        <button type="button" class="link legend-all" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show the large parts only' : `Show all ${parts.length} parts`}
        </button>
      )}
    </section>
  );
}

/** Parts listed in any case, and the share from which on a part is. The bar itself shows all. */
const LISTED = 6;
const LISTED_SHARE = 0.01;

/** Parts narrower than this share of the bar have no room for their name. */
const LABEL_SHARE = 0.1;

interface ItemProps extends Toned {
  hot: boolean;
  open: boolean;
  onHot: (on: boolean) => void;
  onToggle: () => void;
}

function LegendItem(props: ItemProps): JSX.Element {
  const { part } = props;
  const tip = useTip(part.help);
  const id = `part-${part.key}`;
  return (
    <li class={props.hot ? 'legend-item legend-hot' : 'legend-item'}>
      <div onMouseEnter={() => props.onHot(true)} onMouseLeave={() => props.onHot(false)}>
        <button type="button" aria-expanded={props.open} aria-controls={id} onClick={props.onToggle} {...tip.anchor}>
          <span class={partClass('part-swatch', part, props.tone)} />
          <span class={`legend-label${pathClass(part)}`} title={part.label}>
            <bdi>{part.label}</bdi>
          </span>
          <span class="legend-value">
            <Value text={part.value} />
          </span>
          <span class="legend-pct">
            <Value text={part.pct} />
          </span>
        </button>
        {tip.bubble}
      </div>
      <div id={id} class="legend-more" hidden={!props.open}>
        {props.open && <PartDetails part={part} />}
      </div>
    </li>
  );
}

const PART_COLUMNS = edgeColumns(
  'Cost of this part in which the function is the heaviest frame of its own kind.',
  'Its share of the part.',
  true,
);

function PartDetails(props: { part: BarPart }): JSX.Element {
  const { part } = props;
  return (
    <>
      <p class="dim">{part.help}</p>
      {part.top.length > 0 && (
        <SmallTable
          label={`Heaviest in ${part.label}`}
          columns={PART_COLUMNS}
          rows={part.top}
          nameOf={(row) => row.name}
        />
      )}
    </>
  );
}

/** Numbers the parts inside each family, so that neighbours of one family differ in lightness. */
function tones(parts: readonly BarPart[]): Toned[] {
  const seen = new Map<string, number>();
  return parts.map((part) => {
    const tone = seen.get(part.family) ?? 0;
    seen.set(part.family, tone + 1);
    return { part, tone: tone % 4 };
  });
}

/** The label of a package is a path, whose end tells more than its beginning. */
function pathClass(part: BarPart): string {
  return /^\S+\/\S+$/.test(part.label) ? ' cut-front' : '';
}

function partClass(base: string, part: BarPart, tone: number): string {
  return `${base} fam fam-${part.family} tone-${tone}${part.hatched ? ' hatched' : ''}`;
}
