// Shortcuts that work in every view.

import { stepFile, stepSample } from '../session';
import { keyed } from '../core';
import { canUndo, deselect, file, files, query, search, selected, state, update, VIEW_NAMES } from '../state';
import { VIEW_TITLES } from './bar';
import { openFrameMenu } from './choose';
import { addFilter } from './filterbar';
import { copyText } from './copytext';
import { registerKeys } from './keys';
import type { KeyAction } from './keys';
import { chooseFiles } from './openbutton';
import { say } from './said';
import { focusSearch } from './search';
import { sheet } from './sheets';

/** Why nothing can be done with a file. */
function closed(): string {
  return file.peek() === null ? 'No file is open' : '';
}

function viewKeys(): KeyAction[] {
  // There are more views than digits: the last tabs are reached by the arrows, and by name.
  return VIEW_NAMES.map((name, i) => ({
    keys: i < 9 ? [String(i + 1)] : [],
    label: i < 9 ? VIEW_TITLES[name] : '',
    group: 'Views',
    command: `Go to ${VIEW_TITLES[name]}`,
    why: closed,
    run: () => {
      if (file.peek() === null) return false;
      update({ view: name }, { push: true });
      return true;
    },
  }));
}

function escape(): boolean {
  if (state.peek().sel !== '') deselect({ push: true });
  else if (search.peek() !== '') update({ search: '' }, { push: true });
  else return false;
  return true;
}

/** Back and Forward, as an editor has them: what is shown is what can be undone. */
function travel(by: -1 | 1): boolean {
  if (by < 0 && !canUndo()) return false;
  history.go(by);
  return true;
}

function copySelected(): boolean {
  // Selected text on the page is what the user means then.
  const text = getSelection()?.toString() ?? '';
  const name = state.peek().sel;
  if (text !== '' || name === '') return false;
  void copyText(name).then((done) => say(done ? 'Name copied' : 'The browser does not let this page copy.'));
  return true;
}

/** The menu of the selection, for views that have no better place for it than under what is selected. */
function selectionMenu(): boolean {
  const asked = query.peek();
  const node = selected.peek();
  if (asked === null || node === null) return false;
  const place = document.querySelector('#view [aria-current=true], .details h2') ?? document.getElementById('view');
  const { left, bottom } = place?.getBoundingClientRect() ?? { left: 0, bottom: 0 };
  keyed('menu')
    .names(asked, Uint32Array.of(node))
    // A refusal means that the file was closed meanwhile.
    .then(([name]) => name !== undefined && openFrameMenu(name, asked, { clientX: left, clientY: bottom }), () => undefined);
  return true;
}

function whenOpen(run: () => void): () => boolean {
  return () => {
    if (file.peek() === null) return false;
    run();
    return true;
  };
}

/** Registers them. Called once at the start. */
export function startActions(): void {
  const general = 'Everywhere';
  const unselected = (): string => (state.peek().sel === '' ? 'Nothing is selected' : '');
  const one = (count: number, what: string): string => closed() || (count > 1 ? '' : `There is only one ${what}`);
  const oneFile = (): string => one(files.peek().filter((info) => info.error == null).length, 'file');
  const oneType = (): string => one(file.peek()?.sampleTypes.length ?? 0, 'sample type');
  const unasked = (): string => closed() || (query.peek() === null ? 'This file has no samples' : '');
  registerKeys([
    { keys: ['Ctrl+k', 'Ctrl+Shift+p'], label: 'Commands: everything that can be done, by name', group: general, command: '', run: () => void (sheet.value = 'palette') },
    { keys: ['?'], label: 'This sheet', group: general, command: 'Keys and gestures', run: () => void (sheet.value = 'keys') },
    { keys: ['/', 'Ctrl+f'], label: 'Search', group: general, why: closed, run: whenOpen(focusSearch) },
    { keys: ['f'], label: 'Filter, when nothing is selected', group: general, command: 'Filter…', why: unasked, run: () => query.peek() !== null && whenOpen(addFilter)() },
    { keys: ['Ctrl+z'], label: 'Undo the last step', group: general, why: () => (canUndo() ? '' : 'There is nothing to undo'), run: () => travel(-1) },
    { keys: ['Ctrl+Shift+z', 'Ctrl+y'], label: 'Take the step again', group: general, run: () => travel(1) },
    // The box handles these itself; they stand here for the sheet.
    { keys: [], shown: 'Enter', label: 'In the search box: next match, with Shift the previous', group: general, run: () => false },
    { keys: ['Ctrl+o'], label: 'Open files', group: general, command: 'Open files…', run: () => chooseFiles() },
    { keys: ['n'], label: 'Next file', group: general, why: oneFile, run: whenOpen(() => stepFile(1)) },
    { keys: ['p'], label: 'Previous file', group: general, why: oneFile, run: whenOpen(() => stepFile(-1)) },
    { keys: ['t'], label: 'Next sample type', group: general, why: oneType, run: whenOpen(() => stepSample(1)) },
    { keys: ['T'], label: 'Previous sample type', group: general, why: oneType, run: whenOpen(() => stepSample(-1)) },
    { keys: ['ContextMenu', 'Shift+F10'], label: 'Menu of the selection', group: general, why: unselected, run: selectionMenu },
    { keys: ['Ctrl+c'], label: 'Copy the name of the selection', group: general, why: unselected, run: copySelected },
    { keys: ['Escape'], label: 'Clear the selection, then the search', group: general, command: '', run: escape },
    ...viewKeys(),
  ]);
}
