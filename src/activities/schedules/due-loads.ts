/** The loads that are due now, of all that a schedule means. */
import { createHash } from 'node:crypto';
import type { LoadOrder } from '../../model/load.js';
import { checkSchedule, type DueAsk, type DueLoads, type Schedule } from '../../model/schedule.js';
import { instantsOf, isInstant } from '../../model/schedule-times.js';
import { idOf } from '../../model/series.js';
import { attempt } from '../attempt.js';
import { heldVersion } from '../held.js';
import type { ActivityHouse } from '../house.js';
import { type Scheduled, scheduledIn } from './scheduled.js';

/** An answer goes into a history, and so does each load: no more at a time. */
const PAGE = 200;

/**
 * By cron all are due, by sessions those whose market closed, or was open, in the time asked about. A run that somebody began by hand comes
 * at no time of the plan: it means all.
 */
export const dueLoads =
  (house: ActivityHouse) =>
  (given: Schedule, ask: DueAsk): Promise<DueLoads> =>
    attempt(async signal => {
      const schedule = checkSchedule(given);
      const { loads, unknown } = await scheduledIn(house, schedule);
      const due = dueOf(schedule, loads, ask).map(({ order }) => order);
      const orders: LoadOrder[] = [];
      let held = 0;
      const page = due.slice(ask.skip, ask.skip + PAGE);
      for (const order of page) {
        signal.throwIfAborted();
        if ((await heldVersion(house.store, order.series)) !== undefined) {
          held++;
          continue;
        }
        const own: LoadOrder = { ...order, load: loadId(ask, order), mode: schedule.mode, by: `schedule ${schedule.name}` };
        // A second opinion that is lost is asked for by the next run.
        if (!schedule.opinion) await house.store.recordLoad({ load: own.load, order: own });
        orders.push(own);
      }
      const seen = ask.skip + page.length;
      return { orders, held, unknown: ask.skip === 0 ? unknown.slice(0, PAGE) : [], next: seen < due.length ? seen : null };
    });

/** Many series have one calendar: it is asked once. */
function dueOf({ when }: Schedule, loads: Scheduled['loads'], { at, since, until }: DueAsk): Scheduled['loads'] {
  const calendars = [...new Set(loads.map(({ calendar }) => calendar))];
  if (when.kind === 'cron' || !calendars.some(calendar => isInstant(when, calendar, at))) return loads;
  const due = new Set(calendars.filter(calendar => instantsOf(when, calendar, { from: since, to: until }).length > 0));
  return loads.filter(({ calendar }) => due.has(calendar));
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID of the time that the run stands for. Asked again, the answer is the same. */
function loadId({ at, seed }: DueAsk, { series }: LoadOrder): string {
  const hash = createHash('sha256')
    .update(`${seed}\n${idOf(series)}`)
    .digest();
  const time = Array.from({ length: 10 }, (_, i) => CROCKFORD[Math.floor(at / 32 ** (9 - i)) % 32]);
  return [...time, ...Array.from(hash.subarray(0, 16), byte => CROCKFORD[byte % 32])].join('');
}
