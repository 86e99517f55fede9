// Whose code is the program's own: the switch that leaves only its frames, and the module that says so.

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { keyed, useAnswer } from '../core';
import type { OwnCode as Known } from '../core';
import { shortened } from '../lib/filters';
import { nameModules, showMine } from '../refine';
import { file, files, state } from '../state';
import { closePanel, Panel, panel, togglePanel } from './panel';

/** Characters of an import path in the bar. */
const MOST_SHOWN = 40;

/** What the core takes for the program's own, and what there is to choose from. */
function useKnown(key: string): Known | undefined {
  const id = file.value?.id;
  return useAnswer(() => (id === undefined ? null : keyed(key).ownCode(id)), [id, files.value.length]).value;
}

/** The switch and the module, beside the filters. */
export function OwnCode(): JSX.Element {
  const { main, mine } = state.value;
  const known = useKnown('own.bar');
  const guess = known?.guess ?? '';
  const name = main || guess;
  const how = main === '' ? 'guessed' : 'named by you';
  return (
    <>
      <button type="button" class="button small only-mine" aria-pressed={mine}
        title="Takes the frames of libraries and the runtime out of every stack; their cost goes to your function that calls them, and totals stay"
        onClick={() => showMine(!mine)}>
        Only my code
      </button>
      {known !== undefined && (
        <button type="button" class="link own-module" data-panel aria-expanded={panel.value?.is === 'module'}
          title={`Your code: ${name === '' ? 'nothing tells which it is' : `${name} (${how})`}. Colours, summary, causes and “Only my code” go by it; a click changes it.`}
          onClick={() => togglePanel({ is: 'module' })}>
          Your code: {name === '' ? 'not known' : `${shortened(name, MOST_SHOWN)}${main === '' ? ' (guessed)' : ''}`}
        </button>
      )}
    </>
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
  const known = useKnown('own.panel');
  const guess = known?.guess ?? '';
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
          {known?.modules.map((module) => <option key={module} value={completed(text, module)} />)}
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
