/** Every bar of a series that should be there and is not, with its class. */
import { addAll } from '../../model/add-all.js';
import { CALENDAR_24_7, type Calendar, finalUntil } from '../../model/calendar.js';
import { classify, excusesOf, type GapRun } from '../../model/gap-classes.js';
import { hull, type Interval, interval } from '../../model/interval.js';
import { type PeerEvent, withEvents } from '../../model/peers.js';
import type { Table } from '../../store/index.js';
import { calendarOfTable, calendarsOf } from '../facts/calendars.js';
import { type Named, storedSeries } from '../facts/catalog.js';
import type { Moment } from '../requests.js';
import type { Source } from '../source.js';
import { stampsOf } from '../stored/bars-out.js';
import { parseSpan } from '../times.js';
import { eventsAround } from './peers.js';

export interface GapReport {
  readonly table: Table;
  readonly within: Interval;
  /** Bars that the calendar expects in the range, and those of them that are there. */
  readonly expected: number;
  readonly present: number;
  readonly runs: readonly GapRun[];
  /** What most series of the same calendar and timeframe lack together. */
  readonly events: readonly PeerEvent[];
}

/** From what was first asked for until now, unless a range is named. */
export async function gapsOf(source: Source, named: Named, from?: Moment, to?: Moment): Promise<GapReport> {
  const now = Date.now();
  const table = await source.tables.open(await storedSeries(source.tables, named));
  const calendar = await calendarOfTable(source.settings, table);
  const span = parseSpan(from, to, now);
  const within = interval(span.from ?? hull(table.holdings.coverage)?.from ?? now, span.to ?? now);
  const own = await gapRuns(source, table, calendar, within, now);
  const events = await eventsAround(source, table, calendar, own);
  const runs = withEvents(own, events, calendar, table.series.timeframe);
  const expected = calendar.count(within, table.series.timeframe);
  return { table, within, expected, present: expected - runs.reduce((n, r) => n + r.bars, 0), runs, events };
}

/** The absent bars of a stretch by class, in order. What is not final by `now` is pending. */
export async function gapRuns(source: Source, table: Table, calendar: Calendar, within: Interval, now: number): Promise<GapRun[]> {
  const { timeframe } = table.series;
  const marks = calendar === CALENDAR_24_7 ? [] : (await calendarsOf(source.settings)).get(calendar.name).marks(within);
  const facts = {
    calendar,
    timeframe,
    holdings: table.holdings,
    finalBefore: finalUntil(calendar, now, timeframe),
    ...excusesOf(marks),
  };
  const runs: GapRun[] = [];
  let start = within.from;
  for await (const stamps of stampsOf(source.tables, table, within)) {
    const last = stamps.at(-1);
    if (last === undefined) continue;
    const end = calendar.next(last, timeframe);
    addAll(runs, classify(stamps, interval(start, end), facts));
    start = end;
  }
  if (start < within.to) addAll(runs, classify(new Float64Array(), interval(start, within.to), facts));
  return joined(runs);
}

/** Runs that were only cut where one file ends and the next begins. */
function joined(runs: readonly GapRun[]): GapRun[] {
  const out: GapRun[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (last && last.to === run.from && last.class === run.class && last.evidence === run.evidence && last.next === run.next) {
      out[out.length - 1] = { ...last, to: run.to, bars: last.bars + run.bars };
    } else out.push(run);
  }
  return out;
}
