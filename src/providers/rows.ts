/** Answers that come as a list of rows, put straight into columns. */
import { type Bars, emptyBars, type Value } from '../model/bars.js';
import { fieldsOf, numberOf } from './fields.js';

/** Which field of a row holds which value; what is not named, the source does not state. */
export type RowNames = Readonly<Partial<Record<Value, string | number>>>;

/** The rows in the order in which they came. A stamp that cannot be read is NaN, which no check lets pass. */
export function barsOfRows(rows: readonly unknown[], source: string, stamp: (row: unknown) => number, names: RowNames): Bars {
  const bars = emptyBars(rows.length, [source]);
  const columns = Object.entries(names).map(([value, name]) => ({ column: bars[value as Value], name }));
  rows.forEach((row, i) => {
    const fields = fieldsOf(row);
    bars.ts[i] = stamp(row);
    for (const { column, name } of columns) column[i] = numberOf(fields[name]);
  });
  return bars;
}
