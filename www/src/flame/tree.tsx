// The flame graph for those who do not see it: a tree that holds the selected box, its parent, its
// neighbours and its children, and names the selected one as the active descendant.

import type { JSX } from 'preact';
import { keyed, useAnswer } from '../core';
import type { BoxDetails, FlameShape, Query } from '../core';

/** Children that the tree spells out; the rest is counted. */
const SPELLED = 8;

/** A box with what is around it. */
export interface Around {
  here: BoxDetails;
  parent: BoxDetails | null;
  previous: BoxDetails | null;
  next: BoxDetails | null;
  children: BoxDetails[];
}

async function around(query: Query, shape: FlameShape, box: string): Promise<Around> {
  // A key for each place of each graph: walking on makes void what was asked about the places left.
  const which = shape.pivot === undefined ? '' : String(shape.inverted);
  const get = (place: string, id: string): Promise<BoxDetails> =>
    keyed(`flame.tree.${which}${place}`).flameBox(query, shape, id);
  const maybe = (place: string, id: string): Promise<BoxDetails | null> =>
    id === '' ? Promise.resolve(null) : get(place, id);
  const here = await get('here', box);
  const [parent, previous, next, ...children] = await Promise.all([
    maybe('parent', here.parent),
    maybe('previous', here.previous),
    maybe('next', here.next),
    ...here.children.slice(0, SPELLED).map((id, i) => get(`child${i}`, id)),
  ]);
  return { here, parent: parent ?? null, previous: previous ?? null, next: next ?? null, children: children.filter((one) => one !== null) };
}

function label(box: BoxDetails): string {
  const name = box.name == null ? 'all' : box.name.full;
  const { versus } = box;
  const parts = [name, versus == null ? `cum ${box.cum}, ${box.cumPct}` : `${versus.base} before, ${versus.new} now, ${box.cum}`];
  if (box.flat !== '' && versus == null) parts.push(`flat ${box.flat}`);
  if (box.inline) parts.push('inlined');
  return parts.join(', ');
}

/** Of two graphs that are shown together each has boxes of its own, which may be called the same. */
function idOf(box: BoxDetails, title: string): string {
  return `${title.toLowerCase().replace(' ', '-')}-box-${box.id.replace('+', '-')}`;
}

interface ItemProps {
  box: BoxDetails;
  title: string;
  selected: boolean;
  children?: JSX.Element | undefined;
}

function Item({ box, title, selected, children }: ItemProps): JSX.Element {
  return (
    <li role="treeitem" id={idOf(box, title)} aria-level={box.row + 1} aria-selected={selected} aria-label={label(box)}
      aria-expanded={box.childCount > 0 ? children !== undefined : undefined}>
      {children}
    </li>
  );
}

interface GroupProps {
  boxes: readonly BoxDetails[];
  title: string;
  here?: BoxDetails;
  inside?: JSX.Element | undefined;
}

function Group({ boxes, title, here, inside }: GroupProps): JSX.Element {
  return (
    <ul role="group">
      {boxes.map((box) => (
        <Item key={box.id} box={box} title={title} selected={box === here}>
          {box === here ? inside : undefined}
        </Item>
      ))}
    </ul>
  );
}

function Level({ at, title }: { at: Around; title: string }): JSX.Element {
  const below = at.children.length > 0 ? <Group boxes={at.children} title={title} /> : undefined;
  const row = [at.previous, at.here, at.next].filter((box) => box !== null);
  if (at.parent === null) return <Item box={at.here} title={title} selected>{below}</Item>;
  return (
    <Item box={at.parent} title={title} selected={false}>
      <Group boxes={row} title={title} here={at.here} inside={below} />
    </Item>
  );
}

/** The tree. It takes the keyboard focus for the picture beside it. */
export function FlameTree({ query, shape, box, title }: { query: Query; shape: FlameShape; box: string; title: string }): JSX.Element {
  const answer = useAnswer(() => around(query, shape, box || '0'), [query, shape, box]);
  const at = answer.value;
  return (
    <ul class="flame-tree" role="tree" tabIndex={0} aria-label={title}
      aria-activedescendant={at === undefined ? undefined : idOf(at.here, title)} aria-busy={answer.loading}>
      {at !== undefined && <Level at={at} title={title} />}
    </ul>
  );
}
