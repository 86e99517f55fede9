/** What the columns mean, in the words a person who has never read pprof's manual can use. */

/** Explanations by column key. */
export const TERMS = {
  flat: 'flat: cost of the function itself, without what it calls.',
  flatPct: 'flat%: flat as a share of the total of this sample type.',
  sumPct: 'sum%: flat% of this row and of all rows above it, in the order shown.',
  cum: 'cum: cost of the function and of everything it calls. Recursion is counted once.',
  cumPct: 'cum%: cum as a share of the total of this sample type.',
  name: 'The function, its package dimmed. “inline” marks code that the compiler put into its caller.',
  edge: 'Cost that flows through this call.',
  edgePct: 'Cost of this call as a share of cum of the function in the middle.',
} as const;
