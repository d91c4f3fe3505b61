/** Counts the quality of the sessions that a new version touches, from its files, a stretch of sessions at a time. */
import { setImmediate } from 'node:timers/promises';
import pl from 'nodejs-polars';
import { type Bars, concatBars, sliceBars } from '../../model/bars.js';
import { inTimeOrder, lowerBound } from '../../model/bisect.js';
import { CALENDAR_24_7, type Calendar, finalUntil } from '../../model/calendar.js';
import { classify, excusesOf } from '../../model/gap-classes.js';
import { hull, type Interval, type IntervalSet, intersect, interval, isEmpty, toSet } from '../../model/interval.js';
import { calendarOf, marketCalendarOf } from '../../model/market.js';
import { cellsOf, confirmedEmpty, contextOf, measure as countFaults, partsOf, type SessionCounts, spanOf } from '../../model/quality.js';
import { DAY } from '../../model/timeframe.js';
import type { Io } from '../io.js';
import { numbersOf } from './frame.js';
import type { Measured, MeasureJob } from './jobs.js';
import { forgetWritten, justWritten } from './just-written.js';
import { rowGroups } from './row-groups.js';

export async function measure(_io: Io, job: MeasureJob): Promise<Measured> {
  const { timeframe, market, holdings, now } = job;
  const calendar = calendarOf(market);
  const asked = hull(holdings.coverage);
  if (!asked) return { sessions: [] };
  const sessions: SessionCounts[] = [];
  const rowsIn = reader(job.touched);
  for (const part of datesOf(job, calendar).flatMap(dates => partsOf(calendar, timeframe, dates))) {
    const cells = spanOf(cellsOf(calendar, timeframe, part));
    const around = spanOf(cellsOf(calendar, timeframe, contextOf(part, timeframe)));
    if (!(around.from < around.to)) continue;
    // What polars holds for frames that nobody needs any more is only let go between two turns of the event loop.
    await setImmediate();
    const bars = barsIn(job, around, rowsIn);
    const within = interval(Math.max(cells.from, asked.from), Math.min(cells.to, asked.to, now));
    const marks = marksOf(job, within);
    const opens = inTimeOrder(bars.ts);
    const ts = opens.subarray(lowerBound(opens, within.from), lowerBound(opens, within.to));
    const facts = { calendar, timeframe, holdings, finalBefore: finalUntil(calendar, now, timeframe), ...marks };
    const gaps = within.from < within.to ? classify(ts, within, facts) : [];
    const { tick, mayBeNegative, statesVolume } = market;
    const confirmed = confirmedEmpty(holdings.ledger);
    const known = { calendar, timeframe, gaps, confirmed, tick, mayBeNegative, statesVolume };
    sessions.push(...countFaults(bars, part, { ...known, ...acceptedIn(job, around) }));
  }
  forgetWritten();
  return { sessions };
}

/** Whole days around what was touched: a session may begin on the evening before its date. */
const datesOf = ({ touched }: MeasureJob, calendar: Calendar): Interval[] => {
  const evening = calendar === CALENDAR_24_7 ? 0 : DAY;
  return toSet(touched.map(i => interval(Math.floor(i.from / DAY) * DAY, Math.floor((i.to - 1) / DAY) * DAY + DAY + evening))).slice();
};

const marksOf = ({ market }: MeasureJob, within: Interval) =>
  excusesOf(within.from < within.to ? (marketCalendarOf(market)?.marks(within) ?? []) : []);

const acceptedIn = ({ market }: MeasureJob, around: Interval) => ({ accepted: marketCalendarOf(market)?.accepted(around) ?? [] });

const SCORED = ['ts', 'open', 'high', 'low', 'close', 'volume'] as const;

type File = MeasureJob['files'][number];
type Reader = (file: File, around: Interval) => Bars;

/** The bars of a stretch in all files, file by file. */
function barsIn({ files }: MeasureJob, around: Interval, rowsIn: Reader): Bars {
  const parts = files.filter(f => !isEmpty(intersect([interval(f.first, f.last + 1)], [around]))).map(f => rowsIn(f, around));
  return parts.length === 1 ? (parts[0] as Bars) : concatBars(parts);
}

/** A file of which all is touched is read once, whole, and kept until a later one is; of others only what is asked for. */
function reader(touched: IntervalSet): Reader {
  const all = hull(touched);
  let kept: readonly { readonly of: string; readonly bars: Bars }[] = [];
  return (file, around) => {
    const written = justWritten(file.file);
    if (written) return barsWithin(written, around);
    if (!all || file.first < all.from || file.last >= all.to) return scored(rowGroups(file.file, SCORED, around));
    let known = kept.find(k => k.of === file.file);
    if (!known) {
      known = { of: file.file, bars: scored(pl.readParquet(file.file, { columns: [...SCORED] })) };
      kept = [...kept.slice(1 - KEPT), known];
    }
    return barsWithin(known.bars, around);
  };
}

const barsWithin = (bars: Bars, { from, to }: Interval): Bars => sliceBars(bars, lowerBound(bars.ts, from), lowerBound(bars.ts, to));

/** Files that a stretch and its surroundings may reach into, when they follow each other. */
const KEPT = 2;

const scored = (frame: pl.DataFrame): Bars => numbersOf(frame).bars;
