/** Bars of which a range can be chosen: by a drag, or by arrows with Shift. */
import type { JSX } from 'preact';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { barsPath, between, slotAt, stepped } from './select';
import type { Range, Slot } from './select';
import './chart.css';

interface Props {
  label: string;
  slots: readonly Slot[];
  /** The range that is chosen. */
  chosen: Range | null;
  /** What is known of the range that is pointed at, or else chosen; said to those who cannot see it. */
  said: string;
  /** Height in CSS pixels. */
  height: number;
  /** A bar is at least so many pixels wide. */
  least: number;
  /** A slot that stands out, -1 for none. */
  now?: number;
  /** Slots are too thin to mean one of them by a click. */
  fine?: boolean;
  /** A range is pointed at; null for none. */
  onPoint: (range: Range | null) => void;
  /** A range is chosen; null for none. */
  onChoose: (range: Range | null) => void;
  /** The width in CSS pixels is known, or another. */
  onWidth?: (width: number) => void;
}

/** The chart. */
export function RangeChart(props: Props): JSX.Element {
  const { slots, chosen, height } = props;
  const self = useRef<HTMLDivElement>(null);
  const clip = useId();
  const [width, setWidth] = useState(0);
  const [draft, setDraft] = useState<Range | null>(null);
  const [cursor, setCursor] = useState(0);
  // Where the range begins, and where the keys are: keys may come faster than the chart is drawn.
  const anchor = useRef(0);
  const here = useRef(0);
  const extending = useRef(false);
  const pressed = useRef<{ slot: number; x: number } | null>(null);
  useEffect(() => {
    const element = self.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      setWidth(element.clientWidth);
      props.onWidth?.(element.clientWidth);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const most = Math.max(slots.length - 1, 0);
  const go = (slot: number): void => {
    here.current = slot;
    setCursor(slot);
  };

  const point = (range: Range | null): void => {
    setDraft(range);
    props.onPoint(range);
  };
  const choose = (range: Range | null): void => {
    extending.current = false;
    point(null);
    props.onChoose(range);
  };
  const slotOf = (event: PointerEvent): number => {
    const box = self.current?.getBoundingClientRect();
    return box === undefined || box.width === 0 ? -1 : slotAt(slots, (event.clientX - box.left) / box.width);
  };
  const down = (event: PointerEvent): void => {
    const slot = slotOf(event);
    if (event.button !== 0 || slot < 0) return;
    self.current?.setPointerCapture(event.pointerId);
    pressed.current = { slot, x: event.clientX };
    if (event.shiftKey && chosen !== null) pressed.current.slot = slot < chosen[0] ? chosen[1] : chosen[0];
    point(between(pressed.current.slot, slot));
  };
  const move = (event: PointerEvent): void => {
    const slot = slotOf(event);
    if (slot >= 0) point(between(pressed.current?.slot ?? slot, slot));
  };
  const up = (event: PointerEvent): void => {
    const start = pressed.current;
    pressed.current = null;
    const slot = slotOf(event);
    if (start === null || slot < 0) return;
    anchor.current = start.slot;
    go(slot);
    const isClick = Math.abs(event.clientX - start.x) < 3 && !event.shiftKey;
    choose(isClick && props.fine === true ? null : between(start.slot, slot));
  };
  const leave = (): void => {
    if (pressed.current === null) point(null);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape') {
      if (chosen === null && draft === null) return;
      event.preventDefault();
      event.stopPropagation();
      choose(null);
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      choose(between(Math.min(anchor.current, most), Math.min(here.current, most)));
      return;
    }
    const to = stepped(event.key, Math.min(here.current, most), slots.length);
    if (to === undefined) return;
    event.preventDefault();
    go(to);
    extending.current = event.shiftKey;
    if (!event.shiftKey) anchor.current = to;
    point(between(anchor.current, to));
  };
  const released = (event: KeyboardEvent): void => {
    if (event.key === 'Shift' && extending.current) choose(between(anchor.current, here.current));
  };

  const path = useMemo(() => barsPath(slots, width, height, props.least), [slots, width, height, props.least]);
  const shown = draft ?? chosen;
  const box = shown === null ? null : extent(slots, shown, width, props.least);
  const now = props.now === undefined ? undefined : slots[props.now];
  return (
    <div
      ref={self}
      class={chosen === null ? 'range' : 'range has-chosen'}
      style={{ height: `${height}px` }}
      role="slider"
      tabIndex={0}
      aria-label={props.label}
      aria-valuemin={1}
      aria-valuemax={Math.max(slots.length, 1)}
      aria-valuenow={Math.min(cursor, most) + 1}
      aria-valuetext={props.said || 'nothing chosen'}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => {
        pressed.current = null;
        point(null);
      }}
      onPointerLeave={leave}
      onKeyDown={key}
      onKeyUp={released}
      onBlur={leave}
    >
      {width > 0 && (
        <svg width={width} height={height} aria-hidden="true">
          <path class="range-bars" d={path} />
          {box !== null && (
            <>
              <clipPath id={clip}>
                <rect x={box.x} width={box.width} y={0} height={height} />
              </clipPath>
              <rect class="range-part" x={box.x} width={box.width} y={0} height={height} />
              <path class="range-bars in" d={path} clip-path={`url(#${clip})`} />
            </>
          )}
          {now !== undefined && <path class="range-bars in" d={barsPath([now], width, height, props.least)} />}
        </svg>
      )}
    </div>
  );
}

/** Left edge and width of a range in pixels. */
function extent(slots: readonly Slot[], [first, last]: Range, width: number, least: number): { x: number; width: number } | null {
  const some = slots.slice(first, last + 1);
  if (some.length === 0) return null;
  const left = Math.min(...some.map((slot) => slot.left)) * width;
  const right = Math.max(...some.map((slot) => slot.left + slot.width)) * width;
  const wide = Math.max(right - left, least);
  return { x: Math.min(left, width - wide), width: wide };
}
