// The core's second half: what the first picture of a profile does without. It is fetched when something
// of it is needed, or once there is nothing else to do.
//
// The verbs that need it wait for it, so that a fetch that fails is an answer like any other. The core's own
// way to it, `loadMore`, is for what nobody foresaw: it blocks, and when it fails the core is lost.

import type { Verb } from './protocol';

/** Verbs that need the second half; what `DEFERRED` of `xtask/src/build/wasm.rs` names. */
export const NEEDS_MORE: ReadonlySet<Verb> = new Set<Verb>([
  'compare',
  'comparePlace',
  'compareRows',
  'compareTexts',
  'filters',
  'findings',
  'goroutines',
  'goroutineStacks',
  'growth',
  'mergeFiles',
  'pprof',
  'reportHtml',
  'reportMarkdown',
  'reportJson',
  'search',
  'tagRange',
  'tagValues',
  'tags',
  'timeRange',
  'timeStrip',
]);

/** Whether a question needs the second half: by its verb, or because it filters, names modules, searches or compares. */
export function needsMore(verb: Verb, args: readonly unknown[]): boolean {
  return NEEDS_MORE.has(verb) || args.some(hasExpression);
}

/** What of an argument needs the second half. */
interface Asked {
  filters?: Record<string, string>;
  main?: string;
  mine?: boolean;
  base?: object;
  search?: string;
}

/** Whether an argument is a query with filters, named modules or a baseline, or asks for matches of an expression. */
function hasExpression(arg: unknown): boolean {
  if (typeof arg !== 'object' || arg === null) return false;
  const { filters, search, base, main, mine } = arg as Asked;
  return base != null || mine === true || Boolean(main) || Boolean(search) || Object.values(filters ?? {}).some((text) => text !== '');
}

const ADDRESS = new URL('./pkg/dropprof_more.wasm', import.meta.url);

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
  const response = await fetch(ADDRESS);
  if (!response.ok) throw new Error(`status ${response.status}`);
  link(await WebAssembly.compile(await response.arrayBuffer()));
}

/** What stubs in the core call: the second half is linked when it returns. */
function loadMore(): void {
  try {
    const request = new XMLHttpRequest();
    request.open('GET', ADDRESS, false);
    request.responseType = 'arraybuffer';
    request.send();
    if (request.status !== 200) throw new Error(`status ${request.status}`);
    link(new WebAssembly.Module(request.response as ArrayBuffer));
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
