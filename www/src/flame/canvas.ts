// What every canvas needs: its size in whole device pixels, and movements that end gently.

/** Keeps a canvas as large as the element around it; `resize` is told its device pixels, and how many make one of CSS. */
export function followSize(around: HTMLElement, canvas: HTMLCanvasElement, resize: (width: number, height: number, ratio: number) => void): () => void {
  const fit = (): void => {
    const ratio = devicePixelRatio;
    const { clientWidth, clientHeight } = around;
    canvas.style.width = `${clientWidth}px`;
    canvas.style.height = `${clientHeight}px`;
    resize(Math.round(clientWidth * ratio), Math.round(clientHeight * ratio), ratio);
  };
  const observer = new ResizeObserver(fit);
  observer.observe(around);
  fit();
  return () => observer.disconnect();
}

/** Milliseconds without movement after which a zoom goes into the URL. */
export const SETTLE = 250;

/** Milliseconds of a movement. */
const ANIMATION = 160;

/** The share of a movement that is done; 1 at its end. */
export function shareDone(start: number, now: number): number {
  const t = Math.min(1, Math.max(0, (now - start) / ANIMATION));
  // Ease out: quick at once, gentle at the end.
  return 1 - (1 - t) ** 3;
}
