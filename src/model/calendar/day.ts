/** One date: whether it trades, and when by the wall clock. The order in which facts are read is the format's. */
import type { DayChange, Facts, Hours } from './facts.js';
import { weekdayOf } from './facts.js';

export interface Day extends Hours {
  /** Whether a table names its early close: then the late trade ends earlier, too. */
  readonly early: boolean;
}

/** Reads dates; undefined: closed. */
export function dayReader(facts: Facts): (date: number) => Day | undefined {
  const weekdays = new Set(facts.weekdays);
  const holidays = new Set(facts.holidays);
  const closes = new Map(facts.earlyCloses);
  const opens = new Map(facts.lateOpens);
  const changes = new Map<number, DayChange>();
  for (const c of facts.days) changes.set(c.date, { ...changes.get(c.date), ...c, hours: { ...changes.get(c.date)?.hours, ...c.hours } });
  return date => {
    const change = changes.get(date);
    const shut = !weekdays.has(weekdayOf(date)) || holidays.has(date);
    if (change?.closed ?? shut) return undefined;
    const close = closes.get(date);
    const open = opens.get(date);
    const hours = {
      ...usualHours(facts, date),
      ...(close === undefined ? {} : { close }),
      ...(open === undefined ? {} : { open }),
      ...change?.hours,
    };
    return { ...hours, breaks: hours.breaks.filter(b => hours.open < b[0] && b[1] < hours.close), early: close !== undefined };
  };
}

/** The regime of a date with the corrections of its range; dates before the first regime have the first. */
function usualHours(facts: Facts, date: number): Hours {
  const { open, close, breaks } = (facts.regimes.findLast(r => r.from <= date) ?? facts.regimes[0]) as Hours;
  let hours: Hours = { open, close, breaks };
  for (const r of facts.ranges) if (r.from <= date && date <= r.to) hours = { ...hours, ...r.hours };
  return hours;
}

/** The stretches of a day in minutes of its wall clock. */
export function stretchesOf(day: Day, facts: Facts, session: 'regular' | 'extended'): [number, number][] {
  const out: [number, number][] = [];
  let from = day.open;
  for (const [pause, end] of day.breaks) {
    out.push([from, pause]);
    from = end;
  }
  out.push([from, day.close]);
  if (session === 'regular' || !facts.extended) return out;
  const { pre, post, postEndOnEarlyClose } = facts.extended;
  const end = day.early ? postEndOnEarlyClose : post[1];
  if (pre[0] < day.open) out.unshift([pre[0], day.open]);
  if (day.close < end) out.push([day.close, end]);
  return out;
}
