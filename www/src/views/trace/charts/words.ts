// Values of a picture as texts: the core says the texts of sums, here are those of single places. No DOM in here.

import type { TraceChart } from '../../../core';
import { bytesText, countText } from '../../../lib/bytes';

const UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
] as const;

/** Nanoseconds as the core writes them, e.g. `12.50ms`. */
export function timeText(nanos: number): string {
  const [unit, size] = UNITS.find(([, least]) => nanos >= least) ?? ['ns', 1];
  const value = (nanos / size).toFixed(unit === 'ns' ? 0 : 2).replace(/\.00$/, '');
  return value === '0' ? '0' : value + unit;
}

/** A share as the core writes it. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0';
  if (percent < 0.01) return '<0.01%';
  return `${percent.toFixed(percent < 10 ? 2 : 1)}%`;
}

/** A value of a picture; of areas, as of the core's sums, the share of all there is. */
export function valueText({ kind, top }: Pick<TraceChart, 'kind' | 'top'>, role: string, value: number): string {
  if (role === 'heap' || role === 'goal') return bytesText(value);
  if (kind === 'bars') return countText(Math.round(value));
  if (kind === 'lines') return value.toFixed(2).replace(/\.00$/, '');
  return shareText(top > 0 ? value / top : 0);
}

/** Which place of a picture it is: a moment, a run of durations, the length of a window. */
export function placeText(chart: TraceChart, at: number): string {
  const from = chart.x[at] ?? 0;
  if (chart.kind === 'curve') return `in any ${timeText(from)}`;
  const to = chart.x[at + 1] ?? chart.end;
  if (chart.kind === 'bars') return `${timeText(from)} to ${timeText(to)}`;
  return `at ${timeText(from)}`;
}

/** What a picture shows, for those who do not see it. */
export function described(chart: TraceChart): string {
  const { kind, title, parts, topText } = chart;
  const said = parts.filter(({ text }) => text !== '').map(({ name, text }) => `${name} ${text}`);
  if (kind === 'bars') {
    const values = parts[0]?.values ?? [];
    const most = values.indexOf(Math.max(...values));
    return `${title}: a histogram of ${timeText(chart.x[0] ?? 0)} to ${timeText(chart.end)}, the most, ${topText}, are from ${placeText(chart, most)}`;
  }
  if (kind === 'curve') {
    const values = parts[0]?.values ?? [];
    // Some of its points, from the shortest to the longest.
    const some = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * (values.length - 1)));
    return `${title}: ${some.map((at) => `${placeText(chart, at)} ${valueText(chart, '', values[at] ?? 0)}`).join(', ')}`;
  }
  const scale = kind === 'heat' ? '' : `; the scale ends at ${topText}`;
  return `${title}, over ${timeText(chart.end)}: ${said.join(', ')}${scale}`;
}
