// What is told about filters and transforms where they are chosen; no part of the first load.

import { FILTERS } from './filters';
import { TRANSFORMS } from './steps';
import type { StepKind, StepName } from './steps';

/** A filter or transform in words. */
interface StepText {
  /** What it does, in one line. */
  about: string;
  /** An example of an expression; empty where none is written. */
  example: string;
}

const TEXTS: Record<StepName, StepText> = {
  focus: { about: 'Keeps samples that go through a matching function, file or binary.', example: 'json|regexp' },
  ignore: { about: 'Drops samples that go through a matching function, file or binary.', example: '^runtime\\.' },
  hide: { about: 'Takes matching frames out of every stack; their cost goes to the caller.', example: '^runtime\\.' },
  show: { about: 'Keeps only matching frames; the cost of the others goes to the caller that stays.', example: '^main\\.' },
  show_from: { about: 'Cuts off what stands above the first match from the root; samples without one are dropped.', example: 'http\\.\\(\\*conn\\)\\.serve' },
  prune_from: { about: 'Cuts off what a matching function calls.', example: '^encoding/json\\.' },
  tagfocus: { about: 'Keeps samples with a matching label, or with a number in a range.', example: 'route=/api/.* or 1mb:' },
  tagignore: { about: 'Drops samples with a matching label, or with a number in a range.', example: 'tenant=test or :4kb' },
  tagshow: { about: 'Keeps only the labels whose key matches.', example: 'route|method' },
  taghide: { about: 'Takes away the labels whose key matches.', example: 'request_id' },
  tagroot: { about: 'Puts the values of these labels above the root of every stack; keys, separated by commas.', example: 'tenant,route' },
  tagleaf: { about: 'Puts the values of these labels below the leaf of every stack; keys, separated by commas.', example: 'bytes' },
  focus_function: { about: 'Makes the function the root: what calls it is cut off, samples without it go.', example: '^main\\.run$' },
  focus_subtree: { about: 'Shows only what happens below this one place in the tree.', example: '' },
  focus_self: { about: 'Keeps the samples in which the function itself was running.', example: '^runtime\\.memmove$' },
  focus_category: { about: 'Leaves only frames of one kind of code; the cost of others goes to the caller that stays.', example: 'runtime' },
  merge_function: { about: 'Takes the function out of every stack; its cost goes to whoever called it.', example: '^main\\.wrap$' },
  merge_node: { about: 'Takes the function out at this one place in the tree only.', example: '' },
  collapse_function: { about: 'Hides what the function calls: all of that becomes its own cost.', example: '^encoding/json\\.Marshal$' },
  collapse_package: { about: 'Shows each run of calls inside the package as one frame; matches import paths.', example: '^encoding/json$' },
  collapse_recursion: { about: 'What the function does after calling itself again, it does from its first call.', example: '^main\\.walk$' },
  collapse_direct: { about: 'Shows calls of the function by itself as one.', example: '^main\\.walk$' },
  drop_samples: { about: 'Takes away every sample that goes through the function.', example: '^runtime\\.gcBgMarkWorker$' },
};

/** What can be written by hand. */
export const WRITTEN: readonly StepKind[] = [...FILTERS, ...TRANSFORMS.filter(({ chosen }) => chosen !== true)];

/** The words of one. */
export function stepText(name: StepName): StepText {
  return TEXTS[name];
}
