/** Absent bars, sorted by class before, counted for each cell. */
import type { Calendar } from '../calendar.js';
import type { Absence } from '../coverage.js';
import type { GapClass, GapRun } from '../gap-classes.js';
import { contains, type Interval, type IntervalSet, interval, toSet } from '../interval.js';
import { DAY, type Timeframe } from '../timeframe.js';
import { type Cells, cellAt } from './cells.js';
import { add, type Field, type Tally } from './counts.js';

/** Where an empty answer is believed: seen twice at least a day apart, or by a second provider. */
export const confirmedEmpty = (ledger: readonly Absence[]): IntervalSet =>
  toSet(ledger.filter(a => a.reason === 'provider_empty' && (a.asked.length > 1 || a.lastAsked - a.firstAsked >= DAY)));

/** What a class of absence counts as; undefined: as if the bar were there. */
const COUNTS_AS: Readonly<Record<GapClass, Field | undefined>> = {
  pending: 'excused',
  before_listing: 'excused',
  after_delisting: 'excused',
  halted: 'excused',
  optional: 'excused',
  no_trade: undefined,
  provider_empty: 'lost',
  out_of_reach: 'conceded',
  failed: 'lost',
  missing: 'lost',
};

export interface GapsKnown {
  readonly calendar: Calendar;
  readonly timeframe: Timeframe;
  readonly gaps: readonly GapRun[];
  readonly confirmed: IntervalSet;
}

export function tallyGaps(cells: Cells, { calendar, timeframe, gaps, confirmed }: GapsKnown, tally: Tally): void {
  for (const run of gaps) {
    const field = run.class === 'provider_empty' && contains(confirmed, run.from) ? 'conceded' : COUNTS_AS[run.class];
    if (!field) continue;
    for (const { cell, part } of partsOf(run, cells)) {
      const bars = part === run ? run.bars : calendar.count(part, timeframe);
      add(tally[field], cell, bars);
      // The whole run's length in each of its cells: the longest hole is the same however the range is cut.
      if (field === 'lost' && bars > 0) tally.longestHole[cell] = Math.max(tally.longestHole[cell] as number, run.bars);
    }
  }
}

/** A run cut at the edges of the cells; whole where it lies in one. */
function* partsOf(run: Interval, cells: Cells): Generator<{ cell: number; part: Interval }> {
  const { edges, dates } = cells;
  for (let cell = Math.max(0, cellAt(cells, run.from)); cell < dates.length && (edges[cell] as number) < run.to; cell++) {
    const from = Math.max(run.from, edges[cell] as number);
    const to = Math.min(run.to, edges[cell + 1] as number);
    yield { cell, part: from === run.from && to === run.to ? run : interval(from, to) };
  }
}
