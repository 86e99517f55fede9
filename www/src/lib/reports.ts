// The reports that the core writes, as the page offers them.

import { stemOf } from './stem';

/** A report. */
export interface ReportKind {
  /** Its name in the core: pprof's, where pprof has it. */
  report: string;
  label: string;
  about: string;
  group: 'Text' | 'Graph' | 'Data';
  /** What a file of it is called after the profile, when that is not the report's name. */
  part?: string;
  extension: string;
  type: string;
  /** In which form the core writes it, when not as pprof does. */
  format?: 'csv' | 'json';
  /** It is about functions that match an expression. */
  needsSymbol?: boolean;
}

const TEXT = { group: 'Text', extension: 'txt', type: 'text/plain' } as const;

/** All of them, in the order of the menu. pprof's `list` is not among them: a page has no sources to list. */
export const REPORTS: readonly ReportKind[] = [
  { ...TEXT, report: 'top', label: 'Top', about: 'Every function with flat and cum' },
  { ...TEXT, report: 'tree', label: 'Tree', about: 'Every function with its callers and callees' },
  { ...TEXT, report: 'peek', label: 'Peek', about: 'Callers and callees of some functions', needsSymbol: true },
  { ...TEXT, report: 'traces', label: 'Traces', about: 'Every sample with its stack' },
  { ...TEXT, report: 'tags', label: 'Tags', about: 'Labels and their values' },
  { ...TEXT, report: 'raw', label: 'Raw', about: 'The tables of the profile' },
  { ...TEXT, report: 'comments', label: 'Comments', about: 'The comments of the profile' },
  { report: 'dot', label: 'DOT', about: 'The call graph for Graphviz', group: 'Graph', part: 'graph', extension: 'dot', type: 'text/vnd.graphviz' },
  { report: 'callgrind', label: 'Callgrind', about: 'The call graph for KCachegrind', group: 'Graph', extension: 'out', type: 'text/plain' },
  { report: 'proto', label: 'Profile', about: 'What the filters leave, as a profile', group: 'Data', extension: 'pb.gz', type: 'application/gzip' },
  { report: 'topproto', label: 'Top as profile', about: 'The rows of Top, as a profile', group: 'Data', extension: 'pb.gz', type: 'application/gzip' },
  { report: 'folded', label: 'Folded', about: 'A line per stack, for flame graph scripts', group: 'Data', extension: 'txt', type: 'text/plain' },
  { report: 'speedscope', label: 'Speedscope', about: 'JSON for speedscope', group: 'Data', extension: 'json', type: 'application/json' },
  { report: 'top', format: 'csv', label: 'CSV', about: 'The rows of Top for a spreadsheet', group: 'Data', extension: 'csv', type: 'text/csv' },
  { report: 'top', format: 'json', label: 'JSON', about: 'The rows of Top for a program', group: 'Data', extension: 'json', type: 'application/json' },
];

/** A file name for a report on a profile. */
export function reportFileName(profile: string, { report, part, extension }: ReportKind): string {
  return `${[stemOf(profile), part ?? report].filter((part) => part !== '').join('-')}.${extension}`;
}
