/** Headings of several lines, as tables of pandas are saved: the names of values, the symbols that they are of, and the name of the stamps. */
import { columnsByName } from './columns.js';

export interface Stacked {
  /** Of which row of the file the names of the stamps are: its last one. */
  readonly last: number;
  /** One line, as any other heading. */
  readonly heading: readonly string[];
  /** What each column is of; of the stamps nothing. */
  readonly symbols: readonly string[];
  /** How the line of symbols calls itself, and where it stands among the lines. */
  readonly level: { readonly name: string; readonly place: 0 | 1 };
}

const STAMPS = /^(date|datetime|timestamp|time|index)$/i;

/** Where a heading of three lines begins. */
export function stackedIn(rows: readonly (readonly string[])[]): Stacked | undefined {
  for (const [last, row] of rows.entries()) {
    const [stamp = '', ...rest] = row;
    const [upper, lower] = [rows[last - 2], rows[last - 1]];
    if (!upper || !lower || !STAMPS.test(stamp) || rest.length === 0 || rest.some(field => field !== '')) continue;
    if (upper.length !== row.length || lower.length !== row.length) continue;
    const headingOf = (names: readonly string[]) => [stamp, ...names.slice(1)];
    const isOfValues = (names: readonly string[]) => columnsByName(headingOf(names)) !== undefined;
    const place = isOfValues(upper) ? 1 : isOfValues(lower) ? 0 : undefined;
    if (place === undefined) continue;
    const [values, symbols] = place === 1 ? [upper, lower] : [lower, upper];
    return { last, heading: headingOf(values), symbols: ['', ...symbols.slice(1)], level: { name: symbols[0] as string, place } };
  }
  return undefined;
}
