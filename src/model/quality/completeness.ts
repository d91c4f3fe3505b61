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
  /** In order. */
  readonly gaps: readonly GapRun[];
  readonly confirmed: IntervalSet;
}

export function tallyGaps(cells: Cells, known: GapsKnown, tally: Tally): void {
  const { edges, dates } = cells;
  let cell = 0;
  for (const run of known.gaps) {
    const isNear = run.from >= (edges[cell] as number) && run.from < (edges[cell + 1] as number);
    cell = isNear ? cell : Math.max(0, cellAt(cells, run.from));
    if (cell >= dates.length) break;
    const isWhole = run.from >= (edges[cell] as number) && run.to <= (edges[cell + 1] as number);
    if (isWhole) put(run, run.bars, cell, known.confirmed, tally);
    else
      for (const { at, part } of partsOf(run, cells, cell))
        put(run, known.calendar.count(part, known.timeframe), at, known.confirmed, tally);
  }
}

function put(run: GapRun, bars: number, cell: number, confirmed: IntervalSet, tally: Tally): void {
  const field = run.class === 'provider_empty' && contains(confirmed, run.from) ? 'conceded' : COUNTS_AS[run.class];
  add(tally.expected, cell, bars);
  if (field) add(tally[field], cell, bars);
  // The whole run's length in each of its cells: the longest hole is the same however the range is cut.
  if (field === 'lost' && bars > 0) tally.longestHole[cell] = Math.max(tally.longestHole[cell] as number, run.bars);
}

/** A run cut at the edges of the cells, from the first of its cells on. */
function* partsOf(run: Interval, { edges, dates }: Cells, first: number): Generator<{ at: number; part: Interval }> {
  for (let at = first; at < dates.length && (edges[at] as number) < run.to; at++)
    yield { at, part: interval(Math.max(run.from, edges[at] as number), Math.min(run.to, edges[at + 1] as number)) };
}
