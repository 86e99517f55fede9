/** What is known of the selected moment, and where it leads. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { TimelineLane, TimelineLink, TimelineSpot } from '../../../core';
import { Icon } from '../../../shell/icons';
import { Stack } from '../detail';
import type { Selected, TimelineModel } from './model';
import { lengthText, timeText } from './scale';

/** What hands and keys do. */
const HANDS = [
  ['Wheel', 'Scrolls; with Ctrl it zooms, with Shift it moves in time.'],
  ['Drag', 'Moves; with Shift it selects a range.'],
  ['W S A D', 'Zoom and move; 0 shows the whole trace.'],
  ['↑ ↓ [ ]', 'Lanes, and changes in a lane.'],
] as const;

/** The pane, in the place of that of a table's row. */
export function SpotPane({ model }: { model: TimelineModel }): JSX.Element {
  const selected = model.told.value ? model.selected.value : null;
  const self = useRef<HTMLElement>(null);
  useEffect(() => self.current?.scrollTo(0, 0), [selected]);
  return (
    <aside ref={self} class={`trace-detail tl-spot${selected === null ? ' none' : ''}`} aria-label="Selected moment">
      {selected === null ? (
        <>
          <h2>Select a moment</h2>
          <p>A click on a lane tells here what happens there, since when, where in the code, and who woke whom.</p>
          <dl class="trace-reading">
            {HANDS.map(([keys, what]) => (
              <div key={keys}>
                <dt>{keys}</dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : (
        <Told model={model} selected={selected} />
      )}
    </aside>
  );
}

function Told({ model, selected }: { model: TimelineModel; selected: Selected }): JSX.Element {
  const { lane, at, spot } = selected;
  const { tick } = model.opened;
  return (
    <>
      <header class="trace-detail-head">
        <h2>
          <bdi>{spot?.found === true ? spot.title : model.nothingAt(at).replace(/^n/, 'N')}</bdi>
        </h2>
        <button type="button" class="icon-button" aria-label="Close what is selected" title="Close (Escape)" onClick={() => (model.told.value = false)}>
          <Icon name="close" />
        </button>
      </header>
      {spot?.found === true && <Ways model={model} lane={lane} spot={spot} />}
      <div class="trace-detail-in">
        <section aria-label="Figures">
          <dl class="trace-figures">
            <Fact name="Lane" value={lane.name} />
            {spot?.found === true && <Fact name="From" value={timeText(spot.from, tick)} />}
            {spot?.found === true && <Fact name="Duration" value={lengthText(spot.to - spot.from)} />}
            {spot?.facts.map(({ name, value }) => <Fact key={name} name={name} value={value} />)}
            {spot?.waker !== undefined && <Way model={model} name="Woken by" link={spot.waker} />}
            {spot?.woken !== undefined && <Way model={model} name="Woke" link={spot.woken} />}
          </dl>
        </section>
        {spot !== null && spot.stack.length > 0 && <Stack title="Where" frames={spot.stack} />}
      </div>
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Way({ model, name, link }: { model: TimelineModel; name: string; link: TimelineLink }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <button type="button" class="link" title={`Go to ${link.lane.name} at ${timeText(link.at, model.opened.tick)}`} onClick={() => model.follow(link)}>
          {link.text === '' ? link.lane.name : link.text}
        </button>
      </dd>
    </div>
  );
}

/** Where to go from here. */
function Ways({ model, lane, spot }: { model: TimelineModel; lane: TimelineLane; spot: TimelineSpot }): JSX.Element {
  const { controller } = model;
  const goroutine = spot.goroutine ?? (lane.kind === 'goroutine' ? lane : undefined);
  const room = (spot.to - spot.from) * 0.05;
  const pinned = goroutine !== undefined && model.isPinned(goroutine);
  return (
    <p class="trace-ways">
      <button type="button" class="button small" onClick={() => controller.show({ from: spot.from - room, to: spot.to + room }, true)}>
        Zoom to it
      </button>
      <button type="button" class="button small" title="Its time as a range (M)" onClick={() => model.rangeOfSelection()}>
        As a range
      </button>
      {goroutine !== undefined && (
        <button type="button" class="button small" aria-pressed={pinned} onClick={() => model.pin(goroutine, !pinned)}>
          Pin this goroutine
        </button>
      )}
    </p>
  );
}
