// What hands do on the flame graph: sideways is its own, up and down scrolls.

import type { FlameController, Pointed } from './controller';
import type { Surface } from './hands';

/** The picture in its scroller, as hands move it. */
export function surfaceOf(scroller: HTMLElement, flame: FlameController, upwards: boolean): Surface<Pointed> {
  const sideways = (dx: number): void => flame.pan(dx / scroller.clientWidth, false);
  return {
    at: (x, y) => flame.at(x, y),
    drag: (dx, dy, event) => {
      sideways(-dx);
      // Up and down, the browser scrolls by itself under a finger.
      if (event.pointerType === 'mouse') scroller.scrollTop -= dy;
    },
    wheel: (dx, dy) => {
      if (Math.abs(dx) < 1) return false;
      sideways(dx);
      scroller.scrollTop += dy;
      return true;
    },
    zoom: (factor, { x }) => flame.zoomBy(x / scroller.clientWidth, 1 / factor, false),
    scrolled: () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller;
      flame.scroll(upwards ? scrollHeight - clientHeight - scrollTop : scrollTop);
    },
  };
}
