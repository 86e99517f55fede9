/** Above the lanes: what is shown of the trace, the search, the range. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { bytesText, countText } from '../../../lib/bytes';
import { partText } from '../../../lib/tracestate';
import { Icon } from '../../../shell/icons';
import { trace } from '../question';
import type { TimelineModel } from './model';
import { lengthText, timeText } from './scale';
import type { Timed } from './store';

/** Milliseconds after a key before it is searched. */
const PAUSE = 150;

/** Gives the focus to the search. */
export function focusSearch(): void {
  document.querySelector<HTMLInputElement>('.tl-search input')?.focus();
}

/** The line of controls, and the range's below it. */
export function Bar({ model, held }: { model: TimelineModel; held: Timed }): JSX.Element {
  const { controller, opened } = model;
  const shown = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    model.moved = ({ from, to }) => {
      if (shown.current === null) return;
      const step = Math.max(opened.tick, (to - from) / 1000);
      // As text, so that a frame renders nothing.
      shown.current.textContent = `${timeText(from, step)} – ${timeText(to, step)} (${lengthText(to - from)})`;
    };
    model.moved(controller.target());
  }, []);
  return (
    <header class="tl-bar">
      <h2>Timeline</h2>
      <span ref={shown} class="tl-shown" />
      <span class="tl-zooms">
        <button type="button" class="icon-button" aria-label="Zoom in" title="Zoom in (W)" onClick={() => controller.zoomBy(0.5, 0.5, true)}>
          <Icon name="plus" />
        </button>
        <button type="button" class="icon-button" aria-label="Zoom out" title="Zoom out (S)" onClick={() => controller.zoomBy(0.5, 2, true)}>
          <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" stroke="currentColor" stroke-width="1.3">
            <path d="M3.5 8h9" />
          </svg>
        </button>
        <button type="button" class="button small" onClick={() => controller.whole()}>
          Whole trace
        </button>
      </span>
      <Search model={model} />
      <span class="tl-print dim" title="Kept until the file is closed or another timeline is read">
        {countText(opened.records)} records in {bytesText(opened.bytes)} of memory, {opened.whole ? `read again in ${lengthText(held.took * 1e6)}` : 'so far'}
        {opened.full && `; what follows ${timeText(opened.until, opened.length / 1000)} is more than a tab can keep`}
      </span>
      <RangeBar model={model} />
    </header>
  );
}

function Search({ model }: { model: TimelineModel }): JSX.Element {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);
  const hits = model.hits.value;
  const close = (): void => {
    clearTimeout(timer.current);
    model.hits.value = null;
    document.querySelector<HTMLElement>('.tl-stage')?.focus({ preventScroll: true });
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
    if (event.key === 'Enter' && event.target === input.current) {
      const first = model.hits.peek()?.hits[0];
      if (first === undefined) return;
      model.jump(first);
      close();
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [...(input.current?.closest('.tl-search')?.querySelectorAll<HTMLElement>('input, .tl-hits button') ?? [])];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    event.preventDefault();
    stops[Math.min(stops.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
  };
  return (
    <div class="tl-search" onKeyDown={key}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) model.hits.value = null;
      }}>
      <input ref={input} type="search" placeholder="Function, goroutine, task" aria-label="Search the timeline" spellcheck={false}
        onInput={(event) => {
          const { value } = event.currentTarget;
          clearTimeout(timer.current);
          timer.current = setTimeout(() => void model.search(value), PAUSE);
        }} />
      {hits !== null && (
        <div class="tl-hits" role="region" aria-label="Found in the timeline">
          <p class="dim" role="status">
            {hits.total === 0 ? 'Nothing has this in its name.' : hits.total > hits.hits.length ? `The first ${hits.hits.length} of ${countText(hits.total)}` : `${hits.total} found`}
          </p>
          <ul>
            {hits.hits.map((hit, at) => (
              <li key={at}>
                <button type="button" title={hit.text}
                  onClick={() => {
                    model.jump(hit);
                    close();
                  }}>
                  <span>{hit.text}</span>
                  <span class="dim">{timeText(hit.at, Math.max(model.opened.tick, model.opened.length / 1e6))}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function RangeBar({ model }: { model: TimelineModel }): JSX.Element | null {
  const range = model.range.value;
  if (range === null) return null;
  const { tick } = model.opened;
  const isApplied = partText(range) === trace.value.range;
  return (
    <div class="tl-range" role="group" aria-label="Selected range">
      <span>
        Range <b>{lengthText(range.to - range.from)}</b>
        <span class="dim">
          {' '}
          {timeText(range.from, tick)} – {timeText(range.to, tick)}
        </span>
      </span>
      <button type="button" class="button small" onClick={() => model.controller.show(range, true)}>
        Zoom to range
      </button>
      {!isApplied && (
        <button type="button" class="button small" onClick={() => model.tablesOf(range)}>
          Tables of this range
        </button>
      )}
      <button type="button" class="button small"
        onClick={() => {
          model.draft.value = null;
          if (isApplied) model.tablesOf(null);
        }}>
        Clear
      </button>
    </div>
  );
}
