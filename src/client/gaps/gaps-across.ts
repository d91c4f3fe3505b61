/** The absent bars of all stored series, and the events that they share, each named once. */
import type { Calendar } from '../../model/calendar.js';
import { type GapRun, sumUp } from '../../model/gap-classes.js';
import { hull, interval } from '../../model/interval.js';
import { type PeerEvent, withEvents } from '../../model/peers.js';
import type { Series } from '../../model/series.js';
import type { Timeframe } from '../../model/timeframe.js';
import type { Table } from '../../store/index.js';
import { calendarOfTable } from '../facts/calendars.js';
import type { Moment } from '../requests.js';
import type { Source } from '../source.js';
import { parseSpan } from '../times.js';
import { gapRuns } from './gaps.js';
import { eventsAmong } from './peers.js';

export interface SeriesGaps {
  readonly series: Series;
  readonly expected: number;
  readonly present: number;
  readonly totals: ReturnType<typeof sumUp>['totals'];
}

export interface MarketEvents {
  readonly calendar: string;
  readonly timeframe: Timeframe;
  readonly events: readonly PeerEvent[];
}

export interface GapsAcross {
  readonly series: readonly SeriesGaps[];
  readonly markets: readonly MarketEvents[];
}

interface Looked {
  readonly table: Table;
  readonly calendar: Calendar;
  readonly expected: number;
  readonly runs: readonly GapRun[];
}

export async function gapsAcross(source: Source, from?: Moment, to?: Moment): Promise<GapsAcross> {
  const now = Date.now();
  const span = parseSpan(from, to, now);
  const groups = new Map<string, Looked[]>();
  for (const series of await source.tables.list()) {
    const table = await source.tables.open(series);
    const calendar = await calendarOfTable(source.settings, table);
    const within = interval(span.from ?? hull(table.holdings.coverage)?.from ?? now, span.to ?? now);
    const runs = await gapRuns(source, table, calendar, within, now);
    const key = `${calendar.name} ${series.timeframe} ${table.basis.session}`;
    const looked = { table, calendar, expected: calendar.count(within, series.timeframe), runs };
    groups.set(key, [...(groups.get(key) ?? []), looked]);
  }
  const found = { series: [] as SeriesGaps[], markets: [] as MarketEvents[] };
  for (const group of groups.values()) {
    const [{ calendar, table }] = group as [Looked];
    const events = await eventsAmong(source, calendar, group);
    if (events.length > 0) found.markets.push({ calendar: calendar.name, timeframe: table.series.timeframe, events });
    found.series.push(...group.map(looked => summed(looked, events)));
  }
  return found;
}

function summed({ table, calendar, expected, runs }: Looked, events: readonly PeerEvent[]): SeriesGaps {
  const { totals } = sumUp(withEvents(runs, events, calendar, table.series.timeframe));
  return { series: table.series, expected, present: expected - runs.reduce((n, r) => n + r.bars, 0), totals };
}
