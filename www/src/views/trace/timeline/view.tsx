/** The section Timeline: it is read when it is first shown, and tells how far that is. */
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { file } from '../../../state';
import type { TimelineProps } from '../timeline';
import { TimelineModel } from './model';
import { Stage } from './stage';
import { Loading } from './loading';
import { load, shown } from './store';
import type { Timed } from './store';
import '../ranged.css';
import './timeline.css';

/** The section, with what is told of the selection. */
export function TimelineView({ spot }: TimelineProps): JSX.Element {
  const held = shown.value;
  useEffect(() => load(), [held === null, file.value]);
  if (held === null) {
    return (
      <section class="trace-section" aria-label="Timeline" aria-busy="true">
        <Loading why="The timeline is drawn from all events: the file is read a second time for it, and they are kept in memory until it is closed or another timeline is read." />
      </section>
    );
  }
  return <Shown key={`${held.of.id} ${held.of.key}`} held={held} spot={spot} />;
}

/** The model of the timeline that was shown last: folds, pins and a range stay while another section is looked at. */
let kept: { of: Timed['of']; model: TimelineModel } | null = null;

function modelOf(held: Timed): TimelineModel {
  if (kept?.of !== held.of) kept = { of: held.of, model: new TimelineModel(held.opened) };
  return kept.model;
}

function Shown({ held, spot }: TimelineProps & { held: Timed }): JSX.Element {
  const model = useMemo(() => modelOf(held), []);
  useEffect(() => void model.replace(held.opened), [held.opened]);
  return <Stage model={model} held={held} spot={spot} />;
}
