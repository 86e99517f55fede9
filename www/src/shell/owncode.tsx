// Whose code is the program's own: the switch that leaves only its frames, and the module that says so.

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { keyed, useAnswer } from '../core';
import type { OwnCode as Known } from '../core';
import { nameModules, showMine } from '../refine';
import { file, files, state } from '../state';
import { focusSoon } from '../table/inert';
import { Icon } from './icons';
import { closePanel, Panel, panel, togglePanel } from './panel';

/** What the core takes for the program's own, and what there is to choose from. */
const known = signal<Known | undefined>(undefined);

/** Whose code it is, and how that is known. */
function ownText(): string {
  const { main } = state.value;
  const guess = known.value?.guess ?? '';
  if (main !== '') return main;
  return guess === '' ? 'not known' : `${guess} (guessed)`;
}

const USED = 'Colours, summary, causes and “Only my code” go by it; a click changes it.';

/** The switch, and the button for the module, beside the filters. While it is on its chip is in its place. */
export function OwnCode(): JSX.Element {
  const id = file.value?.id;
  const { value } = useAnswer(() => (id === undefined ? null : keyed('own').ownCode(id)), [id, files.value.length]);
  useEffect(() => void (known.value = value), [value]);
  return (
    <>
      {!state.value.mine && (
        <button type="button" class="button small only-mine"
          title="Takes the frames of libraries and the runtime out of every stack; their cost goes to your function that calls them, and totals stay"
          onClick={() => {
            showMine(true);
            focusSoon(() => document.querySelector<HTMLElement>('#chip-mine button'));
          }}>
          Only my code
        </button>
      )}
      <button type="button" class="icon-button" data-panel aria-label="Your code" aria-expanded={panel.value?.is === 'module'}
        title={`Your code: ${ownText()}. ${USED}`} onClick={() => togglePanel({ is: 'module' })}>
        <Icon name="edit" />
      </button>
    </>
  );
}

/** The module among what is said of the file. */
export function OwnFact(): JSX.Element | null {
  if (known.value === undefined) return null;
  return (
    <div>
      <dt>Your code</dt>
      <dd>
        <button type="button" class="link" data-panel aria-label={`Your code: ${ownText()}`} title={USED}
          onClick={() => togglePanel({ is: 'module' })}>
          {ownText()}
        </button>
      </dd>
    </div>
  );
}

/** The list with its last part replaced. */
function completed(list: string, module: string): string {
  const before = list.slice(0, list.lastIndexOf(',') + 1);
  return before === '' ? module : `${before} ${module}`;
}

/** The panel in which modules are named. */
export function ModulePanel(): JSX.Element {
  const { main } = state.value;
  const [text, setText] = useState(main);
  const guess = known.value?.guess ?? '';
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const name = (modules: string): void => {
    nameModules(modules);
    closePanel();
  };
  return (
    <Panel label="Your code">
      <form class="filter-form" onSubmit={(event) => {
        event.preventDefault();
        // A comma at the end waits for a module that does not come.
        name((input.current?.value ?? text).split(',').map((one) => one.trim()).filter(Boolean).join(','));
      }}>
        <input ref={input} class="filter-input" type="text" aria-label="Modules that are your code" aria-describedby="own-about"
          list="own-modules" placeholder={guess || 'example.com/you/program'} spellcheck={false} autocomplete="off"
          autocapitalize="off" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        <datalist id="own-modules">
          {known.value?.modules.map((module) => <option key={module} value={completed(text, module)} />)}
        </datalist>
        <button type="submit" class="button primary">
          Apply
        </button>
        {main !== '' && (
          <button type="button" class="button" onClick={() => name('')}>
            Guess again
          </button>
        )}
        <button type="button" class="button" onClick={closePanel}>
          Cancel
        </button>
      </form>
      <p id="own-about" class="panel-about">
        Functions of package main, and of packages below these import paths, are yours; other modules are libraries. Several are
        separated by commas. {guess === '' ? 'Nothing in this file tells which it is.' : `Without any it is ${guess}, as the paths of the files tell.`}
      </p>
    </Panel>
  );
}
