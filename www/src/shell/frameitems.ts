// What the menu of a box or row offers: one list, from which the menu is drawn and its letters are listed.

import { filterKind } from '../lib/filters';
import { TRANSFORMS } from '../lib/steps';
import type { TransformKind } from '../lib/steps';
import { stepText } from '../lib/steptexts';
import { showCallers, showInFlame, showSandwich, showSource } from '../table/show';
import { chooseAll, chosenExpression } from './choose';
import type { FrameMenu } from './choose';
import type { FilterName } from '../lib/filters';
import { copyText } from './copytext';
import { say } from './said';
import { applyTransform, transformAll, whyNot } from './transforms';

/** An item of the menu. */
export interface MenuItem {
  label: string;
  /** Pressed while the menu is open, it runs the item; no two items have the same. */
  letter: string;
  /** What it does, in one line. */
  about: string;
  /** A line stands between groups. */
  group: 'filter' | 'transform' | 'show' | 'copy' | 'rows';
  /** It can be about several rows at once. */
  several?: boolean;
  /** Whether it can be made of this function; without it, always. */
  fits?: (menu: FrameMenu) => boolean;
  /** Why it cannot be done at the moment; empty when it can. */
  why?: (menu: FrameMenu) => string;
  run: (menu: FrameMenu) => void;
}

/** Those whom an open menu is about. */
function aboutWhom({ name, several }: FrameMenu): FrameMenu['several'] {
  return several.length > 0 ? several : [name];
}

function filterItem(filter: FilterName, letter: string, several: boolean): MenuItem {
  return {
    label: filterKind(filter).label, letter, about: stepText(filter).about, several,
    group: 'filter',
    fits: (menu) => aboutWhom(menu).some((name) => chosenExpression(name) !== ''),
    run: (menu) => {
      const refused = chooseAll(filter, aboutWhom(menu));
      if (refused !== '') say(refused);
    },
  };
}

/** Transforms of what is more than a function are about one row, as those of one place are. */
const OF_ONE = ['focus_category', 'collapse_package'];

function transformItem({ name: kind, letter, label, chosen }: TransformKind): MenuItem {
  const isOfOne = chosen === true || OF_ONE.includes(kind);
  return {
    label, letter,
    about: stepText(kind).about,
    group: 'transform',
    several: !isOfOne,
    // Of a row there is no place in the tree to be had.
    fits: ({ box }) => chosen !== true || box !== null,
    why: ({ name, several, box }) => (several.length > 0 ? '' : whyNot(kind, name, box)),
    run: ({ name, several, asked, box }) => {
      if (several.length === 0) {
        void applyTransform(kind, name, asked, box);
        return;
      }
      const refused = transformAll(kind, several);
      if (refused !== '') say(refused);
    },
  };
}

function copyItem(form: 'text' | 'csv', label: string, letter: string, about: string): MenuItem {
  return {
    label, letter, about,
    group: 'copy',
    several: true,
    fits: ({ copy }) => copy !== undefined,
    run: ({ copy }) => void copy?.(form).then(say),
  };
}

/** All items, in the order of the menu. */
export const MENU_ITEMS: readonly MenuItem[] = [
  filterItem('focus', 'k', true),
  filterItem('ignore', 'i', true),
  filterItem('hide', 'h', true),
  filterItem('show_from', 's', false),
  ...TRANSFORMS.map(transformItem),
  {
    label: 'Flame graph', letter: 'a', about: 'Shows its heaviest box in the flame graph.', group: 'show',
    run: ({ name, asked }) => void showInFlame(name, asked),
  },
  {
    label: 'Callers & callees', letter: 'l', about: 'Puts it in the middle of Callers & callees.', group: 'show',
    run: ({ name, asked }) => showCallers(name, asked),
  },
  {
    label: 'Sandwich', letter: 'v', about: 'Shows who calls it above what it calls, as flame graphs.', group: 'show',
    run: ({ name, asked }) => showSandwich(name, asked),
  },
  {
    label: 'Source', letter: 'u', about: 'Shows its lines, and what each costs.', group: 'show',
    run: ({ name, asked }) => showSource(name, asked),
  },
  {
    label: 'Copy name', letter: 'n', about: 'Copies its whole name.', group: 'copy', several: true,
    run: (menu) => {
      const names = aboutWhom(menu).map((name) => name.full);
      void copyText(names.join('\n')).then((done) =>
        say(!done ? 'The browser does not let this page copy.' : names.length === 1 ? 'Name copied' : `${names.length} names copied`),
      );
    },
  },
  copyItem('text', 'Copy as text', 't', 'Copies the row as text, with tabs between its cells.'),
  copyItem('csv', 'Copy as CSV', 'x', 'Copies the row as comma-separated values.'),
  {
    label: 'Pick this row, or leave it', letter: 'p', about: 'Several picked rows make one filter. A click with Ctrl does the same.',
    group: 'rows', several: true,
    fits: ({ pick }) => pick !== undefined,
    run: ({ pick }) => pick?.(),
  },
];
