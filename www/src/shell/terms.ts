// What the words on the page mean, for those who ask "what is cum?". Short, and exact: where pprof has a rule,
// this is the rule.

/** A word with what it means. */
export interface Term {
  /** By which headings lead here. */
  key: string;
  /** The word, with others for the same. */
  title: string;
  text: string;
}

/** Terms that belong together. */
export interface TermGroup {
  title: string;
  terms: readonly Term[];
}

/** All of them. */
export const TERM_GROUPS: readonly TermGroup[] = [
  {
    title: 'Numbers of a function',
    terms: [
      { key: 'flat', title: 'flat, self', text: 'Cost of the function itself: samples in which it was the innermost frame. What it calls is not in it. The flat of all rows adds up to the total.' },
      { key: 'cum', title: 'cum, total', text: 'Cost of the function and of everything it calls: samples in which it stands anywhere in the stack. Recursion is counted once, so cum is never more than the total. The cum of several rows cannot be added: a caller’s has its callees’ in it.' },
      { key: 'pct', title: 'flat%, cum%', text: 'The same as a share of all samples of this type in the file. Under filters the whole stays the file’s, unless Options say “Relative percentages”.' },
      { key: 'sum', title: 'sum%', text: 'flat% of this row and of all rows above it, in the order shown: how much the first rows explain together. In another order it is another number.' },
      { key: 'inline', title: 'inline', text: 'The compiler put the function’s code into its caller. Go’s profiles know such calls all the same, and they count as calls here. “partial-inline”: at some places it was, at others not. Without “Inlined frames” their cost is the caller’s.' },
      { key: 'edge', title: 'Cost of a call', text: 'What flows through one caller–callee pair: cost of the callee in samples where this caller called it.' },
    ],
  },
  {
    title: 'What is counted',
    terms: [
      { key: 'sample', title: 'sample, record', text: 'A sample is one observation of a stack. A CPU profile takes one per 10 ms of CPU time unless told otherwise; a heap profile one per 512 KiB allocated, on average, scaled up to what was really allocated. A record is a line of the file: one stack with its values, which may stand for many samples.' },
      { key: 'cpu', title: 'cpu, samples', text: 'cpu is samples times the time between two of them. It is time on a CPU, of all threads together: eight busy cores make eight seconds per second. Waiting is not in it.' },
      { key: 'alloc', title: 'alloc_space, alloc_objects', text: 'All that was allocated since the program began, freed or not. It tells what keeps the collector busy.' },
      { key: 'inuse', title: 'inuse_space, inuse_objects', text: 'What of it was not freed by the last completed collection. It tells what holds memory: look here for a leak. It is less than what the system reports, for that has stacks, free space and the runtime’s own in it.' },
      { key: 'delay', title: 'contentions, delay', text: 'contentions: how often goroutines waited. delay: for how long, added up over all of them, so that it can exceed the time that passed. A block profile charges the one that waited; a mutex profile the one that held the lock, where it let go.' },
      { key: 'goroutine', title: 'goroutine', text: 'How many goroutines stood at this place at the moment of the profile: a count, not a cost.' },
    ],
  },
  {
    title: 'Judgement',
    terms: [
      { key: 'mechanism', title: 'Where does it go', text: 'The bar puts every sample into exactly one part, so the parts add up to the total. CPU time is cut by what the work is for (allocating, collecting, copying, your own code), memory by what asked for it, waiting by what was waited in.' },
      { key: 'severity', title: 'severity', text: 'critical: it dominates everything, or the program does not work. high: change this first. medium: worth a change. low: worth a look when nothing graver is open. info: worth knowing, nothing to do.' },
      { key: 'confidence', title: 'confidence', text: 'How sure the numbers make a finding: low from 10 samples, medium from 30, high from 100 or where it does not depend on samples. Below 10 nothing is claimed. The lower end of the interval has to pass the limit.' },
      { key: 'measured', title: 'measured, indicated', text: 'In a comparison. measured: more than chance among so many rows, and at least 1% of the whole. indicated: hardly chance, if this row alone had been looked at.' },
    ],
  },
  {
    title: 'What is shown',
    terms: [
      { key: 'flame', title: 'Flame graph', text: 'Each box is a function as called from the box above it; its width is its cum there. Siblings lie heaviest first: left to right is no time. Bottom-up, the roots are the innermost functions, and below them stand their callers.' },
      { key: 'colour', title: 'Colours', text: 'In the flame graph the hue tells packages apart, and runtime and standard library are muted; it is no measure. In comparisons red is more and blue is less, and a sign says the same.' },
      { key: 'mine', title: 'Only my code', text: 'Frames of other modules are taken out of the stacks; their cost goes to your function that called them. Totals stay.' },
      { key: 'granularity', title: 'Group by', text: 'What a row or box stands for: a function (wherever it was inlined), a line, a file, a package, or an address. Coarser rows have the cost of all that they hold, counted once per sample.' },
      { key: 'filters', title: 'Focus, ignore, hide, show from', text: 'focus keeps samples that go through a match, ignore drops them. hide takes matching frames out and leaves the samples: their cost goes to the caller. show from cuts off everything above the first match. All are regular expressions.' },
    ],
  },
];
