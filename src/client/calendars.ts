/** The calendars of the settings, read when something first needs them: most commands never do. */
import type { Calendars } from '../calendars.js';
import { CALENDAR_24_7, type Calendar, type MarketCalendar } from '../model/calendar.js';
import { interval } from '../model/interval.js';
import { isIntraday } from '../model/timeframe.js';
import type { ResolvedSettings } from '../settings.js';
import type { Table } from '../store/index.js';

const read = new WeakMap<ResolvedSettings, Promise<Calendars>>();

export function calendarsOf(settings: ResolvedSettings): Promise<Calendars> {
  const known = read.get(settings) ?? import('../calendars.js').then(room => room.readCalendars(settings.calendars));
  read.set(settings, known);
  return known;
}

/** The calendar that a table names; of crypto it is known that it never closes. */
export async function calendarOfTable(settings: ResolvedSettings, table: Table): Promise<Calendar> {
  const { series, calendar } = table;
  if (series.assetClass === 'crypto' && [CALENDAR_24_7.name, 'CRYPTO'].includes(calendar.name)) return CALENDAR_24_7;
  return asCut((await calendarsOf(settings)).get(calendar.name), table);
}

/** So many ends of files tell how the bars were cut. */
const ENOUGH_FILES = 50;

/** From where the source counts its bars is not written in a table: the bars at the ends of its files show it. */
function asCut(market: MarketCalendar, { series, basis, snapshot }: Table): MarketCalendar {
  const { timeframe } = series;
  const session = basis.session === 'extended' ? 'extended' : 'regular';
  if (!isIntraday(timeframe)) return market.as({ session });
  const ends = [...snapshot.files.values()].slice(-ENOUGH_FILES).flatMap(f => [f.first, f.last]);
  const views = (['segment', 'clock', 'day'] as const).map(anchor => market.as({ session, anchor }));
  const fit = (view: MarketCalendar) => ends.filter(ts => view.count(interval(ts, ts + 1), timeframe) === 1).length;
  return views.reduce((best, view) => (fit(view) > fit(best) ? view : best));
}
