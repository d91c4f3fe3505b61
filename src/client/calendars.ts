/** The calendars of the settings, read when something first needs them: most commands never do. */
import type { Calendars } from '../calendars.js';
import { CALENDAR_24_7, type Calendar } from '../model/calendar.js';
import type { ResolvedSettings } from '../settings.js';
import type { Table } from '../store/index.js';

const read = new WeakMap<ResolvedSettings, Promise<Calendars>>();

export function calendarsOf(settings: ResolvedSettings): Promise<Calendars> {
  const known = read.get(settings) ?? import('../calendars.js').then(room => room.readCalendars(settings.calendars));
  read.set(settings, known);
  return known;
}

/** The calendar that a table names; of crypto it is known that it never closes. */
export async function calendarOfTable(settings: ResolvedSettings, { series, calendar }: Table): Promise<Calendar> {
  if (series.assetClass === 'crypto' && [CALENDAR_24_7.name, 'CRYPTO'].includes(calendar.name)) return CALENDAR_24_7;
  return (await calendarsOf(settings)).get(calendar.name);
}
