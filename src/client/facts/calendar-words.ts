/** What the words of a command say of calendars. */
import type { Calendars } from '../../calendars.js';
import type { View } from '../../model/calendar.js';
import { fail } from '../../model/errors.js';
import type { Call } from '../command.js';
import { calendarsOf } from './calendars.js';

/** The calendars for a command that needs nothing else: no data folder is touched. */
export async function calendarsFor({ globals, env }: Call): Promise<Calendars> {
  const { readSettings } = await import('../../settings.js');
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
