// Where the page lives: in one file, from which nothing can be fetched. Stands in for `../host.ts`.

import type * as Site from '../host';
import EngineWorker from '../worker.ts?worker&inline';
import { carried } from './parts';

export const IS_ONE_FILE: typeof Site.IS_ONE_FILE = true;

/** Ids of the elements that carry the core's halves. */
const HALVES = ['core-first', 'core-more'] as const;

function half(id: string): Promise<ArrayBuffer> {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`this page has lost its part ${id}`);
  return carried(element).then((blob) => blob.arrayBuffer());
}

/** A worker waits for the core's halves: it has nowhere to fetch them from. */
export const newWorker: typeof Site.newWorker = () => {
  const worker = new EngineWorker({ name: 'dropprof' });
  void Promise.all(HALVES.map(half)).then((halves) => worker.postMessage({ halves }, halves));
  return worker;
};

/** This page, as it came, without its profiles. */
export const emptyPage: typeof Site.emptyPage = async () => {
  const copy = document.documentElement.cloneNode(true) as HTMLElement;
  // The theme and what is drawn are this reader's.
  for (const name of Object.keys(copy.dataset)) delete copy.dataset[name];
  copy.querySelector('#app')?.replaceChildren();
  copy.querySelector('#profiles')?.remove();
  return `<!doctype html>\n${copy.outerHTML}`;
};
