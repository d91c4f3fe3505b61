/** Expected bars that may be missing without a fault, and unexpected ones that may be there. */
import { type Interval, type IntervalSet, intersect, interval, subtract, toSet } from '../interval.js';
import { DAY, MINUTE } from '../timeframe.js';
import type { Mark, Session, View } from './calendar.js';
import { type Days, sessionsIn } from './days.js';
import type { Facts, Window } from './facts.js';
import { zoneOf } from './zone.js';

/** Session dates whose segments may touch an interval. */
const around = (within: Interval): Interval => interval(within.from - 2 * DAY, within.to + 2 * DAY);

export function marksIn(facts: Facts, days: Days, view: View, within: Interval): Mark[] {
  const zone = zoneOf(facts.timezone);
  const sessions = sessionsIn(days, around(within));
  const open = toSet(sessions.flatMap(s => s.segments));
  const marks: Mark[] = facts.halts.map(h => ({ from: zone.toUtc(h.from), to: zone.toUtc(h.to), kind: 'halted' as const, why: h.why }));
  for (const session of sessions) marks.push(...optionalOf(facts, session, view));
  if (facts.rollover) marks.push(...rolloversOf(facts, facts.rollover, around(within)));
  return marks
    .flatMap(m => intersect(intersect([m], open), [within]).map(i => ({ ...i, kind: m.kind, why: m.why })))
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

function optionalOf(facts: Facts, session: Session, view: View): Mark[] {
  const marks: Mark[] = [];
  const optional = (i: Interval, why: string) => marks.push({ from: i.from, to: i.to, kind: 'optional', why });
  for (const q of facts.quiet) if (session.date >= q.from) optional(windowOf(facts, session.date, q.window), q.why);
  if (facts.staggeredOpen) optional(windowOf(facts, session.date, facts.staggeredOpen), 'symbols open in groups');
  if (facts.softHolidays.includes(session.date)) for (const s of session.segments) optional(s, 'a holiday on which most venues are shut');
  if (view.session === 'extended' && facts.extended?.thin) for (const s of outsideRegular(facts, session)) optional(s, 'thin hours');
  return marks;
}

/** The pause around the change of day lies at the end of one session and the beginning of the next. */
function rolloversOf(facts: Facts, window: Window, { from, to }: Interval): Mark[] {
  const marks: Mark[] = [];
  for (let date = Math.floor(from / DAY) * DAY; date < to; date += DAY)
    marks.push({ ...windowOf(facts, date, window), kind: 'optional', why: 'many brokers pause around the change of day' });
  return marks;
}

const windowOf = (facts: Facts, date: number, [from, to]: Window): Interval => {
  const zone = zoneOf(facts.timezone);
  return interval(zone.toUtc(date + from * MINUTE), zone.toUtc(date + to * MINUTE));
};

/** Pre and post are the first and the last segment of an extended day. */
function outsideRegular(facts: Facts, { date, segments }: Session): readonly Interval[] {
  const zone = zoneOf(facts.timezone);
  const pre = zone.toUtc(date + (facts.extended?.pre[0] ?? 0) * MINUTE);
  return segments.filter((s, i) => (i === 0 && s.from === pre) || (i > 0 && i === segments.length - 1));
}

/** Regular hours accept the prints of the closing auction, and the bars of the extended session, which they do not expect. */
export function acceptedIn(facts: Facts, regular: Days, extended: Days | undefined, view: View, within: Interval): IntervalSet {
  const dates = around(within);
  const sessions = sessionsIn(regular, dates);
  const prints = sessions.map(s => {
    const close = s.segments.at(-1)?.to ?? s.date;
    return interval(close, close + facts.printsAfterCloseMinutes * MINUTE);
  });
  const wide = extended ? sessionsIn(extended, dates).flatMap(s => s.segments) : [];
  const expected = view.session === 'extended' && extended ? wide : sessions.flatMap(s => s.segments);
  return intersect(subtract(toSet([...prints, ...wide]), toSet(expected)), [within]);
}
