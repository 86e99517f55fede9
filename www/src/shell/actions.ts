// Shortcuts that work in every view.

import { stepFile, stepSample } from '../session';
import { expressionFor } from '../lib/filters';
import { deselect, file, query, search, state, update, VIEW_NAMES } from '../state';
import { VIEW_TITLES } from './bar';
import { sheet } from './dialogs';
import { addFilter } from './filterbar';
import { copyText } from './copytext';
import { registerKeys } from './keys';
import type { KeyAction } from './keys';
import { chooseFiles } from './openbutton';
import { focusSearch } from './search';

function viewKeys(): KeyAction[] {
  return VIEW_NAMES.map((name, i) => ({
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

function newFilter(): void {
  const { sel, granularity } = state.peek();
  addFilter(sel === '' ? '' : expressionFor({ full: sel, file: '' }, granularity));
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
    { keys: ['f'], label: 'Filter; Focus on the selection, if there is one', group: general, run: () => query.peek() !== null && whenOpen(newFilter)() },
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
  ]);
}
