/** A schedule as Temporal has it: the plain object that its client takes, whether the daemon or a person makes it. */
import { TASK_QUEUE } from './queues.js';
import { type Maker, OWNER, type Schedule, scheduleIdOf } from './schedule.js';
import type { Row } from './schedule-times.js';

/** The times of a schedule that follows sessions, worked out ahead; `print` tells by which calendars. */
export interface Ahead {
  readonly rows: readonly Row[];
  readonly until: number;
  readonly print: string;
}

/** What the server keeps of it beside the schedule, to tell when it has to be worked out anew; null: it goes by cron. */
export type Planned = Pick<Ahead, 'until' | 'print'> | null;

const MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const;

/** The last day that the server knows: a schedule has to be due at some time to be accepted. */
const NEVER: Row = { year: 2100, month: 12, days: [31], hours: [0], minutes: [0], second: 0 };
export const NEVER_MS = Date.UTC(2100, 11, 31);

export function optionsOf(schedule: Schedule, ahead: Ahead | null, by: Maker) {
  const { name, when, overlap, catchUpMs, jitterMs } = schedule;
  const planned: Planned = ahead && { until: ahead.until, print: ahead.print };
  const rows = ahead && ahead.rows.length > 0 ? ahead.rows : [NEVER];
  return {
    scheduleId: scheduleIdOf(name),
    spec: {
      ...(when.kind === 'cron' ? { cronExpressions: [cronOf(when.cron)], timezone: when.timezone } : { calendars: rows.map(calendarOf) }),
      jitter: jitterMs,
    },
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'tick',
      workflowId: `tick/${name}`,
      taskQueue: TASK_QUEUE,
      args: [schedule, planned],
      staticSummary: `Schedule ${name}`,
    },
    policies: {
      overlap: overlap === 'skip' ? ('SKIP' as const) : ('BUFFER_ONE' as const),
      // The server takes no shorter one.
      catchupWindow: Math.max(catchUpMs, LEAST_CATCH_UP_MS),
      pauseOnFailure: false,
    },
    memo: { owner: OWNER, by },
  };
}

const LEAST_CATCH_UP_MS = 10_000;

/** Six fields have the seconds first; the server wants the years last, then. */
const cronOf = (cron: string): string => (cron.trim().split(/ +/).length === 6 ? `${cron} *` : cron);

const calendarOf = ({ year, month, days, hours, minutes, second }: Row) => ({
  year,
  month: MONTHS[month - 1] as (typeof MONTHS)[number],
  dayOfMonth: [...days],
  hour: [...hours],
  minute: [...minutes],
  second,
});
