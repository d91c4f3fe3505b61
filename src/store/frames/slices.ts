/** The pieces of time that one file of a table holds: a merge makes its files slice by slice. */
import { type Bars, countOf, sliceBars } from '../../model/bars.js';
import { isRising, lowerBound } from '../../model/bisect.js';
import { dateOf, isIntraday, type Timeframe } from '../../model/timeframe.js';
import { inRuns } from './merge-bars.js';

export interface SliceOfTime {
  readonly from: number;
  readonly to: number;
}

const EVER: SliceOfTime = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** The slices that these stretches reach into: years, or all of time from 1d up. */
export function slicesOf(stretches: readonly { readonly first: number; readonly last: number }[], timeframe: Timeframe): SliceOfTime[] {
  if (!isIntraday(timeframe)) return stretches.length > 0 ? [EVER] : [];
  const years = new Set<number>();
  for (const { first, last } of stretches) for (let year = dateOf(first).year; year <= dateOf(last).year; year++) years.add(year);
  return [...years].sort((a, b) => a - b).map(year => ({ from: Date.UTC(year, 0, 1), to: Date.UTC(year + 1, 0, 1) }));
}

/** Bars in order, cut where slices end and where a file has enough of them. Bars in no order stay together. */
export function* inSlices(bars: Bars, timeframe: Timeframe, mostRows: number): Generator<Bars> {
  if (!isRising(bars.ts)) return yield bars;
  const [first, last] = [bars.ts[0] as number, bars.ts.at(-1) as number];
  for (const { from, to } of slicesOf(countOf(bars) > 0 ? [{ first, last }] : [], timeframe)) {
    const part = sliceBars(bars, lowerBound(bars.ts, from), lowerBound(bars.ts, to));
    yield* inRuns(part, mostRows);
  }
}
