// The order in which findings are listed: a cause before what follows from it. Pure.

import type { FindingDto } from '../../core';

/** A finding in its place. */
export interface Row {
  finding: FindingDto;
  /** What it follows from; undefined for a cause. */
  cause: FindingDto | undefined;
  /** How far it is set in: 1 and more below its cause. */
  depth: number;
}

/** Steps that rows are set in at most: more would only cost room. */
const MOST_DEEP = 2;

/** The severities, gravest first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** What is only worth knowing is listed apart. */
export function isMinor(finding: FindingDto): boolean {
  return finding.severity === 'info';
}

/** The rows above information: as grave as its gravest consequence is what has any, each with those below it. */
export function outline(findings: readonly FindingDto[]): Row[] {
  const rows: Row[] = [];
  const placed = new Set<number>();
  findings.forEach((_, at) => {
    for (const row of below(findings, rootOf(findings, at))) {
      if (placed.has(row.at)) continue;
      placed.add(row.at);
      rows.push(row);
    }
  });
  return rows;
}

/** The first of the causes that is listed, too. */
function rootOf(findings: readonly FindingDto[], from: number): number {
  let at = from;
  // No chain is longer than the list.
  for (let step = 0; step < findings.length; step++) {
    const next = findings[at]?.explainedBy;
    const cause = next === undefined ? undefined : findings[next];
    if (next === undefined || cause === undefined || isMinor(cause)) break;
    at = next;
  }
  return at;
}

/** A finding and all that follows from it, depth first. */
function below(findings: readonly FindingDto[], root: number): (Row & { at: number })[] {
  const rows: (Row & { at: number })[] = [];
  const waiting = [{ at: root, depth: 0 }];
  const seen = new Set<number>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { at, depth } = next;
    const finding = findings[at];
    if (finding === undefined || seen.has(at) || isMinor(finding)) continue;
    seen.add(at);
    rows.push({ at, finding, depth: Math.min(depth, MOST_DEEP), cause: findings[finding.explainedBy ?? -1] });
    const follow = [...finding.explains].filter((one) => findings[one]?.explainedBy === at).sort((a, b) => b - a);
    for (const one of follow) waiting.push({ at: one, depth: depth + 1 });
  }
  return rows;
}

/** How many there are of each severity: `3 high, 1 medium, 4 info`. */
export function countsText(findings: readonly FindingDto[]): string {
  return SEVERITIES.map((severity) => ({ severity, count: findings.filter((one) => one.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`)
    .join(', ');
}
