// Light, dark, or as the system says; and what else of the settings a style goes by.

import { computed, effect, signal } from '@preact/signals';
import { setting, setSettings } from '../settings';

/** The switch's positions. */
export const THEMES = ['auto', 'light', 'dark'] as const;

const systemDark = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)');
const system = signal(systemDark?.matches ?? false);
systemDark?.addEventListener('change', (event) => {
  system.value = event.matches;
});

/** The position of the switch. */
export const theme = setting('theme');

/** True while dark colours are shown; for what is drawn rather than styled. */
export const dark = computed(() => theme.value === 'dark' || (theme.value === 'auto' && system.value));

/** Moves the switch to its next position. */
export function nextTheme(): void {
  setSettings({ theme: THEMES[(THEMES.indexOf(theme.peek()) + 1) % THEMES.length] ?? 'auto' });
}

/** Has the styles follow the settings. Called once at the start. */
export function startTheme(): void {
  effect(() => {
    const { dataset } = document.documentElement;
    dataset['theme'] = theme.value;
    dataset['density'] = setting('density').value;
    dataset['motion'] = setting('motion').value;
  });
}
