// Light, dark, or as the system says; remembered by the browser.

import { computed, signal } from '@preact/signals';

/** The switch's positions. */
export const THEMES = ['auto', 'light', 'dark'] as const;
/** A position of the switch. */
export type Theme = (typeof THEMES)[number];

const KEY = 'dropprof.theme';

function remembered(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'auto';
  } catch {
    // Storage can be switched off; the switch then works for this visit.
    return 'auto';
  }
}

const systemDark = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)');
const system = signal(systemDark?.matches ?? false);
systemDark?.addEventListener('change', (event) => {
  system.value = event.matches;
});

/** The position of the switch. */
export const theme = signal<Theme>(remembered());

/** True while dark colours are shown; for what is drawn rather than styled. */
export const dark = computed(() => theme.value === 'dark' || (theme.value === 'auto' && system.value));

function apply(): void {
  document.documentElement.dataset['theme'] = theme.peek();
}

/** Moves the switch to its next position. */
export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.peek()) + 1) % THEMES.length] ?? 'auto';
  apply();
  try {
    localStorage.setItem(KEY, theme.peek());
  } catch {
    // See `remembered`.
  }
}

/** Applies the remembered position. Called once at the start. */
export function startTheme(): void {
  apply();
}
