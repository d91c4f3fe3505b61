import { type Bars, barAt, countOf, takeBars } from '../../model/bars.js';
import type { Calendar } from '../../model/calendar.js';
import type { Ends } from '../../model/import.js';
import { interval } from '../../model/interval.js';
import { isNonsense, saysNothing } from '../../model/quality.js';
import type { Timeframe } from '../../model/timeframe.js';

export interface EndsFacts {
  readonly calendar: Calendar;
  readonly timeframe: Timeframe;
  readonly mayBeNegative: boolean;
}

const SHOWN = 3;

/** The ends of a stretch as they will be stored: a row that the gate sets aside is none of them. */
export function endsOf(bars: Bars, facts: EndsFacts, [first, last] = outermost(bars.ts)): Ends {
  const rows = countOf(bars);
  const looked = [first, last, ...indices(0, SHOWN, rows), ...indices(rows - SHOWN, rows, rows)];
  if (rows > 0 && looked.some(row => isAside(bars, row, facts))) {
    const kept = indices(0, rows, rows).filter(row => !isAside(bars, row, facts));
    return endsOf(takeBars(bars, kept), facts);
  }
  return {
    first: rows > 0 ? (bars.ts[first] as number) : null,
    last: rows > 0 ? (bars.ts[last] as number) : null,
    head: indices(0, SHOWN, rows).map(row => barAt(bars, row)),
    tail: indices(rows - SHOWN, rows, rows).map(row => barAt(bars, row)),
  };
}

function isAside(bars: Bars, row: number, { calendar, timeframe, mayBeNegative }: EndsFacts): boolean {
  if (isNonsense(bars, row, mayBeNegative)) return true;
  const at = bars.ts[row] as number;
  return saysNothing(bars, row) && calendar.count(interval(at, at + 1), timeframe) === 0;
}

/** The rows with the least and the greatest time: a file may be in any order. */
export function outermost(ts: Float64Array): [number, number] {
  let [first, last] = [0, 0];
  for (let i = 1; i < ts.length; i++) {
    if ((ts[i] as number) < (ts[first] as number)) first = i;
    if ((ts[i] as number) > (ts[last] as number)) last = i;
  }
  return [first, last];
}

const indices = (from: number, to: number, rows: number): number[] => {
  const start = Math.max(0, from);
  return Array.from({ length: Math.max(0, Math.min(to, rows) - start) }, (_, i) => start + i);
};
