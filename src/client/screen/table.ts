/** Rows in columns: words to the left, numbers to the right. */
import { plain, widthOf } from './text.js';

export interface Column<R> {
  readonly title: string;
  readonly of: (row: R) => string;
  readonly right?: boolean;
  /** Of the columns that a narrow terminal has no room for the one with the highest goes first; one without stays. */
  readonly spare?: number;
}

const GAP = '  ';

/** The widths that these rows need; a later table of the same columns may be given them. */
export const widthsOf = <R>(columns: readonly Column<R>[], cells: readonly (readonly string[])[]): number[] =>
  columns.map((column, i) => Math.max(widthOf(column.title), ...cells.map(row => widthOf(row[i] ?? ''))));

export const cellsOf = <R>(columns: readonly Column<R>[], rows: readonly R[]): string[][] =>
  rows.map(row => columns.map(column => plain(column.of(row))));

export const lineOf = (columns: readonly Pick<Column<never>, 'right'>[], widths: readonly number[], cells: readonly string[]): string =>
  columns
    .map((column, i) => pad(cells[i] ?? '', widths[i] ?? 0, column.right ?? false))
    .join(GAP)
    .trimEnd();

export const titlesOf = (columns: readonly { readonly title: string }[]): string[] => columns.map(c => c.title);

/** The columns that a line of so many has room for. Where those that stay are too wide as well, lines wrap. */
export function fitting<R>(columns: readonly Column<R>[], rows: readonly R[], room: number): readonly Column<R>[] {
  if (!Number.isFinite(room)) return columns;
  const widths = widthsOf(columns, cellsOf(columns, rows));
  const left = new Set(columns.keys());
  const going = [...columns.keys()].filter(i => columns[i]?.spare).sort((a, b) => (columns[b]?.spare ?? 0) - (columns[a]?.spare ?? 0));
  const taken = () => [...left].reduce((sum, i) => sum + (widths[i] ?? 0) + GAP.length, -GAP.length);
  for (const i of going) if (taken() > room) left.delete(i);
  return columns.filter((_, i) => left.has(i));
}

/** Which columns a wider terminal would show; nothing, where all are there. */
export function leftOutWords<R>(columns: readonly Column<R>[], shown: readonly Column<R>[]): string[] {
  const titles = titlesOf(columns.filter(column => !shown.includes(column)));
  return titles.length === 0 ? [] : [`A wider terminal also shows: ${titles.join(', ')}.`];
}

/** The whole table as lines, its titles first. */
export function table<R>(columns: readonly Column<R>[], rows: readonly R[]): string[] {
  const cells = cellsOf(columns, rows);
  const widths = widthsOf(columns, cells);
  return [titlesOf(columns), ...cells].map(row => lineOf(columns, widths, row));
}

const pad = (text: string, width: number, right: boolean): string => {
  const fill = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? fill + text : text + fill;
};
