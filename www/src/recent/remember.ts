// Whether files that are opened are remembered on this device. Nobody is asked; it is off until it is switched on.

import { effect, signal } from '@preact/signals';
import { IS_ONE_FILE } from '../host';
import { chosen } from '../session';

const KEY = 'dropprof.recent';

function isSwitchedOn(): boolean {
  try {
    return !IS_ONE_FILE && localStorage.getItem(KEY) === 'on';
  } catch {
    // Storage can be switched off; then nothing can be remembered.
    return false;
  }
}

/** The position of the switch. */
export const remembering = signal(isSwitchedOn());
/** Counts what has changed among the files remembered. */
export const changes = signal(0);
/** Why something could not be remembered; empty when all is well. */
export const unkept = signal('');

/** The part that stores them; no part of the first load. */
export function store(): Promise<typeof import('./store')> {
  return import('./store');
}

/** Moves the switch. Off, all that was remembered is deleted. */
export async function setRemembering(on: boolean): Promise<void> {
  try {
    if (on) localStorage.setItem(KEY, 'on');
    else localStorage.removeItem(KEY);
    remembering.value = on;
    unkept.value = '';
    if (!on) await (await store()).forgetAll();
  } catch (error) {
    unkept.value = `This browser does not let the page store anything: ${error instanceof Error ? error.message : String(error)}`;
  }
  changes.value++;
}

async function keep(file: File): Promise<void> {
  // Another tab may have switched it off: then nothing is to be stored any more, nor to stay.
  remembering.value = isSwitchedOn();
  if (!remembering.value) return;
  try {
    const kept = await store();
    unkept.value = await kept.keep(file);
    if (!isSwitchedOn()) await kept.forgetAll();
  } catch (error) {
    unkept.value = `${file.name} could not be remembered: ${error instanceof Error ? error.message : String(error)}`;
  }
  changes.value++;
}

/** Remembers what is opened from now on, while the switch is on. Called once at the start. */
export function startRemembering(): void {
  effect(() => {
    const file = chosen.value;
    if (file !== null && remembering.peek()) void keep(file);
  });
}
