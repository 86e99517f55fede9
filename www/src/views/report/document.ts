/** The report's document as `reportJson` gives it; the fields that the page draws. */
import { stemOf } from '../../lib/stem';

/** A piece of text of one look. */
export interface Run {
  text: string;
  code: boolean;
  strong: boolean;
}

/** A column of a table. */
export interface DocumentColumn {
  label: string;
  numeric: boolean;
  code: boolean;
}

/** How a row that is part of a whole is drawn. */
export interface Mark {
  color: string;
  hatched: boolean;
  share: number;
}

/** One piece of content. */
export type Block =
  | { type: 'paragraph' | 'note'; text: string; runs: Run[] }
  | { type: 'table'; caption: string; columns: DocumentColumn[]; rows: string[][]; marks?: Mark[] }
  | { type: 'list'; ordered: boolean; items: string[]; runs: Run[][] }
  | { type: 'code'; text: string }
  | { type: 'figure'; caption: string; svg: string }
  | { type: 'missing'; text: string; command: string };

/** A heading and what stands under it. */
export interface Section {
  id: string;
  title: string;
  /** 2 for a chapter, 3 for a section, 4 for a file's part of a section. */
  level: number;
  blocks: Block[];
}

/** A whole report. */
export interface ReportDocument {
  generator: string;
  title: string;
  notes: string;
  files: { name: string; kind: string; kindLabel: string }[];
  sections: Section[];
}

/** Reads the JSON export. */
export function parseDocument(json: string): ReportDocument {
  return JSON.parse(json) as ReportDocument;
}

/** A file name for an export: after the one file it is about, else plain `report`. */
export function exportName(files: readonly string[], extension: string): string {
  const [only] = files;
  if (files.length !== 1 || only === undefined) return `report.${extension}`;
  const stem = stemOf(only);
  return stem === '' ? `report.${extension}` : `${stem}-report.${extension}`;
}
