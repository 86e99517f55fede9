/** The line below the lanes: what the pointer is on, in words. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { keyed } from '../../../core';
import type { TimelineSpot } from '../../../core';
import type { Hit } from './controller';
import type { TimelineModel } from './model';
import { timeText } from './scale';

/** Milliseconds that the pointer rests before it is asked what is there. */
const REST = 40;

/** What is at the pointer, or else what is selected. */
export function HoverLine({ model, hit }: { model: TimelineModel; hit: Hit | null }): JSX.Element {
  const [spot, setSpot] = useState<{ hit: Hit; spot: TimelineSpot } | null>(null);
  const lane = hit?.row.kind === 'lane' ? hit.row.lane : null;
  useEffect(() => {
    if (hit === null || lane === null) {
      setSpot(null);
      return undefined;
    }
    let isOld = false;
    const timer = setTimeout(() => {
      keyed('timeline.hover').timelineAt(lane.id, hit.at).then(
        (answer) => {
          if (!isOld) setSpot({ hit, spot: answer });
        },
        // The file was closed meanwhile.
        () => undefined,
      );
    }, REST);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [lane?.id, hit?.at]);
  const selected = model.selected.value;
  const { tick } = model.opened;
  let words = '';
  if (lane !== null && hit !== null) {
    const known = spot !== null && spot.hit.row.lane?.id === lane.id && spot.spot.found && spot.spot.from <= hit.at && hit.at <= spot.spot.to ? spot.spot : null;
    const now = [hit.state, hit.label].filter((text) => text !== '').join(' ');
    words = known === null ? `${lane.name}${now === '' ? '' : `: ${now}`}` : model.wordsOf(lane, hit.at, known);
  } else if (selected?.spot != null) words = model.wordsOf(selected.lane, selected.at, selected.spot);
  return (
    <div class="tl-hover">
      {hit !== null && <span class="tl-time">{timeText(hit.at, tick)}</span>}
      <span class="tl-what">{words === '' ? 'Ctrl and the wheel zoom, a drag moves; Shift and a drag selects a range.' : words}</span>
    </div>
  );
}
