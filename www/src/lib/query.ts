// The part of a query that most tests and look-ups leave alone.

/** Options of a query that shows the whole profile. */
export const UNFILTERED = {
  showcolumns: false,
  mean: false,
  relative: false,
  unit: '',
  dropneg: false,
  nodefraction: 0,
  nodecount: 0,
  filters: {
    focus: '',
    ignore: '',
    hide: '',
    show: '',
    show_from: '',
    prune_from: '',
    tagfocus: '',
    tagignore: '',
    tagshow: '',
    taghide: '',
    tagroot: '',
    tagleaf: '',
  },
};
