// What the colours stand for: the heaviest groups with their values, each a button that dims the others.

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../core';
import type { ColourGroup, Query } from '../core';
import { expressionFor, withChosen } from '../lib/filters';
import { COLOURS } from '../lib/hash';
import type { Colour } from '../lib/hash';
import { setFilter } from '../refine';
import { dark } from '../shell/theme';
import { state, update } from '../state';
import { joinable } from '../shell/choose';
import { found, groupPalette, OTHERS_KEY, placeInPalette, safeColours, setSafeColours } from './colours';
import { hatchOf } from './hover';
import { OTHERS } from './picture';
import './legend.css';

const TITLES: Record<Colour, string> = {
  package: 'Package',
  file: 'File',
  class: 'Whose code',
  mechanism: 'Mechanism',
};

/** The filter that a group can become. */
function expressionOf(colour: Colour, key: string): string {
  if (key === '' || key === OTHERS_KEY) return '';
  if (colour === 'package') return expressionFor({ full: key, file: '' }, 'packages');
  return colour === 'file' ? expressionFor({ full: key, file: key }, 'files') : '';
}

function filter(name: 'focus' | 'ignore', expression: string): void {
  update({ lit: '' }, { push: true });
  setFilter(name, withChosen(name, joinable(name), expression));
}

interface EntryProps {
  group: ColourGroup;
  place: number;
  colour: Colour;
}

function swatchOf({ group, place, colour }: EntryProps): string {
  const palette = groupPalette.value(dark.value);
  const at = placeInPalette(colour, safeColours.value, group, place);
  const fill = palette.fills[at] ?? '';
  const line = palette.textures?.get(at);
  return line === undefined ? fill : hatchOf(line, fill, 45);
}

function about(colour: Colour, group: ColourGroup): string {
  const name = group.key === '' ? group.label : group.key;
  const what = colour === 'mechanism' ? `${group.cum} (${group.cumPct})` : `cum ${group.cum} (${group.cumPct}), flat ${group.flat}`;
  return `${name}: ${what}. Click dims the others${expressionOf(colour, group.key) === '' ? '' : ', Alt+click focuses, Alt+Shift+click ignores'}.`;
}

function Entry(props: EntryProps): JSX.Element {
  const { group, colour } = props;
  const key = group.key === '' ? OTHERS_KEY : group.key;
  const isLit = state.value.lit === key;
  const expression = expressionOf(colour, group.key);
  const click = (event: MouseEvent): void => {
    if (event.altKey && expression !== '') filter(event.shiftKey ? 'ignore' : 'focus', expression);
    else update({ lit: isLit ? '' : key }, { push: true });
  };
  return (
    <li>
      <button type="button" class="colour-entry" aria-pressed={isLit} title={about(colour, group)} onClick={click}>
        <span class="swatch" aria-hidden="true">
          <i style={{ background: swatchOf(props) }} />
        </span>
        {group.label}
        <span class="colour-share">{group.cumPct}</span>
      </button>
    </li>
  );
}

/** What can be done with the group that is lit. */
function Lit({ colour }: { colour: Colour }): JSX.Element | null {
  const { lit } = state.value;
  const expression = expressionOf(colour, lit);
  if (lit === '') return null;
  return (
    <span class="colour-lit">
      {expression !== '' && (
        <>
          <button type="button" class="link" onClick={() => filter('focus', expression)}>
            Focus
          </button>
          <button type="button" class="link" onClick={() => filter('ignore', expression)}>
            Ignore
          </button>
        </>
      )}
      <button type="button" class="link" onClick={() => update({ lit: '' }, { push: true })}>
        Show all
      </button>
    </span>
  );
}

/** The line of colours. Its place is kept until the groups are known; they are asked for once the picture is there. */
export function ColourBar({ asked, drawn }: { asked: Query; drawn: boolean }): JSX.Element {
  const { colour } = state.value;
  const needed = drawn || colour !== 'package' || safeColours.value;
  const answer = useQueryAnswer(asked, (now) => (needed ? keyed('flame.colours').flameGroups(now, colour) : null), [colour, needed]);
  const groups = answer.loading ? undefined : answer.value;
  useEffect(() => {
    if (groups !== undefined) found.value = { query: asked, colour, groups };
  }, [groups]);
  const shown = found.value?.query === asked && found.value.colour === colour ? found.value.groups : undefined;
  return (
    <div class="colour-bar">
      <label>
        <span class="colour-title">Colour</span>
        <select class="menu" aria-label="Colour by" value={colour}
          onChange={(event) => update({ colour: event.currentTarget.value as Colour, lit: '' }, { push: true })}>
          {COLOURS.map((name) => (
            <option key={name} value={name}>
              {TITLES[name]}
            </option>
          ))}
        </select>
      </label>
      <ul class="colour-entries" aria-label={`Colours by ${TITLES[colour].toLowerCase()}`}>
        {shown?.groups.map((group, place) => <Entry key={group.key} group={group} place={place} colour={colour} />)}
        {shown?.others != null && <Entry group={shown.others} place={OTHERS} colour={colour} />}
      </ul>
      {answer.error !== '' && <span role="alert">{answer.error}</span>}
      <Lit colour={colour} />
      <label class="colour-safe" title="Blue and yellow at three lightnesses, and lines: for eyes that do not tell red from green">
        <input type="checkbox" aria-label="Colour-blind safe" checked={safeColours.value}
          onChange={(event) => setSafeColours(event.currentTarget.checked)} />
        <span class="colour-long">Colour-blind safe</span>
        <span class="colour-short">Safe</span>
      </label>
    </div>
  );
}
