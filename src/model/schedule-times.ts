/** When a schedule that follows sessions is due: instants in UTC, worked out from calendars, and folded into a few rows for the server. */
import type { Calendar } from './calendar.js';
import { type Interval, interval } from './interval.js';
import type { When } from './schedule.js';
import { DAY } from './timeframe.js';

/** Sessions reach less than two days beyond their date, and a run may come half a day after them. */
const AROUND = 3 * DAY;

/** The instants in (from, to], in order. Nothing is due by sessions where cron says when. */
export function instantsOf(when: When, calendar: Calendar, { from, to }: Interval): number[] {
  if (when.kind === 'cron') return [];
  const sessions = calendar.sessions(interval(from - AROUND, to + AROUND));
  const all = sessions.flatMap(({ segments }) =>
    when.kind === 'afterClose' ? afterClose(segments, when.ms) : whileOpen(segments, when.ms),
  );
  return [...new Set(all)].filter(at => at > from && at <= to).sort((a, b) => a - b);
}

function afterClose(segments: readonly Interval[], ms: number): number[] {
  const close = segments.at(-1)?.to;
  return close === undefined ? [] : [close + ms];
}

/** Counted from each opening, so that a break is no time to ask; the close itself counts. */
const whileOpen = (segments: readonly Interval[], ms: number): number[] =>
  segments.flatMap(({ from, to }) => Array.from({ length: Math.floor((to - from) / ms) }, (_, i) => from + (i + 1) * ms));

/** Whether a time is one of the plan. A run by hand comes at another one. */
export const isInstant = (when: When, calendar: Calendar, at: number): boolean =>
  instantsOf(when, calendar, { from: at - 1, to: at }).length > 0;

/** All instants that have one of each: UTC. */
export interface Row {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly days: readonly number[];
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly second: number;
}

/** The same instants in few rows: hours with the same minutes belong together, then days with the same hours. */
export function rowsOf(instants: Iterable<number>): Row[] {
  const hours = new Groups();
  for (const at of instants) {
    const iso = new Date(at).toISOString();
    hours.add(`${iso.slice(0, 7)}|${iso.slice(8, 10)}|${iso.slice(17, 19)}|${iso.slice(11, 13)}`, iso.slice(14, 16));
  }
  const days = new Groups();
  for (const [key, minutes] of hours.all()) {
    const [month, day, second, hour] = key.split('|');
    days.add(`${month}|${day}|${second}|${minutes}`, hour as string);
  }
  const rows = new Groups();
  for (const [key, both] of days.all()) {
    const [month, day, second, minutes] = key.split('|');
    rows.add(`${month}|${second}|${minutes}|${both}`, day as string);
  }
  const numbers = (text: string | undefined): number[] => (text ?? '').split(',').map(Number);
  return rows.all().map(([key, inDays]) => {
    const [month = '', second, minutes, inHours] = key.split('|');
    return {
      year: Number(month.slice(0, 4)),
      month: Number(month.slice(5)),
      days: numbers(inDays),
      hours: numbers(inHours),
      minutes: numbers(minutes),
      second: Number(second),
    };
  });
}

/** Values by key; those of one key in order, as one text. */
class Groups {
  private readonly sets = new Map<string, Set<string>>();
  add(key: string, value: string): void {
    const set = this.sets.get(key) ?? new Set();
    this.sets.set(key, set.add(value));
  }
  all(): [string, string][] {
    return [...this.sets].map(([key, set]) => [key, [...set].sort().join(',')]);
  }
}
