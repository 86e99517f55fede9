// The demo profiles that lie beside the page.

/** A profile that opens by one click. */
export interface Demo {
  /** Where it is, relative to the page. */
  source: string;
  /** What it is. */
  title: string;
  /** What to look for. */
  about: string;
}

/** The demos, in the order shown. All three come from the same program. */
export const DEMOS: readonly Demo[] = [
  {
    source: 'demo/cpu.pb.gz',
    title: 'CPU',
    about: 'A file synchroniser that burns more than it should',
  },
  {
    source: 'demo/heap.pb.gz',
    title: 'Heap',
    about: 'The same program: what it allocates and what it keeps',
  },
  {
    source: 'demo/cpu-tuned.pb.gz',
    title: 'CPU, tuned',
    about: 'The same work after the obvious repairs',
  },
];
