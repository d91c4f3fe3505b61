/** Counts the quality of the sessions that a new version touches, from its files, a stretch of sessions at a time. */
import * as arrow from 'apache-arrow';
import pl from 'nodejs-polars';
import { type Bars, concatBars, takeBars } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { CALENDAR_24_7, type Calendar, finalUntil } from '../../model/calendar.js';
import { classify } from '../../model/gap-classes.js';
import { hull, type Interval, intersect, interval, isEmpty, toSet } from '../../model/interval.js';
import { calendarOf, marketCalendarOf } from '../../model/market.js';
import { cellsOf, confirmedEmpty, contextOf, measure as countFaults, partsOf, type SessionCounts, spanOf } from '../../model/quality.js';
import { DAY } from '../../model/timeframe.js';
import type { Io } from '../io.js';
import { fromArrow } from './arrow.js';
import type { Measured, MeasureJob } from './jobs.js';

export async function measure(_io: Io, job: MeasureJob): Promise<Measured> {
  const { timeframe, market, holdings, now } = job;
  const calendar = calendarOf(market);
  const asked = hull(holdings.coverage);
  if (!asked) return { sessions: [] };
  const sessions: SessionCounts[] = [];
  for (const part of datesOf(job, calendar).flatMap(dates => partsOf(calendar, timeframe, dates))) {
    const cells = spanOf(cellsOf(calendar, timeframe, part));
    const around = spanOf(cellsOf(calendar, timeframe, contextOf(part, timeframe)));
    if (!(around.from < around.to)) continue;
    const bars = barsIn(job, around);
    const within = interval(Math.max(cells.from, asked.from), Math.min(cells.to, asked.to, now));
    const marks = marksOf(job, within);
    const ts = bars.ts.filter(at => at >= within.from && at < within.to);
    const facts = { calendar, timeframe, holdings, finalBefore: finalUntil(calendar, now, timeframe), ...marks };
    const gaps = within.from < within.to ? classify(ts, within, facts) : [];
    const { tick, mayBeNegative, statesVolume } = market;
    const confirmed = confirmedEmpty(holdings.ledger);
    const known = { calendar, timeframe, gaps, confirmed, tick, mayBeNegative, statesVolume };
    sessions.push(...countFaults(bars, part, { ...known, ...acceptedIn(job, around) }));
  }
  return { sessions };
}

/** Whole days around what was touched: a session may begin on the evening before its date. */
const datesOf = ({ touched }: MeasureJob, calendar: Calendar): Interval[] => {
  const evening = calendar === CALENDAR_24_7 ? 0 : DAY;
  return toSet(touched.map(i => interval(Math.floor(i.from / DAY) * DAY, Math.floor((i.to - 1) / DAY) * DAY + DAY + evening))).slice();
};

function marksOf({ market }: MeasureJob, within: Interval) {
  const marks = within.from < within.to ? (marketCalendarOf(market)?.marks(within) ?? []) : [];
  return { halted: toSet(marks.filter(m => m.kind === 'halted')), optional: toSet(marks.filter(m => m.kind === 'optional')) };
}

const acceptedIn = ({ market }: MeasureJob, around: Interval) => ({ accepted: marketCalendarOf(market)?.accepted(around) ?? [] });

const SCORED = ['ts', 'open', 'high', 'low', 'close', 'volume'] as const;

/** The bars of a stretch in all files, in time order. */
function barsIn({ files }: MeasureJob, around: Interval): Bars {
  const parts = files.filter(f => !isEmpty(intersect([interval(f.first, f.last + 1)], [around]))).map(f => rowsIn(f.file, around));
  const bars = parts.length === 1 ? (parts[0] as Bars) : concatBars(parts);
  const order = Uint32Array.from(bars.ts.keys()).sort((a, b) => (bars.ts[a] as number) - (bars.ts[b] as number));
  return order.every((row, i) => row === i) ? bars : takeBars(bars, order);
}

/** Only the row groups of the stretch are decoded. */
function rowsIn(file: string, { from, to }: Interval): Bars {
  const micros = pl
    .readParquet(file, { columns: ['ts'] })
    .getColumn('ts')
    .cast(pl.Int64)
    .toTypedArray() as unknown as BigInt64Array;
  const [start, end] = [lowerBound(micros, from * 1000), lowerBound(micros, to * 1000)];
  const rows = pl
    .scanParquet(file)
    .slice(start, end - start)
    .select(...SCORED);
  return fromArrow(arrow.tableFromIPC(rows.collectSync().writeIPC()));
}
