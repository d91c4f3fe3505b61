/** The calendars of the settings, read when something first needs them: most commands never do. */
import type { Calendars } from '../../calendars.js';
import { asCut, CALENDAR_24_7, type Calendar, type Cut } from '../../model/calendar.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Table } from '../../store/index.js';

const read = new WeakMap<ResolvedSettings, Promise<Calendars>>();

export function calendarsOf(settings: ResolvedSettings): Promise<Calendars> {
  const known = read.get(settings) ?? import('../../calendars.js').then(room => room.readCalendars(settings.calendars));
  read.set(settings, known);
  return known;
}

/** The calendar that a table names; of crypto it is known that it never closes. */
export async function calendarOfTable(settings: ResolvedSettings, table: Table): Promise<Calendar> {
  const { series, calendar } = table;
  if (series.assetClass === 'crypto' && [CALENDAR_24_7.name, 'CRYPTO'].includes(calendar.name)) return CALENDAR_24_7;
  return asCut((await calendarsOf(settings)).get(calendar.name), cutOf(table));
}

/** So many ends of files tell how the bars were cut. */
const ENOUGH_FILES = 50;

function cutOf({ series, basis, snapshot }: Table): Cut {
  const opens = [...snapshot.files.values()].slice(-ENOUGH_FILES).flatMap(f => [f.first, f.last]);
  return { timeframe: series.timeframe, session: basis.session, opens };
}
