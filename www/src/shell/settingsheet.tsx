// The sheet of settings: what lasts from visit to visit.

import type { JSX } from 'preact';
import { GRANULARITIES, VIEW_NAMES } from '../lib/hash';
import { DEFAULT_SETTINGS, isKept, resetSettings, setSettings, settings, writeSettings } from '../settings';
import type { Settings } from '../settings';
import { GRANULARITY_WORDS } from '../table/controls';
import { VIEW_TITLES } from './bar';

/** Settings that are one of a few words. */
type Choice = 'theme' | 'startView' | 'startGranularity' | 'density' | 'motion' | 'palette';

/** The words of each, with what they are called. */
const CHOICES: { [Name in Choice]: readonly (readonly [value: Settings[Name], label: string])[] } = {
  theme: [['auto', 'As the system'], ['light', 'Light'], ['dark', 'Dark']],
  startView: VIEW_NAMES.map((name) => [name, VIEW_TITLES[name]] as const),
  startGranularity: GRANULARITIES.map((name) => [name, GRANULARITY_WORDS[name]] as const),
  density: [['compact', 'Compact'], ['comfortable', 'Comfortable']],
  motion: [['auto', 'As the system'], ['reduced', 'Reduced']],
  palette: [['usual', 'Usual'], ['safe', 'Told apart by everybody']],
};

interface Row {
  name: Choice;
  label: string;
  about: string;
}

const LOOK: readonly Row[] = [
  { name: 'theme', label: 'Theme', about: 'Light or dark.' },
  { name: 'density', label: 'Rows of tables', about: 'Comfortable rows are 32 pixels high, for fingers.' },
  { name: 'motion', label: 'Motion', about: 'Reduced: zooming jumps, and nothing fades.' },
  { name: 'palette', label: 'Colours', about: 'For those who tell some colours apart less easily.' },
];

const START: readonly Row[] = [
  { name: 'startView', label: 'First view', about: 'What a dropped file is first shown in.' },
  { name: 'startGranularity', label: 'Group by', about: 'What rows and boxes stand for at first.' },
];

function Line({ name, label, about }: Row): JSX.Element {
  const id = `setting-${name}`;
  const words: readonly (readonly [string, string])[] = CHOICES[name];
  return (
    <div class="setting">
      <label for={id}>{label}</label>
      <select id={id} class="menu" aria-describedby={`${id}-about`} value={settings.value[name]}
        onChange={(event) => setSettings({ [name]: event.currentTarget.value })}>
        {words.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
      <p id={`${id}-about`} class="dim">
        {about}
      </p>
    </div>
  );
}

/** The sheet's content. */
export function SettingsSheet(): JSX.Element {
  const untouched = writeSettings(settings.value) === writeSettings(DEFAULT_SETTINGS);
  return (
    <div class="settings">
      <section>
        <h3>Look</h3>
        {LOOK.map((row) => (
          <Line key={row.name} {...row} />
        ))}
      </section>
      <section>
        <h3>After a drop</h3>
        <p class="dim">A link that says something else has the last word.</p>
        {START.map((row) => (
          <Line key={row.name} {...row} />
        ))}
        <div class="setting">
          <label for="setting-modules">Your modules</label>
          <input id="setting-modules" class="sheet-filter" type="text" placeholder="guessed from the file" spellcheck={false} autocomplete="off"
            autocapitalize="off" aria-describedby="setting-modules-about" value={settings.value.startModules} maxLength={1000}
            onChange={(event) => setSettings({ startModules: event.currentTarget.value.split(',').map((one) => one.trim()).filter(Boolean).join(',') })} />
          <p id="setting-modules-about" class="dim">
            Import paths of your code, with commas between: “Only my code” and the colours go by them.
          </p>
        </div>
      </section>
      <p class="settings-foot">
        <button type="button" class="button" disabled={untouched} onClick={resetSettings}>
          Reset everything
        </button>
        <span class="dim" role="status">
          {isKept.value
            ? 'Kept by this browser alone, with columns and their widths. Nothing about your profiles is kept.'
            : 'This browser does not let the page keep anything: settings hold for this visit.'}
        </span>
      </p>
    </div>
  );
}
