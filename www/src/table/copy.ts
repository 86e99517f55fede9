/** Rows of a table as text, on their way to the clipboard. */
import { alignedText, csvText } from '../lib/rowtext';
import { copyText } from '../shell/copytext';
import type { Column } from './column';

/** In which form. */
export type CopyForm = 'text' | 'csv';

/** The rows as text, with the columns in the order shown. */
function rowsText<Row>(columns: readonly Column<Row>[], rows: readonly Row[], form: CopyForm): string {
  const table = {
    headings: columns.map((column) => column.label),
    numeric: columns.map((column) => column.numeric === true),
    rows: rows.map((row) => columns.map((column) => column.text?.(row) ?? column.figure?.(row) ?? '')),
  };
  return form === 'csv' ? csvText(table) : alignedText(table);
}

/** Copies them, and says what came of it. */
export async function copied<Row>(label: string, columns: readonly Column<Row>[], rows: readonly Row[], form: CopyForm): Promise<string> {
  const done = await copyText(rowsText(columns, rows, form));
  if (!done) return 'The browser does not let this page copy.';
  return `${rows.length === 1 ? '1 row' : `${rows.length} rows`} of ${label} copied`;
}
