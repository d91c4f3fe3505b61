/** The times of a schedule that follows sessions, for the next weeks. */
import { createHash } from 'node:crypto';
import type { Calendar } from '../../model/calendar.js';
import { fail } from '../../model/errors.js';
import type { Schedule } from '../../model/schedule.js';
import type { Ahead } from '../../model/schedule-options.js';
import { instantsOf, rowsOf } from '../../model/schedule-times.js';
import { DAY, WEEK } from '../../model/timeframe.js';
import type { ActivityHouse } from '../house.js';
import { scheduledIn } from './scheduled.js';

/** So far ahead times are worked out; long before the end they are worked out anew. */
export const AHEAD_MS = 5 * WEEK;

export interface Looked {
  /** null: it goes by cron. */
  readonly ahead: Ahead | null;
  readonly unknown: readonly string[];
}

export async function aheadOf(house: ActivityHouse, schedule: Schedule, now: number): Promise<Looked> {
  const { loads, unknown } = await scheduledIn(house, schedule);
  if (schedule.when.kind === 'cron') return { ahead: null, unknown };
  const calendars = new Map<string, Calendar>();
  for (const { order, calendar } of loads) calendars.set(`${calendar.name} ${calendar.version} ${order.provider}`, calendar);
  const until = Math.ceil((now + AHEAD_MS) / DAY) * DAY;
  // A little of the past, too: what is due while this is worked out is not passed over.
  const within = { from: now - DAY, to: until };
  const instants = new Set([...calendars.values()].flatMap(calendar => instantsOf(schedule.when, calendar, within)));
  const print = createHash('sha256')
    .update([...calendars.keys()].sort().join('\n'))
    .digest('hex')
    .slice(0, 16);
  return { ahead: { rows: rowsOf(instants), until, print }, unknown };
}

/** For somebody who makes a schedule: what cannot be is refused here, and not found out at its first run. */
export async function requireAhead(house: ActivityHouse, schedule: Schedule): Promise<Ahead | null> {
  const { ahead, unknown } = await aheadOf(house, schedule, house.now());
  if (unknown[0] !== undefined) throw fail('USAGE', { reason: `${unknown[0]}. Nothing was made` });
  if (ahead?.rows.length === 0)
    throw fail('USAGE', { reason: `${schedule.name} would never be due: no session is that long. Nothing was made` });
  return ahead;
}
