// The picture for those who do not see it: the node that is stood on between its heaviest caller, what stands
// beside it, and its callees. It takes the keyboard focus for the canvas.

import type { JSX } from 'preact';
import type { CallNode } from '../../core';
import { next } from './scene';
import type { Scene } from './scene';

/** Callees that are spelled out. */
const SPELLED = 8;

function labelOf(node: CallNode): string {
  return `${node.name.full}, cum ${node.cum}, ${node.cumPct}, flat ${node.flat}`;
}

function idOf(at: number): string {
  return `graph-node-${at}`;
}

interface ItemProps {
  scene: Scene;
  at: number;
  level: number;
  selected: boolean;
  /** What flows through the call that leads to it. */
  through?: string;
  children?: JSX.Element | undefined;
}

function Item({ scene, at, level, selected, through, children }: ItemProps): JSX.Element {
  const node = scene.graph.nodes[at] as CallNode;
  return (
    <li role="treeitem" id={idOf(at)} aria-level={level} aria-selected={selected}
      aria-label={through === undefined ? labelOf(node) : `${labelOf(node)}, ${through} from the caller`}
      aria-expanded={(scene.outs[at]?.length ?? 0) > 0 ? children !== undefined : undefined}>
      {children}
    </li>
  );
}

/** Callees of a node but itself, heaviest first, with what flows to them. */
function callees(scene: Scene, at: number): { at: number; value: string }[] {
  const calls = (scene.outs[at] ?? []).map((call) => scene.graph.edges[call]).filter((edge) => edge !== undefined);
  return calls.filter((edge) => edge.to !== at).map((edge) => ({ at: edge.to, value: edge.value }));
}

function Level({ scene, at }: { scene: Scene; at: number }): JSX.Element {
  const caller = next(scene, at, 'up');
  const level = caller < 0 ? 1 : 2;
  const seen = new Set([caller, at]);
  const fresh = (other: number): boolean => other >= 0 && !seen.has(other) && seen.add(other) !== undefined;
  const [left, right] = (['left', 'right'] as const).map((way) => next(scene, at, way)).map((other) => (fresh(other) ? other : -1)) as [number, number];
  const called = callees(scene, at).filter((one) => fresh(one.at)).slice(0, SPELLED);
  const below = called.length === 0 ? undefined : (
    <ul role="group">
      {called.map((one) => (
        <Item key={one.at} scene={scene} at={one.at} level={level + 1} selected={false} through={one.value} />
      ))}
    </ul>
  );
  const row = [left, at, right].filter((other) => other >= 0).map((other) => (
    <Item key={other} scene={scene} at={other} level={level} selected={other === at}>
      {other === at ? below : undefined}
    </Item>
  ));
  if (caller < 0) return <>{row}</>;
  return (
    <Item scene={scene} at={caller} level={1} selected={false}>
      <ul role="group">{row}</ul>
    </Item>
  );
}

/** The tree. While nothing is stood on it holds the first node. */
export function GraphTree({ scene, standing }: { scene: Scene; standing: number }): JSX.Element {
  const at = standing < 0 ? 0 : standing;
  return (
    <ul class="flame-tree" role="tree" tabIndex={0} aria-label="Call graph" aria-activedescendant={idOf(at)}>
      <Level scene={scene} at={at} />
    </ul>
  );
}
