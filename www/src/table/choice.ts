/** What a person has made of a table's columns: which are shown, and how wide they are. */
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { setSettings, settings } from '../settings';
import { file } from '../state';
import type { Column } from './column';

/** Least width in CSS pixels of a column that was narrowed by hand. */
export const NARROWEST = 32;
const WIDEST = 2000;

/** The column whose edge is being dragged: it is remembered when it is let go. */
export const dragged = signal<{ id: string; key: string; width: number } | null>(null);

/** Columns differ by kind of profile, and so does what is wanted of them. */
function choiceKey(id: string): string {
  return `${id} ${file.value?.kind ?? 'other'}`;
}

/** Whether a column is shown. */
export function isShown<Row>(id: string, column: Column<Row>): boolean {
  return column.grow === true || (settings.value.columns[choiceKey(id)]?.[column.key] ?? column.hidden !== true);
}

/** Shows or hides a column. */
export function showColumn(id: string, key: string, shown: boolean): void {
  const { columns } = settings.peek();
  setSettings({ columns: { ...columns, [choiceKey(id)]: { ...columns[choiceKey(id)], [key]: shown } } });
}

/** Sets the width of a column. */
export function setWidth(id: string, key: string, width: number): void {
  const { widths } = settings.peek();
  setSettings({ widths: { ...widths, [id]: { ...widths[id], [key]: clampWidth(width) } } });
}

/** A width that can still be seen, and dragged back. */
export function clampWidth(width: number): number {
  return Math.round(Math.min(Math.max(width, NARROWEST), WIDEST));
}

/** Gives a table back its own columns and widths, for this kind of profile. */
export function resetColumns(id: string): void {
  const { columns, widths } = settings.peek();
  const without = <T>(all: Readonly<Record<string, T>>, key: string): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => name !== key));
  setSettings({ columns: without(columns, choiceKey(id)), widths: without(widths, id) });
}

/** Whether anything of a table was changed by hand. */
export function isChanged(id: string): boolean {
  const { columns, widths } = settings.value;
  return columns[choiceKey(id)] !== undefined || widths[id] !== undefined;
}

/** The columns as they are wanted. One that was asked for is not left out for want of room. */
export function useChosen<Row>(id: string | undefined, columns: readonly Column<Row>[]): readonly Column<Row>[] {
  const key = id === undefined ? '' : choiceKey(id);
  const choice = settings.value.columns[key];
  const widths = settings.value.widths[id ?? ''];
  const now = dragged.value?.id === id ? dragged.value : null;
  return useMemo(() => {
    if (id === undefined || (choice === undefined && widths === undefined && now === null)) {
      return columns.some((column) => column.hidden === true) ? columns.filter((column) => column.hidden !== true) : columns;
    }
    return columns
      .filter((column) => isShown(id, column))
      .map((column) => {
        const wanted = choice?.[column.key] === true ? { ...column, optional: 0, wanted: true } : column;
        const width = now?.key === column.key ? now.width : widths?.[column.key];
        return width === undefined ? wanted : ofWidth(wanted, width);
      });
  }, [columns, choice, widths, now]);
}

/** The column that takes what is left takes what it is told instead. */
function ofWidth<Row>({ roomy: _, ...column }: Column<Row>, width: number): Column<Row> {
  return { ...column, width, grow: false };
}
