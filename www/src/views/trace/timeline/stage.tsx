/** The lanes: their names at the left, the canvas at the right, what the pointer is on below. */
import { effect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { followSize } from '../../../flame/canvas';
import { listen } from '../../../flame/hands';
import { registerKeys } from '../../../shell/keys';
import { dark } from '../../../shell/theme';
import { setReady } from '../../../state';
import { trace } from '../question';
import { Splitter } from '../splitter';
import { spot as wanted } from '../timeline';
import type { Spot } from '../timeline';
import { Bar, focusSearch } from './bar';
import type { Hit } from './controller';
import { clicksFor, keysFor, surfaceOf } from './hands';
import { HoverLine } from './hover';
import { heightOf } from './lanes';
import { Legend } from './legend';
import { Rest } from './loading';
import type { TimelineModel } from './model';
import { Names } from './names';
import { RULER } from './paint';
import { timeText } from './scale';
import { SpotPane } from './spot';
import type { Timed } from './store';

/** Ties the controller to the document for as long as the lanes are there. */
function mount(model: TimelineModel, scroller: HTMLElement, stage: HTMLElement, canvas: HTMLCanvasElement, hover: (hit: Hit | null) => void): () => void {
  const { controller } = model;
  const style = getComputedStyle(stage);
  model.scroller = scroller;
  model.ready = () => setReady('trace');
  controller.attach(canvas, style.getPropertyValue('--mono') || 'monospace', style.getPropertyValue('--sans') || 'sans-serif');
  const scrolled = (): void => controller.scroll(scroller.scrollTop);
  const moved = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') controller.setPointer(event.clientX - stage.getBoundingClientRect().left);
  };
  scroller.addEventListener('scroll', scrolled);
  stage.addEventListener('pointermove', moved);
  const stop = [
    followSize(stage, canvas, (width, height, ratio) => controller.resize(width, height, ratio)),
    listen(stage, surfaceOf(stage, model), clicksFor(stage, model, hover)),
    registerKeys(keysFor(model, () => document.activeElement === stage, focusSearch)),
  ];
  return () => {
    scroller.removeEventListener('scroll', scrolled);
    stage.removeEventListener('pointermove', moved);
    for (const one of stop) one();
    controller.detach();
    model.scroller = null;
  };
}

/** Follows what the state says, and what is asked for elsewhere. */
function useModel(model: TimelineModel, spot: Spot | null): void {
  const { controller } = model;
  useLayoutEffect(() => {
    const stop = [
      effect(() => controller.setRows(model.rows.value)),
      effect(() => controller.setDark(dark.value)),
      effect(() => controller.setMarks(model.cursor.value, model.mark.value, model.arrows.value, model.range.value)),
    ];
    return () => stop.forEach((one) => one());
  }, []);
  const { window } = trace.value;
  useEffect(() => model.showWindow(window), [window]);
  // What is asked for may be in what is still being read.
  const { whole } = model.opened;
  useEffect(() => {
    if (spot === null || !whole) return;
    wanted.value = null;
    void model.showSpot(spot);
  }, [spot, whole]);
}

/** The window and the lane of the selection, in words. */
function labelOf(model: TimelineModel): string {
  const { length, tick } = model.opened;
  const part = model.rest.value ?? { from: 0, to: length };
  const step = Math.max(tick, (part.to - part.from) / 1000);
  const row = model.rows.value.find(({ key }) => key === model.cursor.value);
  const of = part.from <= 0 && part.to >= length ? `the whole trace, ${timeText(length, step)}` : `${timeText(part.from, step)} to ${timeText(part.to, step)} of ${timeText(length, step)}`;
  const { whole, until } = model.opened;
  const read = whole ? '' : `, of which ${timeText(until, step)} are read`;
  return `Timeline, ${of}${read}; ${row === undefined ? 'no lane selected' : `lane ${row.title}`}`;
}

/** The section. */
export function Stage({ model, held, spot }: { model: TimelineModel; held: Timed; spot: Spot | null }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hit, setHit] = useState<Hit | null>(null);
  useModel(model, spot);
  useLayoutEffect(() => {
    if (scroller.current === null || stage.current === null || canvas.current === null) return undefined;
    return mount(model, scroller.current, stage.current, canvas.current, setHit);
  }, []);
  const rows = model.rows.value;
  const isTold = model.told.value && model.selected.value !== null;
  // The pane takes room from the lanes: the one that it is about stays in sight.
  useEffect(() => {
    const row = isTold ? model.rows.peek().find(({ key }) => key === model.cursor.peek()) : undefined;
    if (row === undefined) return undefined;
    const frame = requestAnimationFrame(() => model.reveal(row));
    return () => cancelAnimationFrame(frame);
  }, [isTold, model.selected.value?.lane.id]);
  return (
    <>
      <section class="trace-section tl" aria-label="Timeline">
        <Bar model={model} held={held} />
        {model.failure.value !== '' && (
          <p class="view-error" role="alert">
            {model.failure.value}
          </p>
        )}
        {!model.opened.whole && <Rest awaited={spot !== null} />}
        <div ref={scroller} class="tl-scroll">
          <div class="tl-in" style={{ minHeight: `${heightOf(rows) + RULER}px` }}>
            <div ref={stage} class="tl-stage" tabIndex={0} role="application" aria-label={labelOf(model)} aria-roledescription="timeline">
              <canvas ref={canvas} aria-hidden="true" />
            </div>
            {/* After the lanes, so that not every group is on the way of the Tab key to them. */}
            <Names model={model} rows={rows} focus={() => stage.current?.focus({ preventScroll: true })} />
          </div>
        </div>
        <HoverLine model={model} hit={hit} />
        <Legend model={model} />
        <p class="hidden-visually" role="status" aria-live="polite">
          {model.said.value}
        </p>
      </section>
      {isTold && <Splitter />}
      <SpotPane model={model} />
    </>
  );
}
