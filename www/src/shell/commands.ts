// Everything that can be done, by name: the registry behind the command palette. Keys come from the key
// table with what they do; what has no key is listed here. All of it acts on the state, as buttons do.

import { linkText } from '../export/link';
import { GRANULARITIES } from '../lib/hash';
import { REPORTS } from '../lib/reports';
import { filterAt, isFilter, stepKind, switched, without } from '../lib/steps';
import type { StepName } from '../lib/steps';
import { stepText, WRITTEN } from '../lib/steptexts';
import { setSteps, showMine } from '../refine';
import { closeFile, openBeside, showFile } from '../session';
import { isStill, setSettings, settings } from '../settings';
import { baseline, file, files, hasNoSamples, inverted, isSameKind, query, state, update, wanted } from '../state';
import type { ViewState } from '../state';
import { GRANULARITY_WORDS } from '../table/controls';
import { choose, CHOSEN } from './choose';
import { copyText } from './copytext';
import { DEMOS } from './demos';
import { keysOf } from './keyname';
import { keyTable } from './keys';
import type { KeyAction } from './keys';
import { openPanel } from './panel';
import { say } from './said';
import { sheet, explain } from './sheets';

/** Something that can be done. */
export interface Command {
  /** What it is called: unique, and by this it is remembered. */
  title: string;
  /** Where it belongs. */
  group: string;
  /** The keys that do the same. */
  keys: readonly string[];
  /** What it does, in one line; empty where the title says it all. */
  about: string;
  /** Why it can do nothing at the moment; empty when it can. */
  why: string;
  /** Nothing of it may be remembered: it names a file of the session. */
  passing?: boolean;
  run: () => void;
}

type Part = Partial<Command> & Pick<Command, 'title' | 'run'>;

function group(name: string, parts: readonly (Part | false)[], why = ''): Command[] {
  return parts.filter((part) => part !== false).map((part) => ({ group: name, keys: [], about: '', why, ...part }));
}

/** Keys that mean something only where one is: moving about, and opening what one stands on. */
const MOVING = /^(Arrow|Page|Home|End|Enter|Escape| )/;

function fromKey(action: KeyAction): Command | null {
  const title = action.command ?? action.label;
  const [key = ''] = action.keys;
  // What has neither a key nor a name of its own is for the sheet of keys alone.
  if (title === '' || (key === '' && action.command === undefined) || action.keys.some((one) => MOVING.test(one))) return null;
  const event = new KeyboardEvent('keydown', { key: key.replace(/^(Ctrl|Shift)\+/g, '') });
  return { title, group: action.group, keys: keysOf(action), about: '', why: action.why?.() ?? '', run: () => void action.run(event) };
}

/** The commands that keys do. Of two with one title the later wins, as with keys. */
function keyed(): Command[] {
  const byTitle = new Map<string, Command>();
  for (const action of keyTable.value) {
    const command = fromKey(action);
    if (command !== null) byTitle.set(command.title, command);
  }
  return [...byTitle.values()];
}

function step(patch: Partial<ViewState>): void {
  update(patch, { push: true });
}

function fileCommands(): Command[] {
  const shown = file.value;
  const sound = files.value.filter((info) => info.error == null);
  const others = sound.filter((info) => info.id !== shown?.id).slice(0, MOST_FILES);
  const base = baseline.value;
  return group('Files', [
    ...others.map((info) => ({ title: `Show ${info.name}`, about: info.kindLabel, passing: true, run: () => showFile(info) })),
    ...others
      .filter((info) => shown !== null && isSameKind(shown, info) && !hasNoSamples(info))
      .map((info) => ({
        title: `Compare with ${info.name}`, about: 'Takes it as the baseline.', passing: true,
        run: () => step({ view: 'compare', base: info.key, mode: '' }),
      })),
    base !== null && { title: 'Compare with nothing', run: () => step({ base: '', mode: '' }) },
    shown !== null && { title: `Close ${shown.name}`, passing: true, run: () => closeFile(shown.id) },
    ...DEMOS.map(({ source, title, about }) => ({
      title: `Open the demo: ${title}`, about: `${about}.`,
      run: () => {
        void openBeside([source]);
        step({ sources: [source], file: '' });
      },
    })),
  ]);
}

/** Files that have commands of their own. */
const MOST_FILES = 50;

/** Options that are on or off. */
const SWITCHES = [
  ['mean', 'Mean: values per event in Top'],
  ['relative', 'Percentages of what the filters leave'],
  ['showcolumns', 'Columns of a line apart'],
  ['dropneg', 'Leave negative rows out'],
  ['trim', 'Leave small rows out, as pprof does'],
  ['calltree', 'Graphs by call path'],
] as const satisfies readonly (readonly [keyof ViewState, string])[];

function sign(on: boolean): string {
  return on ? 'Switch off: ' : 'Switch on: ';
}

function showCommands(): Command[] {
  const now = state.value;
  const types = file.value?.sampleTypes ?? [];
  const at = wanted.value?.sample ?? 0;
  const why = query.value === null ? 'No profile is open' : '';
  return [
    ...group('Sample type', types.flatMap((type, i) => (i === at || types.length < 2 ? [] : [{ title: `Show ${type.name}`, about: `Total ${type.total}.`, run: () => step({ sample: type.name }) }]))),
    ...group('Group by', GRANULARITIES.filter((one) => one !== now.granularity).map((one) => ({ title: `Group by ${GRANULARITY_WORDS[one].toLowerCase()}`, run: () => step({ granularity: one }) })), why),
    ...group('Show', [
      { title: `${sign(!now.noinlines)}inlined frames`, about: 'Off, an inlined function counts for the one it was inlined into.', run: () => step({ noinlines: !now.noinlines }) },
      { title: `${sign(now.mine)}only my code`, about: 'Takes the frames of other modules out of every stack.', run: () => showMine(!now.mine) },
      { title: inverted.value ? 'Flame graph top-down' : 'Flame graph bottom-up', run: () => step({ view: 'flame', inverted: !inverted.peek() }) },
      ...SWITCHES.map(([field, title]) => ({ title: sign(now[field]) + title.toLowerCase(), run: () => step({ [field]: !now[field] }) })),
      { title: 'Your modules…', about: 'Says whose code is yours.', run: () => openPanel({ is: 'module' }) },
      { title: 'Options…', about: 'Unit, mean, relative percentages, trim.', run: () => openPanel({ is: 'options' }) },
    ], why),
  ];
}

/** The last part of a function's name, which tells most. */
function brief(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function filterCommands(): Command[] {
  const { steps, sel, search } = state.value;
  const all = steps.map((_, place) => place);
  const off = steps.filter((one) => one.off === true).length;
  const why = query.value === null ? 'No profile is open' : '';
  const at = (name: StepName): number => (isFilter(name) ? filterAt(steps, name) : -1);
  return group('Filters', [
    ...CHOSEN.map((name) => {
      const { label } = stepKind(name);
      const chosen = { full: sel, file: '' };
      return sel !== '' && {
        title: `${label} ${brief(sel)}`, about: stepText(name).about, passing: true,
        run: () => choose(name, { ...NAMELESS, ...chosen }),
      };
    }),
    ...WRITTEN.map(({ name, label }) => ({
      title: `${label}…`, about: stepText(name).about,
      run: () => openPanel({ is: 'filter', name, expression: steps[at(name)]?.text ?? '', at: at(name) }),
    })),
    ...steps.map(({ kind, text }, place) => ({
      title: `Remove ${stepKind(kind).label} ${brief(text)}`, about: text, passing: true, run: () => setSteps(without(steps, place)),
    })),
    steps.length > off && { title: 'Switch all filters off', run: () => setSteps(switched(steps, all, false)) },
    off > 0 && { title: 'Switch all filters on', run: () => setSteps(switched(steps, all, true)) },
    search !== '' && { title: 'Clear the search', run: () => step({ search: '' }) },
  ], why);
}

/** A name of which only the text is known. */
const NAMELESS = { node: -1, dim: '', strong: '', line: 0, class: 'unknown', package: '', hue: 0 };

/** Opens the panel of reports and presses one of its buttons: what comes of it is told there. */
function saveAs(label: string): void {
  openPanel({ is: 'save' });
  let frames = 0;
  const press = (): void => {
    const button = [...document.querySelectorAll<HTMLElement>('[role=dialog][aria-label="Save as"] button')].find(
      (one) => one.getAttribute('aria-label') === label,
    );
    if (button !== undefined) {
      button.focus();
      button.click();
    } else if (frames++ < PATIENCE) requestAnimationFrame(press);
  };
  press();
}

/** Frames until a panel that is fetched counts as not coming. */
const PATIENCE = 300;

function saveCommands(): Command[] {
  const why = query.value === null ? 'No profile is open' : '';
  return [
    ...group('Save', REPORTS.map(({ label, about, extension }) => ({ title: `Save ${label} (.${extension})`, about: `${about}.`, run: () => saveAs(label) })), why),
    ...group('Save', [
      {
        title: 'Copy link to this view', about: 'Without the profile: whoever opens it drops the same file.',
        run: () => void copyText(location.href).then((done) => say(done ? `Link copied. ${linkText(state.peek())}` : 'The browser does not let this page copy.')),
      },
    ]),
  ];
}

function settingCommands(): Command[] {
  const { theme, density, motion, palette } = settings.value;
  return group('Settings', [
    { title: 'Settings…', run: () => void (sheet.value = 'settings') },
    ...(['auto', 'light', 'dark'] as const)
      .filter((one) => one !== theme)
      .map((one) => ({ title: `Theme: ${one === 'auto' ? 'as the system' : one}`, run: () => setSettings({ theme: one }) })),
    { title: `Rows of tables: ${density === 'compact' ? 'comfortable' : 'compact'}`, run: () => setSettings({ density: density === 'compact' ? 'comfortable' : 'compact' }) },
    motion === 'reduced'
      ? { title: 'Motion: as the system', run: () => setSettings({ motion: 'auto' }) }
      : { title: 'Motion: reduced', why: isStill() ? 'The system says so already' : '', run: () => setSettings({ motion: 'reduced' }) },
    { title: `Colours: ${palette === 'usual' ? 'told apart by everybody' : 'usual'}`, run: () => setSettings({ palette: palette === 'usual' ? 'safe' : 'usual' }) },
  ]);
}

function helpCommands(): Command[] {
  return group('Help', [
    { title: 'What is what: flat, cum and other words', run: () => explain('') },
    { title: 'How do I get a profile?', run: () => void (sheet.value = 'howto') },
  ]);
}

/** All of them, each title once; those of keys first. */
export function commands(): Command[] {
  const all = [...keyed(), ...fileCommands(), ...showCommands(), ...filterCommands(), ...saveCommands(), ...settingCommands(), ...helpCommands()];
  const byTitle = new Map<string, Command>();
  for (const command of all) if (!byTitle.has(command.title)) byTitle.set(command.title, command);
  return [...byTitle.values()];
}

/** Commands that are remembered. */
const MOST_RECENT = 8;

/** Remembers that a command was run, for this and later visits. */
export function remember({ title, passing }: Command): void {
  if (passing === true) return;
  const before = settings.peek().recent.filter((one) => one !== title);
  setSettings({ recent: [title, ...before].slice(0, MOST_RECENT) });
}
