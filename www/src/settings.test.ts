import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS, readSettings, writeSettings } from './settings';

type Module = typeof import('./settings');

/** A storage that holds what it is given, or refuses. */
function storage(refuses = false): Map<string, string> {
  const held = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => {
      if (refuses) throw new Error('blocked');
      return held.get(key) ?? null;
    },
    setItem: (key: string, value: string) => {
      if (refuses) throw new Error('full');
      held.set(key, value);
    },
  });
  return held;
}

beforeEach(() => void vi.resetModules());
afterEach(() => void vi.unstubAllGlobals());

test('what is written is read again', () => {
  const said = { ...DEFAULT_SETTINGS, theme: 'dark', startView: 'flame', widths: { top: { flat: 120 } } } as const;
  expect(readSettings(writeSettings(said))).toEqual(said);
});

test('only what differs from the defaults is written', () => {
  expect(JSON.parse(writeSettings({ ...DEFAULT_SETTINGS, density: 'comfortable' }))).toEqual({ version: 1, density: 'comfortable' });
});

test.each([
  ['nothing', null],
  ['no JSON', '{"version":1,'],
  ['another version', '{"version":2,"theme":"dark"}'],
  ['a list', '["dark"]'],
  ['no object', '7'],
])('%s counts as unsaid', (_, text) => {
  expect(readSettings(text)).toEqual(DEFAULT_SETTINGS);
});

test('one value that means nothing does not spoil the others', () => {
  const text = JSON.stringify({
    version: 1, theme: 'pink', startView: 'flame', density: 3, motion: null, recent: [7], columns: { top: { flat: 'yes' } }, widths: { top: { flat: -1 } },
  });
  expect(readSettings(text)).toEqual({ ...DEFAULT_SETTINGS, startView: 'flame' });
});

test('names that every object has are no settings of tables', () => {
  const read = readSettings('{"version":1,"__proto__":{"theme":"dark"},"widths":{"__proto__":{"flat":1e9}}}');
  expect(read.theme).toBe('auto');
  expect(({} as { flat?: number }).flat).toBeUndefined();
});

test('a signal follows its setting, and the browser keeps it', async () => {
  const held = storage();
  const { setting, setSettings, isKept }: Module = await import('./settings');
  expect(setting('theme').value).toBe('auto');
  setSettings({ theme: 'dark' });
  expect(setting('theme').value).toBe('dark');
  expect(isKept.value).toBe(true);
  expect([...held.values()]).toEqual(['{"version":1,"theme":"dark"}']);
});

test('where the browser keeps nothing, settings hold all the same, and it is known', async () => {
  storage(true);
  const { setting, setSettings, resetSettings, isKept }: Module = await import('./settings');
  setSettings({ density: 'comfortable' });
  expect(setting('density').value).toBe('comfortable');
  expect(isKept.value).toBe(false);
  resetSettings();
  expect(setting('density').value).toBe('compact');
});
