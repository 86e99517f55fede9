// Shortcuts that work in every view.

import { stepFile, stepSample } from '../session';
import { canUndo, deselect, file, query, search, state, update, VIEW_NAMES } from '../state';
import { VIEW_TITLES } from './bar';
import { transformKeys } from './choose';
import { sheet } from './dialogs';
import { addFilter } from './filterbar';
import { copyText } from './howto';
import { registerKeys } from './keys';
import type { KeyAction } from './keys';
import { chooseFiles } from './openbutton';
import { focusSearch } from './search';

function viewKeys(): KeyAction[] {
  // There are more views than digits: the last tabs are reached by the arrows.
  return VIEW_NAMES.slice(0, 9).map((name, i) => ({
    keys: [String(i + 1)],
    label: VIEW_TITLES[name],
    group: 'Views',
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
  void copyText(name);
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
  registerKeys([
    { keys: ['?'], label: 'This sheet', group: general, run: () => void (sheet.value = 'keys') },
    { keys: ['/', 'Ctrl+f'], label: 'Search', group: general, run: whenOpen(focusSearch) },
    { keys: ['f'], label: 'Filter, when nothing is selected', group: general, run: () => query.peek() !== null && whenOpen(addFilter)() },
    { keys: ['Ctrl+z'], label: 'Undo the last step', group: general, run: () => travel(-1) },
    { keys: ['Ctrl+Shift+z', 'Ctrl+y'], shown: 'Ctrl+Shift+z', label: 'Take the step again', group: general, run: () => travel(1) },
    // The box handles these itself; they stand here for the sheet.
    { keys: [], shown: 'Enter', label: 'In the search box: next match, with Shift the previous', group: general, run: () => false },
    { keys: ['Ctrl+o'], label: 'Open files', group: general, run: () => chooseFiles() },
    { keys: ['n'], label: 'Next file', group: general, run: whenOpen(() => stepFile(1)) },
    { keys: ['p'], label: 'Previous file', group: general, run: whenOpen(() => stepFile(-1)) },
    { keys: ['t'], label: 'Next sample type', group: general, run: whenOpen(() => stepSample(1)) },
    { keys: ['T'], label: 'Previous sample type', group: general, run: whenOpen(() => stepSample(-1)) },
    { keys: ['Ctrl+c'], label: 'Copy the name of the selection', group: general, run: copySelected },
    { keys: ['Escape'], label: 'Clear the selection, then the search', group: general, run: escape },
    ...viewKeys(),
    ...transformKeys(() => null),
  ]);
}
