/** The numbers of a label as bars, of which a range can be chosen and filtered by. */
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../../core';
import type { TagKeyInfo, TagNumbers, TagRange } from '../../core';
import { RangeChart } from '../../range/chart';
import type { Range, Slot } from '../../range/select';
import { useAsked } from '../../table/asked';
import { Value } from '../../table/value';
import { isApplied, toggleOnly, toggleWithout } from '../../tagging';

const HEIGHT = 64;

/** The histogram, and what numbers weigh. */
export function Histogram({ info, numbers }: { info: TagKeyInfo; numbers: TagNumbers }): JSX.Element {
  const asked = useAsked();
  const [pointed, setPointed] = useState<Range | null>(null);
  const [chosen, setChosen] = useState<{ of: TagNumbers; range: Range } | null>(null);
  const kept = chosen?.of === numbers ? chosen.range : null;
  const slots = useMemo(() => slotsOf(numbers.heights), [numbers]);
  const range = pointed ?? kept;
  const answer = useQueryAnswer(
    asked,
    (now) => (range === null ? null : keyed(`tags.range ${info.at}`).tagRange(now, info.at, range[0], range[1])),
    [info.at, range?.[0], range?.[1]],
  );
  const found = range === null ? undefined : answer.value;
  const said = found === undefined ? '' : `${found.name} · ${found.value} · ${found.pct}`;
  return (
    <div class="tag-numbers">
      <dl class="tag-stats" title="Weighted by value: half of it is in samples with at most the median">
        <Stat name="min" text={numbers.min} />
        <Stat name="median" text={numbers.median} />
        <Stat name="p90" text={numbers.p90} />
        <Stat name="max" text={numbers.max} />
      </dl>
      <RangeChart label={`Numbers of ${info.key}`} slots={slots} chosen={kept} said={said} height={HEIGHT} least={2}
        onPoint={setPointed} onChoose={(next) => setChosen(next === null ? null : { of: numbers, range: next })} />
      <p class="tag-ends">
        <span class="dim">{numbers.min}</span>
        <span class="tag-said">{said || 'Drag over the bars to choose a range'}</span>
        <span class="dim">{numbers.max}</span>
      </p>
      {/* Its place is kept: what stands below does not move when a range is chosen. */}
      <p class="tag-range">{kept !== null && pointed === null && found !== undefined && <RangeButtons found={found} name={info.key} />}</p>
    </div>
  );
}

function slotsOf(heights: readonly number[]): Slot[] {
  return heights.map((height, at) => ({ left: at / heights.length, width: 1 / heights.length, height }));
}

function Stat(props: { name: string; text: string }): JSX.Element {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>
        <Value text={props.text} />
      </dd>
    </div>
  );
}

function RangeButtons({ found, name }: { found: TagRange; name: string }): JSX.Element | null {
  const { expression } = found;
  if (expression === '') return null;
  return (
    <>
      <button type="button" class="button small" aria-label={`Only ${name} ${found.name}`} aria-pressed={isApplied('tagfocus', expression)}
        onClick={() => toggleOnly(expression)}>
        Only these
      </button>
      <button type="button" class="button small" aria-label={`Without ${name} ${found.name}`} aria-pressed={isApplied('tagignore', expression)}
        onClick={() => toggleWithout(expression)}>
        Without these
      </button>
    </>
  );
}
