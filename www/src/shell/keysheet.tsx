// The sheet of keys, made of the key table alone, so that it cannot tell anything but the truth; with the
// letters of menus and what mouse and fingers do beside them.

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fuzzy } from '../lib/fuzzy';
import { TRANSFORMS } from '../lib/steps';
import { MENU_ITEMS } from './frameitems';
import { GESTURES } from './gestures';
import { keysOf } from './keyname';
import { keyTable } from './keys';

/** A line of the sheet. */
interface Line {
  keys: readonly string[];
  label: string;
  group: string;
}

function lines(): Line[] {
  const fromTable = keyTable.value.filter((action) => action.label !== '').map((action) => ({ ...action, keys: keysOf(action) }));
  const groups = new Set(fromTable.map((line) => line.group));
  const gestures = GESTURES.filter(({ group }) => groups.has(group)).map((one) => ({ ...one, keys: one.shown.split(' ') }));
  const ofBoxes = TRANSFORMS.filter(({ chosen }) => chosen === true).map(({ label }) => label);
  const letters = MENU_ITEMS.map(({ letter, label }) => ({
    keys: [letter], label: ofBoxes.includes(label) ? `${label} (of a box)` : label, group: 'In the menu of a row or box',
  }));
  return [...fromTable, ...gestures, ...letters];
}

/** The sheet's content. */
export function KeySheet(): JSX.Element {
  const [typed, type] = useState('');
  const found = lines().filter(({ keys, label, group }) => fuzzy(`${keys.join(' ')} ${label} ${group}`, typed) !== null);
  const groups = [...new Set(found.map((line) => line.group))];
  return (
    <>
      <input class="sheet-filter" type="search" aria-label="Filter the keys" placeholder="Filter" spellcheck={false} autocomplete="off"
        value={typed} onInput={(event) => type(event.currentTarget.value)} />
      <div class="keys">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {found
                .filter((line) => line.group === group)
                .map(({ keys, label }) => (
                  <div key={label + keys.join()}>
                    <dt>
                      {keys.map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </dt>
                    <dd>{label}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      {groups.length === 0 && <p class="dim">No key does that. The commands (Ctrl K) know more.</p>}
      <p class="dim">A view’s own keys are listed while it is shown. Printing prints this sheet.</p>
    </>
  );
}
