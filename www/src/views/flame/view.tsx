// The flame graph: an icicle, root on top, drawn on a canvas of the viewport's size.

import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../../core';
import type { FlameInfo, FlameShape, Query } from '../../core';
import { ROW } from '../../flame/controller';
import { Graph } from '../../flame/graph';
import type { Moving } from '../../flame/graph';
import { Legend } from '../../flame/hover';
import type { Frame } from '../../flame/mapframe';
import { look, PACKAGES } from '../../flame/look';
import { Toolbar } from '../../flame/toolbar';
import type { Span } from '../../lib/viewport';
import { lazyView } from '../../shell/lazy';
import { query, sandwiched, setReady, shape, whereabouts } from '../../state';
import '../../flame/flame.css';

const Minimap = lazyView(async () => (await import('../../flame/minimap')).Minimap);
const ColourBar = lazyView(async () => (await import('../../flame/legend')).ColourBar);
const Sandwich = lazyView(async () => (await import('../../flame/sandwich')).Sandwich);

/** A tree of fewer stacks is seen whole anyway, and gets no map. */
const FEW_STACKS = 24;

interface Shown {
  asked: Query;
  turned: FlameShape;
  info: FlameInfo;
}

/** What is on screen, from the graph to its map. */
interface Seen {
  frame: Frame;
  hear: (frame: Frame) => void;
}

function colours(asked: Query, drawn: boolean, signed: boolean): JSX.Element {
  return (
    <>
      <div class="colour-place">
        <ColourBar asked={asked} drawn={drawn} />
      </div>
      <Legend signed={signed} packages={look.value === PACKAGES || (look.value.by === 'package' && !look.value.safe)} />
    </>
  );
}

/** The graph, with the map above it and the colours below. */
function Whole({ asked, turned, info }: Shown): JSX.Element {
  const [drawn, setDrawn] = useState<Query | null>(null);
  const seen = useRef<Seen>({ frame: { left: 0, right: 1, top: 0, bottom: 1 }, hear: () => {} });
  const scroller = useRef<() => HTMLElement | null>(() => null);
  const moved = ({ left, right }: Span, scrolled: number): void => {
    const height = scroller.current()?.clientHeight ?? 0;
    seen.current.frame = { left, right, top: scrolled / ROW, bottom: (scrolled + height) / ROW };
    seen.current.hear(seen.current.frame);
  };
  const follow = (hear: (frame: Frame) => void): void => {
    seen.current.hear = hear;
    hear(seen.current.frame);
  };
  const above = (moving: Moving): JSX.Element => {
    scroller.current = moving.scroller;
    if (info.stacks <= FEW_STACKS) return <></>;
    return (
      <div class="minimap-place">
        <Minimap asked={asked} turned={turned} moving={moving} follow={follow} />
      </div>
    );
  };
  const ready = (): void => {
    setDrawn(asked);
    setReady('flame');
  };
  return (
    <Graph asked={asked} turned={turned} info={info} look={look.value} ready={ready} moved={moved} above={above}
      legend={colours(asked, drawn === asked, info.signed)} />
  );
}

/** The tree of the whole query, with its toolbar. */
function Tree(): JSX.Element {
  const asked = query.value;
  const turned = shape.value;
  const answer = useQueryAnswer(asked, (now) => keyed('view').flame(now, turned), [turned]);
  const info = answer.loading ? undefined : answer.value;
  // The graph stays while the next tree is counted; only its first appearance waits.
  const held = useRef<Shown | null>(null);
  if (asked !== null && info !== undefined) held.current = { asked, turned, info };
  const shown = held.current;
  return (
    <>
      <Toolbar info={info} sandwich={false} />
      {answer.error !== '' && (
        <p class="view-error" role="alert">
          {answer.error}
        </p>
      )}
      {shown !== null && <Whole {...shown} />}
    </>
  );
}

/** One function between its callers and its callees. */
function Halves({ asked }: { asked: Query }): JSX.Element {
  return (
    <>
      <Toolbar info={undefined} sandwich />
      <Sandwich asked={asked} look={look.value} legend={colours(asked, true, false)} />
    </>
  );
}

/** The view. */
export function FlameView(): JSX.Element {
  const asked = query.value;
  // A name that is not there stands between nothing: the whole tree says more.
  const isThere = ['found', 'looking'].includes(whereabouts.value);
  const halves = sandwiched.value && isThere && asked !== null;
  return <div class="pane flame">{halves ? <Halves asked={asked} /> : <Tree />}</div>;
}
