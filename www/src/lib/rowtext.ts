// Rows of a table as text for the clipboard: values as they are shown, never reckoned anew.

/** A table: its headings, which columns hold figures, and its cells as text. */
export interface TextTable {
  headings: readonly string[];
  /** By column; figures are aligned to the right. */
  numeric: readonly boolean[];
  rows: readonly (readonly string[])[];
}

/** Tabs and ends of lines would be taken for the table's own. */
function flat(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ');
}

/**
 * Lines of cells with tabs between them, each padded to the width of its column: aligned where the face is
 * monospaced, and cells where it is pasted into a spreadsheet.
 */
export function alignedText({ headings, numeric, rows }: TextTable): string {
  const lines = [headings, ...rows].map((cells) => cells.map(flat));
  const widths = headings.map((_, at) => lines.reduce((most, cells) => Math.max(most, [...(cells[at] ?? '')].length), 0));
  const padded = (text: string, at: number): string => {
    const room = ' '.repeat((widths[at] ?? 0) - [...text].length);
    return numeric[at] === true ? room + text : text + room;
  };
  return lines.map((cells) => `${cells.map(padded).join('\t').trimEnd()}\n`).join('');
}

/** A cell as RFC 4180 has it. What a spreadsheet would take for a formula is kept from it. */
function csvCell(text: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Comma-separated values with a heading. */
export function csvText({ headings, rows }: TextTable): string {
  return [headings, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}
