/** Counts the faults of each session, in one pass over the columns. */

import { type Bars, sliceBars } from '../bars.js';
import { lowerBound } from '../bisect.js';
import type { Calendar } from '../calendar.js';
import type { GapRun } from '../gap-classes.js';
import { type Interval, type IntervalSet, interval } from '../interval.js';
import { DAY, nominalMs, type Timeframe } from '../timeframe.js';
import { type Cells, cellsOf, cellsOfRows, spanOf } from './cells.js';
import { tallyGaps } from './completeness.js';
import { countsAt, newTally, type SessionCounts, type Tally } from './counts.js';
import { tallyFlat } from './flat.js';
import { distinct, inOrder, tallyGrid } from './grid.js';
import { tallyJumps } from './jumps.js';
import { tallyPrices } from './prices.js';
import { tallySpikes } from './spikes.js';

export interface QualityFacts {
  readonly calendar: Calendar;
  readonly timeframe: Timeframe;
  /** The absent bars by class (`classify` of gap-classes.ts) in all the time that is judged: a bar neither there nor in it is not expected. */
  readonly gaps: readonly GapRun[];
  /** Where an empty answer is believed. */
  readonly confirmed?: IntervalSet;
  /** Where a bar may open although none is expected: prints of the closing auction. */
  readonly accepted?: IntervalSet;
  readonly tick?: number | null;
  readonly mayBeNegative?: boolean;
  /** False where volume means nothing: indices, spot FX of many brokers. */
  readonly statesVolume?: boolean;
  /** Dates of sessions whose jump is explained. */
  readonly explained?: readonly number[];
}

/** The dates whose bars have a say in the counts of `within`: neighbours of a spike, sessions before and after a jump. */
export function contextOf(within: Interval, timeframe: Timeframe): Interval {
  const reach = 15 * DAY + 100 * nominalMs(timeframe);
  return interval(within.from - reach, within.to + reach);
}

/**
 * The counts of the sessions whose date lies in `within`. `bars` may hold more: all of `contextOf(within)`, where there
 * is as much, and the counts do not depend on how a range is cut, nor on the order of the rows.
 */
export function measure(bars: Bars, within: Interval, facts: QualityFacts): SessionCounts[] {
  const cells = cellsOf(facts.calendar, facts.timeframe, contextOf(within, facts.timeframe));
  if (cells.dates.length === 0) return [];
  const span = spanOf(cells);
  const tally = newTally(cells.dates.length);
  tallyAll(rowsIn(inOrder(bars), span), cells, facts, tally);
  const sessions: SessionCounts[] = [];
  for (let cell = lowerBound(cells.dates, within.from); (cells.dates[cell] as number) < within.to; cell++)
    sessions.push(countsAt(tally, cell, cells.dates[cell] as number));
  return sessions;
}

const rowsIn = (bars: Bars, span: Interval): Bars => sliceBars(bars, lowerBound(bars.ts, span.from), lowerBound(bars.ts, span.to));

function tallyAll(bars: Bars, cells: Cells, facts: QualityFacts, tally: Tally): void {
  const { calendar, timeframe, gaps, confirmed = [], accepted = [], tick = null, explained = [] } = facts;
  const { mayBeNegative = false, statesVolume = true } = facts;
  const expected = calendar.expected(spanOf(cells), timeframe);
  const cellOf = cellsOfRows(bars.ts, cells);
  tallyGaps(cells, { calendar, timeframe, gaps, confirmed }, tally);
  tallyGrid(bars, cellOf, expected, accepted, tally);
  tallyPrices(bars, cellOf, mayBeNegative, tally);
  const once = distinct(bars);
  const onceCellOf = once === bars ? cellOf : cellsOfRows(once.ts, cells);
  tallySpikes(once, onceCellOf, { timeframe, tick }, tally);
  tallyJumps(once, onceCellOf, cells, { timeframe, statesVolume, explained }, tally);
  tallyFlat(once, onceCellOf, timeframe, statesVolume, tally);
}
