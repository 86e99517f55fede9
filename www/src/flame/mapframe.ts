// Where the frame of a minimap is, and what dragging it does. Pure.

import { clampSpan } from '../lib/viewport';
import type { Span } from '../lib/viewport';

/** What of the tree is on screen: shares of its width, and rows, which may be broken. */
export interface Frame extends Span {
  readonly top: number;
  readonly bottom: number;
}

/** Which part of the frame was taken, where, and what it was then. */
export interface Grip {
  readonly part: 'left' | 'right' | 'middle' | 'outside';
  readonly at: number;
  readonly from: Span;
}

/** The smallest frame that can be seen and taken, in pixels. */
const LEAST = 6;

/** The frame in pixels of a map that is `width` wide and has rows of `step`. */
export function placed(frame: Frame, width: number, step: number, height: number): Frame {
  const wide = Math.max(LEAST, (frame.right - frame.left) * width);
  const left = Math.min(width - wide, Math.max(0, ((frame.left + frame.right) / 2) * width - wide / 2));
  const top = Math.min(height - LEAST, frame.top * step);
  const bottom = Math.max(top + LEAST, Math.min(height, frame.bottom * step));
  return { left, right: left + wide, top, bottom };
}

/** What a press at a share of the width takes; `near` is how far from an edge still counts. */
export function gripAt(frame: Span, at: number, near: number): Grip {
  const from = { left: frame.left, right: frame.right };
  // A frame too narrow for its edges is moved as a whole.
  const isNarrow = frame.right - frame.left < 4 * near;
  const isWhole = frame.left <= 0 && frame.right >= 1;
  if (!isNarrow && Math.abs(at - frame.left) <= near) return { part: 'left', at, from };
  if (!isNarrow && Math.abs(at - frame.right) <= near) return { part: 'right', at, from };
  const slack = isNarrow ? near : 0;
  const inside = at >= frame.left - slack && at <= frame.right + slack;
  return { part: inside || isWhole ? 'middle' : 'outside', at, from };
}

/** The part of the width to show when a grip has been moved to `at`. */
export function dragged(frame: Span, grip: Grip, at: number): Span {
  const { from } = grip;
  const width = from.right - from.left;
  if (grip.part === 'left') return ordered(at, from.right);
  if (grip.part === 'right') return ordered(from.left, at);
  if (grip.part === 'middle') return clampSpan({ left: from.left + at - grip.at, right: from.right + at - grip.at });
  const half = (frame.right - frame.left) / 2;
  return clampSpan({ left: at - half, right: at - half + width });
}

/** An edge that is drawn over the other one changes places with it. */
function ordered(one: number, other: number): Span {
  const within = (share: number): number => Math.min(1, Math.max(0, share));
  return clampSpan({ left: Math.min(within(one), within(other)), right: Math.max(within(one), within(other)) });
}
