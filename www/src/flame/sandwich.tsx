// One function between who calls it and what it calls, over all its occurrences: callers grow upwards
// above, callees downwards below.

import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { computed, signal } from '@preact/signals';
import { keyed, useQueryAnswer } from '../core';
import type { FlameInfo, FlameShape, Query } from '../core';
import { byName, query, selected, setReady } from '../state';
import { Graph } from './graph';
import type { HalfProps } from './graph';
import type { Look } from './look';
import './sandwich.css';

type Side = 'callers' | 'callees';

function shapeOf(inverted: boolean): FlameShape | null {
  const pivot = selected.value;
  return pivot === null ? null : { inverted, byName: byName.value, pivot };
}

/** The trees; each the same object as long as it is the same tree. */
const shapes = { callers: computed(() => shapeOf(true)), callees: computed(() => shapeOf(false)) };

/** The graph that was used last: keys are for it. */
const active = signal<Side>('callees');

function halfOf(side: Side): HalfProps {
  const upwards = side === 'callers';
  return {
    title: upwards ? 'Callers' : 'Callees',
    root: side,
    upwards,
    zoom: upwards ? 'callersZoom' : 'zoom',
    wanted: () => shapes[side].peek(),
    isActive: () => active.peek() === side,
    activate: () => {
      active.value = side;
    },
  };
}

const HALVES = { callers: halfOf('callers'), callees: halfOf('callees') };

interface SideProps {
  side: Side;
  asked: Query;
  look: Look;
  ready: () => void;
  legend: JSX.Element;
}

function Half({ side, asked, look, ready, legend }: SideProps): JSX.Element {
  const turned = shapes[side].value;
  const answer = useQueryAnswer(turned === null ? null : asked, (now) => (turned === null ? null : keyed(`flame.${side}`).flame(now, turned)), [turned]);
  const info = answer.loading ? undefined : answer.value;
  // It stays while the next one is counted.
  const held = useRef<{ asked: Query; turned: FlameShape; info: FlameInfo } | null>(null);
  if (info !== undefined && turned !== null) held.current = { asked, turned, info };
  const shown = held.current;
  return (
    <section class={active.value === side ? 'sandwich-half active' : 'sandwich-half'} aria-label={HALVES[side].title}>
      {answer.error !== '' && (
        <p class="view-error" role="alert">
          {answer.error}
        </p>
      )}
      {shown !== null && <Graph {...shown} look={look} half={HALVES[side]} ready={ready} legend={legend} />}
    </section>
  );
}

/** Both. */
export function Sandwich({ asked, look, legend }: { asked: Query; look: Look; legend: JSX.Element }): JSX.Element {
  const drawn = useRef(new Map<Side, FlameShape | null>());
  const ready = (side: Side) => (): void => {
    drawn.current.set(side, shapes[side].peek());
    const isDrawn = (one: Side): boolean => drawn.current.get(one) === shapes[one].peek();
    if (asked === query.peek() && isDrawn('callers') && isDrawn('callees')) setReady('flame');
  };
  return (
    <div class="sandwich">
      <Half side="callers" asked={asked} look={look} ready={ready('callers')} legend={<></>} />
      <Half side="callees" asked={asked} look={look} ready={ready('callees')} legend={legend} />
    </div>
  );
}
