/** What rows are read into: a column for each value that the file states; those that it does not state are one column of nothing. */
import { type Bars, notStated, sliceBars, VALUES } from '../../model/bars.js';
import type { Layout } from '../layout.js';

export interface Columns {
  readonly bars: Bars;
  readonly lines: Float64Array;
  /** Whether a row said its own offset. */
  readonly moments: Uint8Array;
}

export function columnsFor(rows: number, { values }: Layout, source: string): Columns {
  const nothing = notStated(rows);
  const column = (value: (typeof VALUES)[number]) => (values[value] === undefined ? nothing : new Float64Array(rows));
  const stated = Object.fromEntries(VALUES.map(value => [value, column(value)])) as Record<(typeof VALUES)[number], Float64Array>;
  const bars = { ts: new Float64Array(rows), ...stated, source: new Uint16Array(rows), sources: [source] };
  return { bars, lines: new Float64Array(rows), moments: new Uint8Array(rows) };
}

export const firstRows = ({ bars, lines, moments }: Columns, count: number): Columns => ({
  bars: sliceBars(bars, 0, count),
  lines: lines.subarray(0, count),
  moments: moments.subarray(0, count),
});
