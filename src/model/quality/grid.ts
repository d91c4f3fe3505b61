/** Rows against the bars that are expected: what is there, what is there twice, what opens where nothing should. */
import { type Bars, takeBars, VALUES } from '../bars.js';
import { contains, type IntervalSet } from '../interval.js';
import { add, type Tally } from './counts.js';

/** Rows in time order; rows of one time in an order that does not depend on how they came. Rows in order are not copied. */
export function inOrder(bars: Bars): Bars {
  const { ts } = bars;
  let rising = true;
  for (let i = 1; i < ts.length && rising; i++) rising = (ts[i] as number) > (ts[i - 1] as number);
  if (rising) return bars;
  const order = Array.from(ts.keys()).filter(i => !Number.isNaN(ts[i]));
  return takeBars(
    bars,
    order.sort((a, b) => (ts[a] as number) - (ts[b] as number) || compare(bars, a, b)),
  );
}

function compare(bars: Bars, a: number, b: number): number {
  for (const value of VALUES) {
    const x = bars[value][a] as number;
    const y = bars[value][b] as number;
    if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return Number.isNaN(x) || x < y ? -1 : 1;
  }
  return 0;
}

/** Bars with one row for each time, from bars in order. */
export function distinct(bars: Bars): Bars {
  const { ts } = bars;
  const rows: number[] = [];
  let doubles = false;
  for (let i = 1; i < ts.length && !doubles; i++) doubles = ts[i] === ts[i - 1];
  if (!doubles) return bars;
  for (let i = 0; i < ts.length; i++) if (i === 0 || ts[i] !== ts[i - 1]) rows.push(i);
  return takeBars(bars, rows);
}

export function tallyGrid(bars: Bars, cellOf: Int32Array, expected: Float64Array, accepted: IntervalSet, tally: Tally): void {
  const { ts } = bars;
  let next = 0;
  for (let i = 0; i < cellOf.length; i++) {
    const at = ts[i] as number;
    const cell = cellOf[i] as number;
    add(tally.rows, cell);
    if (i > 0 && at === ts[i - 1]) {
      add(tally.doubles, cell);
      if (compare(bars, i - 1, i) !== 0) add(tally.conflicts, cell);
      continue;
    }
    while (next < expected.length && (expected[next] as number) < at) next++;
    if (expected[next] === at) {
      add(tally.expected, cell);
      add(tally.present, cell);
    } else if (!contains(accepted, at)) add(tally.offGrid, cell);
  }
}
