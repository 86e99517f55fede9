// The core's second half: what the first picture of a profile does without. It is fetched when something
// of it is needed, or once there is nothing else to do.
//
// The verbs that need it wait for it, so that a fetch that fails is an answer like any other. The core's own
// way to it, `loadMore`, is for what nobody foresaw: it blocks, and when it fails the core is lost.

import { secondModule, secondModuleNow } from './modules';
import type { Verb } from './protocol';

/** Verbs that do without the second half, as long as their query does; all others are in what `DEFERRED` of `xtask/src/build/wasm.rs` names. */
export const WITHOUT_MORE: ReadonlySet<Verb> = new Set<Verb>([
  'top',
  'topRows',
  'topPlace',
  'flame',
  'flameBoxes',
  'flameBox',
  'flameFind',
  'names',
  'format',
  'details',
  'neighbours',
  'findNode',
  'hotPaths',
  'summary',
  'allocations',
  'allocationRows',
  'ownCode',
]);

/** Whether a question needs the second half: by its verb, or because it filters, names modules, searches, compares, or shows siblings by name or the tree of a function. */
export function needsMore(verb: Verb, args: readonly unknown[]): boolean {
  return !WITHOUT_MORE.has(verb) || args.some(hasExpression);
}

/** What of an argument needs the second half. */
interface Asked {
  steps?: readonly object[];
  main?: string;
  mine?: boolean;
  base?: object;
  search?: string;
  byName?: boolean;
  pivot?: number;
  shape?: object;
}

/** Whether an argument is a query with filters, named modules or a baseline, asks for matches of an expression, or for a tree of another kind. */
function hasExpression(arg: unknown): boolean {
  if (typeof arg !== 'object' || arg === null) return false;
  const { steps = [], search, base, main, mine, byName, pivot, shape } = arg as Asked;
  if (byName === true || pivot !== undefined || hasExpression(shape)) return true;
  return base != null || mine === true || Boolean(main) || Boolean(search) || steps.length > 0;
}

let first: WebAssembly.Exports = {};
let linked = false;
let coming: Promise<void> | undefined;

/** Says what the second half is to be linked with: the exports of the first. */
export function linkWith(exports: WebAssembly.Exports): void {
  first = exports;
  Object.assign(globalThis, { loadMore });
}

/** Resolves once the second half is there. After a failure it may be asked again. */
export async function more(): Promise<void> {
  if (linked) return;
  coming ??= fetchMore().catch((error: unknown) => {
    coming = undefined;
    throw new Error(explained(error));
  });
  await coming;
}

async function fetchMore(): Promise<void> {
  link(await WebAssembly.compile(await secondModule()));
}

/** What stubs in the core call: the second half is linked when it returns. */
function loadMore(): void {
  try {
    link(new WebAssembly.Module(secondModuleNow()));
  } catch (error) {
    // The core is left in the middle of a call, as by a trap, and has to be treated like that.
    throw new WebAssembly.RuntimeError(explained(error));
  }
}

/** Both ways may be under way at once; the second half is linked once. */
function link(module: WebAssembly.Module): void {
  if (linked) return;
  new WebAssembly.Instance(module, { first: first as WebAssembly.ModuleImports });
  linked = true;
}

function explained(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `a part of this page could not be fetched (${reason}); try again, or load the page anew`;
}
