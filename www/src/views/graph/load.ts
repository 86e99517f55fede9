// The graph of a query, part by part, and what of it matches a search.

import { keyed } from '../../core';
import type { CallGraph, CallGraphOptions, CallGraphPart, Query } from '../../core';

/** A graph, whole. */
export interface Loaded extends CallGraphPart {
  info: CallGraph;
  options: CallGraphOptions;
}

/** A query is the same object as long as it is shown. */
const known = new WeakMap<Query, { key: string; loaded: Loaded }>();

/** Asks the core. What a large graph is made of comes in parts, so that taking one in is not felt. */
export async function load(query: Query, options: CallGraphOptions): Promise<Loaded> {
  const key = JSON.stringify(options);
  const before = known.get(query);
  if (before?.key === key) return before.loaded;
  const verbs = keyed('view');
  const info = await verbs.callGraph(query, options);
  const { nodes, edges, labels } = info.first;
  for (let number = 1; number < info.parts; number++) {
    const part = await verbs.callGraphPart(query, options, number);
    nodes.push(...part.nodes);
    edges.push(...part.edges);
    labels.push(...part.labels);
  }
  const loaded: Loaded = { info, options, nodes, edges, labels };
  known.set(query, { key, loaded });
  return loaded;
}

/** Which nodes match a search; empty without one. */
export async function matchesOf(query: Query, search: string, graph: Loaded): Promise<Uint8Array> {
  if (search === '') return new Uint8Array();
  return keyed('graph.matches').nodeMatches(query, search, Uint32Array.from(graph.nodes, (node) => node.name.node));
}
