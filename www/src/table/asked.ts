/** Which query the rows on screen are about. A node's id means something in its own query only. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Query } from '../core';
import { query, selected } from '../state';

/** The query whose answer is drawn. */
export const Asked = createContext<Query | null>(null);

/** The query that the rows around are about. */
export function useAsked(): Query | null {
  return useContext(Asked);
}

/** The selected node among the rows around; null when they are those of an older query. */
export function useSelected(): number | null {
  const node = selected.value;
  return useAsked() === query.value ? node : null;
}
