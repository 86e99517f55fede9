// A long press with a finger asks for a menu wherever a right click does. Some browsers say so themselves,
// some do not: here all of them do.

/** Milliseconds until a press is long. */
const LONG = 500;
/** CSS pixels that a finger may tremble by. */
const TREMBLE = 10;

/** Has long presses open menus; the returned function ends that. */
export function listenForLongPress(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let start = { x: 0, y: 0 };
  /** The finger is still down after its press became a menu. */
  let fired = false;
  const press = (event: PointerEvent): void => {
    clearTimeout(timer);
    fired = false;
    const { target, clientX, clientY, pointerId } = event;
    if (event.pointerType !== 'touch' || !event.isPrimary || target === null) return;
    start = { x: clientX, y: clientY };
    timer = setTimeout(() => {
      const asked = new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX, clientY });
      // Nobody took it: then it is no press on a row or box.
      if (target.dispatchEvent(asked)) return;
      fired = true;
      // Whoever was waiting for a tap or a drag waits no longer.
      target.dispatchEvent(new PointerEvent('pointercancel', { bubbles: true, pointerId, pointerType: 'touch' }));
    }, LONG);
  };
  const move = (event: PointerEvent): void => {
    if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > TREMBLE) clearTimeout(timer);
  };
  const swallow = (event: Event): void => {
    if (!fired) return;
    fired = false;
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener('pointerdown', press, { signal, capture: true });
  addEventListener('pointermove', move, { signal, capture: true, passive: true });
  for (const type of ['pointerup', 'scroll']) addEventListener(type, () => clearTimeout(timer), { signal, capture: true });
  // The tap that ends the press: it would take the focus out of the menu, and press what is under the finger.
  addEventListener('touchend', swallow, { signal, capture: true, passive: false });
  return () => stop.abort();
}
