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
  const usual = eraReader(facts);
  return date => {
    const change = changes.get(date);
    if (change?.closed ?? (!weekdays.has(weekdayOf(date)) || holidays.has(date))) return undefined;
    const close = closes.get(date);
    const open = opens.get(date);
    if (close === undefined && open === undefined && change === undefined) return usual(date);
    const listed = { ...(close === undefined ? {} : { close }), ...(open === undefined ? {} : { open }) };
    return dayOf({ ...usualHours(facts, date), ...listed, ...change?.hours }, close !== undefined);
  };
}

/** A half day has no lunch: a break stays only strictly between open and close. */
const dayOf = (hours: Hours, early: boolean): Day => ({
  open: hours.open,
  close: hours.close,
  breaks: hours.breaks.filter(b => hours.open < b[0] && b[1] < hours.close),
  early,
});

/** Thousands of days in a row are alike: each is the same object until the next change of the usual hours. */
function eraReader(facts: Facts): (date: number) => Day {
  const changes = [...facts.regimes.map(r => r.from), ...facts.ranges.flatMap(r => [r.from, r.to + 1])].sort((a, b) => a - b);
  let era: { from: number; to: number; day: Day } | undefined;
  return date => {
    if (era && era.from <= date && date < era.to) return era.day;
    const from = changes.findLast(c => c <= date) ?? Number.NEGATIVE_INFINITY;
    const to = changes.find(c => c > date) ?? Number.POSITIVE_INFINITY;
    era = { from, to, day: dayOf(usualHours(facts, date), false) };
    return era.day;
  };
}

/** The regime of a date with the corrections of its range; dates before the first regime have the first. */
function usualHours(facts: Facts, date: number): Hours {
  let hours = (facts.regimes.findLast(r => r.from <= date) ?? facts.regimes[0]) as Hours;
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
