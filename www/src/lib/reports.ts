// The reports that the core writes, as the page offers them.

/** A report. */
export interface ReportKind {
  /** Its name in the core: pprof's, where pprof has it. */
  report: string;
  label: string;
  about: string;
  group: 'Text' | 'Graph' | 'Data';
  extension: string;
  type: string;
  /** It is about functions that match an expression. */
  needsSymbol?: boolean;
}

const TEXT = { group: 'Text', extension: 'txt', type: 'text/plain' } as const;

/** All of them, in the order of the menu. */
export const REPORTS: readonly ReportKind[] = [
  { ...TEXT, report: 'top', label: 'Top', about: 'Every function with flat and cum' },
  { ...TEXT, report: 'tree', label: 'Tree', about: 'Every function with its callers and callees' },
  { ...TEXT, report: 'peek', label: 'Peek', about: 'Callers and callees of some functions', needsSymbol: true },
  { ...TEXT, report: 'list', label: 'List', about: 'Costs by source line of some functions', needsSymbol: true },
  { ...TEXT, report: 'traces', label: 'Traces', about: 'Every sample with its stack' },
  { ...TEXT, report: 'tags', label: 'Tags', about: 'Labels and their values' },
  { ...TEXT, report: 'raw', label: 'Raw', about: 'The tables of the profile' },
  { ...TEXT, report: 'comments', label: 'Comments', about: 'The comments of the profile' },
  { report: 'dot', label: 'DOT', about: 'The call graph for Graphviz', group: 'Graph', extension: 'dot', type: 'text/vnd.graphviz' },
  { report: 'callgrind', label: 'Callgrind', about: 'The call graph for KCachegrind', group: 'Graph', extension: 'callgrind', type: 'text/plain' },
  { report: 'proto', label: 'Profile', about: 'What the filters leave, as a profile', group: 'Data', extension: 'pb.gz', type: 'application/gzip' },
  { report: 'topproto', label: 'Top as profile', about: 'The rows of Top, as a profile', group: 'Data', extension: 'pb.gz', type: 'application/gzip' },
  { report: 'folded', label: 'Folded', about: 'A line per stack, for flame graph scripts', group: 'Data', extension: 'folded', type: 'text/plain' },
  { report: 'speedscope', label: 'Speedscope', about: 'JSON for speedscope', group: 'Data', extension: 'speedscope.json', type: 'application/json' },
  { report: 'csv', label: 'CSV', about: 'The rows of Top for a spreadsheet', group: 'Data', extension: 'csv', type: 'text/csv' },
  { report: 'json', label: 'JSON', about: 'The rows of Top for a program', group: 'Data', extension: 'json', type: 'application/json' },
];

/** The name of a profile without what says how it is packed, safe as part of a file's name; may be empty. */
export function stemOf(name: string): string {
  const base = name.split(/[\\/]/).pop() ?? '';
  return (
    base
      .replace(/\.(gz|zst)$/i, '')
      .replace(/\.(pb|pprof|prof|out)$/i, '')
      // What a file system, a shell or a URL could take for something else becomes a dash.
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[.-]+|[.-]+$/g, '')
  );
}

/** A file name for a report on a profile. */
export function reportFileName(profile: string, { report, extension }: ReportKind): string {
  const stem = stemOf(profile);
  return `${stem === '' ? '' : `${stem}-`}${report}.${extension}`;
}
