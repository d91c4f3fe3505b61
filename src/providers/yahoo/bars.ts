/** A chart as bars on our grid, and what of it no bar can be made of. */
import { type Bars, emptyBars } from '../../model/bars.js';
import { zoneOf } from '../../model/calendar.js';
import { type IntervalSet, interval, toSet } from '../../model/interval.js';
import { DAY, isIntraday, MINUTE, nominalMs, type Timeframe } from '../../model/timeframe.js';
import type { Chart } from './chart.js';

export interface Placed {
  /** In the order in which they came. */
  readonly bars: Bars;
  /** Days that were told without any price, rows with some of them, and rows that are lost. They failed: nothing says that nobody traded. */
  readonly failed: IntervalSet;
}

/** Puts every row at its open: from a day up the local date of the market, whatever time its session opens at. */
export function placeRows(chart: Chart, timeframe: Timeframe, lost: readonly number[] = []): Placed {
  const dateOf = localDates(chart.zone);
  const placeOf = isIntraday(timeframe) ? (stamp: number) => stamp : dateOf;
  const rows = [...chart.stamps.keys()].filter(i => !isSnapshot(chart, i, timeframe, placeOf));
  const told = [chart.open, chart.high, chart.low, chart.close].filter(column => !column.every(Number.isNaN));
  const priced = rows.filter(i => told.length > 0 && told.every(column => !Number.isNaN(column[i])));
  const bars = emptyBars(priced.length, ['yahoo']);
  priced.forEach((row, i) => {
    bars.ts[i] = placeOf(chart.stamps[row] as number);
    for (const column of ['open', 'high', 'low', 'close', 'volume'] as const) bars[column][i] = chart[column][row] as number;
  });
  const days = new Set(priced.map(i => dateOf(chart.stamps[i] as number)));
  const silent = rows.filter(i => !days.has(dateOf(chart.stamps[i] as number)));
  // Some prices of a row and not others: no bar can be made of it.
  const broken = rows.filter(i => told.some(column => Number.isNaN(column[i])) && told.some(column => !Number.isNaN(column[i])));
  const failed = [...silent, ...lost, ...broken].map(i => placeOf(chart.stamps[i] as number));
  return { bars, failed: toSet(failed.map(at => interval(at, at + nominalMs(timeframe)))) };
}

/** The day whose row is stamped with its last trade, until it is over where it is traded: whatever the hour, it may still change. */
export function runningDay({ stamps, lastTrade, zone }: Chart, now: number): number | undefined {
  const last = stamps.at(-1);
  const dateOf = localDates(zone);
  return last !== undefined && last === lastTrade && dateOf(last) >= dateOf(now) ? dateOf(last) : undefined;
}

export function localDates(zone: string): (stamp: number) => number {
  const { toLocal } = zoneOf(zone);
  return stamp => Math.floor(toLocal(stamp) / DAY) * DAY;
}

/**
 * The last row is no bar where it only tells the last trade: stamped with its second, beside the grid, at the end of
 * the session, or a second time for a day that has its bar.
 */
function isSnapshot({ stamps, lastTrade, session }: Chart, i: number, timeframe: Timeframe, placeOf: (stamp: number) => number): boolean {
  const stamp = stamps[i] as number;
  if (i !== stamps.length - 1 || stamp !== lastTrade) return false;
  if (i > 0 && placeOf(stamps[i - 1] as number) === placeOf(stamp)) return true;
  return isIntraday(timeframe) && (stamp % MINUTE !== 0 || (session !== null && stamp >= session.to));
}
