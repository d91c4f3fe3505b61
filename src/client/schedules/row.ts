/** A schedule as it is listed, and in words. */
import type { Maker, Schedule, TickReport, When } from '../../model/schedule.js';
import { DAY, HOUR, MINUTE } from '../../model/timeframe.js';
import { iso } from '../times.js';

/** A run of a schedule. */
export interface TickRow {
  readonly at: number;
  readonly endedAt: number | null;
  /** running, completed, failed, cancelled, terminated, or forgotten by the server. */
  readonly outcome: string;
  /** What its loads came to; null: it has not ended well. */
  readonly report: TickReport | null;
}

export interface ScheduleRow {
  readonly schedule: Schedule;
  readonly by: Maker;
  readonly paused: boolean;
  /** Why, if somebody said so. */
  readonly note: string;
  readonly running: boolean;
  /** The next times; none while it is paused. */
  readonly next: readonly number[];
  /** Runs that were due longer ago than could be made up for. */
  readonly missed: number;
  /** Runs that came due while one went on. */
  readonly skipped: number;
  readonly last: TickRow | null;
}

/** 90 000 → "90s", 600 000 → "10m", as settings are written. */
function lengthOf(ms: number): string {
  const [unit, name] = (
    [
      [DAY, 'd'],
      [HOUR, 'h'],
      [MINUTE, 'm'],
    ] as const
  ).find(([u]) => ms > 0 && ms % u === 0) ?? [1_000, 's'];
  return `${ms / unit}${name}`;
}

export function whenWords(when: When): string {
  if (when.kind === 'cron') return when.timezone === 'UTC' ? when.cron : `${when.cron} (${when.timezone})`;
  return when.kind === 'afterClose' ? `${lengthOf(when.ms)} after the close` : `every ${lengthOf(when.ms)} while open`;
}

/** What its runs do: a mode of loading, or a second opinion. */
export const doesWords = ({ mode, opinion }: Schedule): string =>
  opinion === undefined ? mode : opinion.kind === 'compare' ? `compare ${opinion.provider}` : opinion.take ? 'reverify, take' : 'reverify';

export const seriesWords = ({ series }: Schedule): string => {
  if (series === null) return 'all that are kept';
  return series.length <= 2 ? series.join(', ') : `${series.slice(0, 2).join(', ')} and ${series.length - 2} more`;
};

/** "3 done, 1 failed", or that it runs. */
export function lastWords({ last, running }: Pick<ScheduleRow, 'last' | 'running'>): string {
  if (!last) return running ? 'running' : '-';
  const { report, outcome } = last;
  if (!report) return outcome;
  const parts = (['done', 'nothing', 'partial', 'failed', 'cancelled', 'running', 'held', 'unknown'] as const).filter(
    what => report[what] > 0,
  );
  return parts.length === 0 ? 'nothing was due' : parts.map(what => `${report[what]} ${WORDS[what]}`).join(', ');
}

const WORDS = {
  done: 'done',
  nothing: 'complete already',
  partial: 'in part',
  failed: 'failed',
  cancelled: 'cancelled',
  running: 'running already',
  held: 'held',
  unknown: 'unknown',
} as const;

const jsonOfReport = (report: TickReport | null) => report && { ...report, upTo: iso(report.upTo) };

export const jsonOfSchedule = ({ schedule, by, paused, note, running, next, missed, skipped, last }: ScheduleRow) => {
  const { when } = schedule;
  return {
    name: schedule.name,
    series: schedule.series,
    mode: schedule.mode,
    ...(schedule.opinion && { opinion: schedule.opinion }),
    ...(when.kind === 'cron' ? { cron: when.cron, timezone: when.timezone } : { [when.kind]: lengthOf(when.ms) }),
    overlap: schedule.overlap,
    catchUp: lengthOf(schedule.catchUpMs),
    jitter: lengthOf(schedule.jitterMs),
    priority: schedule.priority ?? null,
    by,
    paused,
    why: paused ? note : null,
    running,
    next: next.map(iso),
    missed,
    skipped,
    last: last && { at: iso(last.at), endedAt: iso(last.endedAt), outcome: last.outcome, report: jsonOfReport(last.report) },
  };
};
