/** The score of a stored series, counted from its bars a stretch of sessions at a time: memory stays the same however many there are. */
import { CALENDAR_24_7, type Calendar } from '../../model/calendar.js';
import type { Freshness } from '../../model/freshness.js';
import type { GapRun } from '../../model/gap-classes.js';
import { hull, type Interval, interval } from '../../model/interval.js';
import { traitsOf } from '../../model/market.js';
import {
  cellsOf,
  confirmedEmpty,
  contextOf,
  measure,
  partsOf,
  type Quality,
  type SessionCounts,
  scoreOf,
  spanOf,
} from '../../model/quality.js';
import type { Series } from '../../model/series.js';
import { DAY } from '../../model/timeframe.js';
import type { Table } from '../../store/index.js';
import { calendarOfTable, calendarsOf } from '../facts/calendars.js';
import { instrumentsOf } from '../facts/instruments.js';
import { gapRuns } from '../gaps/gaps.js';
import type { Moment } from '../requests.js';
import type { Source } from '../source.js';
import { freshnessOfTable } from '../stored/freshness.js';
import { parseSpan } from '../times.js';
import { isVerified } from './trend.js';

export interface QualityReport {
  readonly series: Series;
  /** Dates of the sessions that were judged. */
  readonly dates: Interval;
  /** Null where no bar is expected in the range. */
  readonly quality: Quality | null;
  /** Undefined for a range that ends in the past. */
  readonly freshness: Freshness | undefined;
  /** Whether bars of the series were compared with a later answer. */
  readonly verified: boolean;
}

/** Of whole sessions: all that was ever asked for, unless a range is named. What came due since then is the freshness' affair. */
export async function qualityOf(source: Source, series: Series, from?: Moment, to?: Moment): Promise<QualityReport> {
  const now = Date.now();
  const { tables, settings } = source;
  const table = await tables.open(series);
  const calendar = await calendarOfTable(settings, table);
  const span = parseSpan(from, to, now);
  const asked = hull(table.holdings.coverage) ?? interval(now, now);
  // A session may begin on the evening before its date.
  const dates = interval(dayOf(span.from ?? asked.from), dayOf((span.to ?? asked.to) - 1) + (span.to === null ? 2 : 1) * DAY);
  const times = spanOf(cellsOf(calendar, series.timeframe, dates));
  const judged = interval(
    span.from === null ? Math.max(times.from, asked.from) : times.from,
    Math.min(times.to, now, span.to === null ? asked.to : now),
  );
  const sessions = await countsOf(source, table, calendar, dates, judged, now);
  const freshness = span.to === null ? await freshnessNow(source, table, now) : undefined;
  const verified = await isVerified(source, series);
  const quality = scoreOf(sessions, { verified, ...(freshness ? { freshness: freshness.state } : {}) });
  return { series, dates: span.to === null ? interval(dates.from, dates.to - DAY) : dates, quality, freshness, verified };
}

const dayOf = (at: number): number => Math.floor(at / DAY) * DAY;

async function freshnessNow({ tables, settings }: Source, table: Table, now: number): Promise<Freshness | undefined> {
  const [newest] = await tables.history(table.series, 1);
  return (await freshnessOfTable(settings, table, newest?.commitInfo?.tapekeep?.lineage.provider ?? null, now)) ?? undefined;
}

async function countsOf(
  source: Source,
  table: Table,
  calendar: Calendar,
  dates: Interval,
  judged: Interval,
  now: number,
): Promise<SessionCounts[]> {
  const { timeframe } = table.series;
  const { columnsOf, SCORED } = await import('../stored/columns.js');
  const gaps = judged.from < judged.to ? await gapRuns(source, table, calendar, judged, now) : [];
  const facts = {
    calendar,
    timeframe,
    confirmed: confirmedEmpty(table.holdings.ledger),
    ...traitsOf(table.series, await instrumentsOf(source.settings)),
  };
  const market = calendar === CALENDAR_24_7 ? undefined : (await calendarsOf(source.settings)).get(calendar.name);
  const sessions: SessionCounts[] = [];
  for (const part of partsOf(calendar, timeframe, dates)) {
    const around = spanOf(cellsOf(calendar, timeframe, contextOf(part, timeframe)));
    if (around.from >= around.to) continue;
    const bars = columnsOf(await source.tables.read(table, { interval: around, columns: SCORED }));
    const near = gapsIn(gaps, around);
    sessions.push(...measure(bars, part, { ...facts, gaps: near, ...(market ? { accepted: market.accepted(around) } : {}) }));
  }
  return sessions;
}

const gapsIn = (gaps: readonly GapRun[], { from, to }: Interval): GapRun[] => gaps.filter(gap => gap.to > from && gap.from < to);
