/**
 * Time cut into cells, one for each session (from 1w up for each bar): a cell goes from its first bar to the first
 * bar of the next, so that every row, also one on a closed day, lies in exactly one.
 */
import { lowerBound } from '../bisect.js';
import type { Calendar } from '../calendar.js';
import { type Interval, interval } from '../interval.js';
import { isIntraday, nominalMs, type Timeframe } from '../timeframe.js';

export interface Cells {
  readonly dates: Float64Array;
  /** Where each begins; one more than there are cells: the last is where all end. */
  readonly edges: Float64Array;
}

/** The cells of the sessions whose date lies in the interval. */
export function cellsOf(calendar: Calendar, timeframe: Timeframe, within: Interval): Cells {
  if (!isIntraday(timeframe)) {
    const dates = calendar.expected(within, timeframe);
    const last = dates.at(-1);
    return { dates, edges: Float64Array.from([...dates, last === undefined ? within.to : calendar.next(last, timeframe)]) };
  }
  const sessions = calendar.sessions(within).filter(s => s.segments.length > 0);
  const edges = sessions.map(s => firstBar(calendar, timeframe, (s.segments[0] as Interval).from));
  const end = sessions.at(-1)?.segments.at(-1)?.to;
  edges.push(end === undefined ? within.to : calendar.next(end - 1, timeframe));
  return { dates: Float64Array.from(sessions, s => s.date), edges: Float64Array.from(edges) };
}

/** A bar that is cut by the clock may open before the session does. */
function firstBar(calendar: Calendar, timeframe: Timeframe, open: number): number {
  const bar = calendar.previous(open + 1, timeframe);
  return bar > open - nominalMs(timeframe) ? bar : open;
}

/** The cell of an instant; -1 before the first, the number of cells after the last. */
export const cellAt = ({ edges }: Cells, at: number): number => lowerBound(edges, at + 1) - 1;

/** All that lies in the cells. */
export const spanOf = ({ edges }: Cells): Interval => interval(edges[0] as number, edges.at(-1) as number);

/** The cell of each row. Rows are in order and lie in the cells. */
export function cellsOfRows(ts: Float64Array, { edges }: Cells): Int32Array {
  const cells = new Int32Array(ts.length);
  let cell = 0;
  for (let i = 0; i < ts.length; i++) {
    while ((ts[i] as number) >= (edges[cell + 1] as number)) cell++;
    cells[i] = cell;
  }
  return cells;
}
