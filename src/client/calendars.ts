/** The calendars of the settings, read when something first needs them: most commands never do. */
import type { Calendars } from '../calendars.js';
import { CALENDAR_24_7, type Calendar, type View } from '../model/calendar.js';
import { fail } from '../model/errors.js';
import type { ResolvedSettings } from '../settings.js';
import type { Table } from '../store/index.js';
import type { Call } from './command.js';

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

/** The calendars for a command that needs nothing else: no data folder is touched. */
export async function calendarsFor({ globals, env }: Call): Promise<Calendars> {
  const { readSettings } = await import('../settings.js');
  return calendarsOf(readSettings({ file: globals.config, env, flags: globals.set, folder: process.cwd() }));
}

export function viewOf(call: Call): Partial<View> {
  const session = call.text('session');
  const anchor = call.text('anchor');
  return {
    ...(session === undefined ? {} : { session: oneOf('--session', session, ['regular', 'extended'] as const) }),
    ...(anchor === undefined ? {} : { anchor: oneOf('--anchor', anchor, ['segment', 'day', 'clock'] as const) }),
  };
}

function oneOf<const T extends string>(option: string, given: string, all: readonly T[]): T {
  const found = all.find(value => value === given);
  if (found === undefined) throw fail('USAGE', { reason: `${option} is one of ${all.join(', ')}, not ${JSON.stringify(given)}` });
  return found;
}
