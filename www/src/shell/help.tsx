// The small buttons that are always at hand: recipes, theme, settings, keys.

import type { JSX } from 'preact';
import { Icon } from './icons';
import { sheet } from './sheets';
import { nextTheme, theme } from './theme';

function ThemeButton(): JSX.Element {
  const label = `Theme: ${theme.value === 'auto' ? 'as the system' : theme.value}`;
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={nextTheme}>
      <Icon name={theme.value} />
    </button>
  );
}

/** How to get a profile, the theme, the settings, the keys. */
export function HelpButtons(): JSX.Element {
  return (
    <div class="help-buttons">
      <button type="button" class="text-button howto-button" onClick={() => (sheet.value = 'howto')}>
        Get a profile
      </button>
      <ThemeButton />
      <button type="button" class="icon-button" aria-label="Settings" title="Settings" onClick={() => (sheet.value = 'settings')}>
        <Icon name="settings" />
      </button>
      <button type="button" class="icon-button" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)"
        onClick={() => (sheet.value = 'keys')}>
        <Icon name="help" />
      </button>
    </div>
  );
}
