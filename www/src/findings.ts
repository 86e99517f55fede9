// What the rules say about files of the session, asked for once while the files are the same.

import { keyed } from './core';
import type { FindingList } from './core';
import { files, state } from './state';
import type { SessionFile } from './state';

/** What was found in these files of the session, by the ids of those looked at. */
let known: { of: readonly SessionFile[]; lists: Map<string, FindingList> } = { of: [], lists: new Map() };

/** Whether the findings over all files of the session are here. */
export function areKnown(): boolean {
  return known.of === files.peek() && known.lists.has(state.peek().main);
}

/** The findings over all files of the session, or over some; the key is that of the question, as `keyed` has it. */
export async function findingsOf(key: string, ids: readonly number[] = []): Promise<FindingList> {
  const now = files.peek();
  if (known.of !== now) known = { of: now, lists: new Map() };
  const { lists } = known;
  const main = state.peek().main;
  const of = [main, ...ids].join();
  const list = lists.get(of) ?? (await keyed(key).findings(Uint32Array.from(ids), main));
  lists.set(of, list);
  return list;
}
