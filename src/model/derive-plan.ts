/**
 * Which bars of a derived series have to be made: those that are complete and not there yet, and those whose own bars the
 * base has changed. All in stamps of the derived series; a stretch of stamps reaches to where the next bar would open.
 */
import type { Bars } from './bars.js';
import { countOf, takeBars } from './bars.js';
import { lowerBound } from './bisect.js';
import { type Calendar, expectedIn } from './calendar.js';
import type { Absence, Holdings, Reason } from './coverage.js';
import { contains, hull, type Interval, type IntervalSet, intersect, interval, pieces, subtract, toSet, union } from './interval.js';
import { resample } from './resample.js';
import { partialIn, type Slots, slotsFor, slotsOf } from './slots.js';
import { nominalMs, type Timeframe } from './timeframe.js';

/** A base, and what is made of it. */
export interface Making {
  readonly calendar: Calendar;
  readonly from: Timeframe;
  readonly timeframe: Timeframe;
  readonly base: Holdings;
}

export interface Due {
  /** Complete bars that have to be made. */
  readonly stamps: IntervalSet;
  /** A bar that is covered is complete no longer. */
  readonly lost: boolean;
}

/** So many finer bars are looked at, or read, at once. */
const AT_ONCE = 200_000;

/** `covered`: what the derived series has been made for. `changed`: the time in which the base was told anew since. */
export function dueIn(making: Making, covered: IntervalSet, changed: IntervalSet): Due {
  const { calendar, from, timeframe, base } = making;
  const told = hull(base.coverage);
  if (!told) return { stamps: [], lost: covered.length > 0 };
  const region = union(subtract(base.coverage, covered), changed);
  const stamps: Interval[] = [];
  let lost = false;
  for (const piece of pieces(region, AT_ONCE * nominalMs(from))) {
    const slots = slotsOf(calendar, from, timeframe, piece);
    const touched = stampsIn(slots, intersect(changed, [piece]));
    const partial = partialIn(slots, missingIn(making, slots));
    for (const stamp of new Set(slots.stamp)) {
      const had = contains(covered, stamp);
      if (partial.has(stamp)) lost ||= had;
      else if (!had || touched.has(stamp)) putBehind(stamps, interval(stamp, calendar.next(stamp, timeframe)));
    }
  }
  return { stamps: toSet(stamps), lost };
}

/** There may be millions of stamps, and few stretches of them. */
function putBehind(stretches: Interval[], { from, to }: Interval): void {
  const last = stretches.at(-1);
  if (last?.to === from) stretches[stretches.length - 1] = interval(last.from, to);
  else stretches.push(interval(from, to));
}

/** Stamps of the bars that some time is part of. */
const stampsIn = partialIn;

/** Expected time of the slots that was never asked for and answered. */
function missingIn({ calendar, from, base }: Making, { from: begins, to: ends }: Slots): IntervalSet {
  if (begins.length === 0) return [];
  const span = interval(begins[0] as number, ends.at(-1) as number);
  return subtract(expectedIn(calendar, [span], from), answeredIn(base, span));
}

/** What was asked for and answered; before the listing there was nothing to ask for. */
export function answeredIn({ coverage, ledger }: Holdings, span: Interval): IntervalSet {
  const whole = hull(coverage);
  const listed = whole && ledger.some(a => a.reason === 'before_listing');
  const since = listed ? interval(Math.min(span.from, whole.from), whole.to) : undefined;
  return since ? subtract([since], subtract([whole as Interval], coverage)) : intersect(coverage, [span]);
}

/** Stretches of stamps that can be made at once, and nothing between them is cut in two. */
export function windowsOf({ calendar, from, timeframe }: Making, stamps: IntervalSet): Interval[] {
  const most = Math.max(1, Math.floor((AT_ONCE * nominalMs(from)) / nominalMs(timeframe))) * nominalMs(timeframe);
  return stamps.flatMap(({ from: begin, to }) => {
    const windows: Interval[] = [];
    for (let at = begin; at < to; ) {
      const next = Math.min(to, Math.max(calendar.next(at, timeframe), calendar.next(at + most - 1, timeframe)));
      windows.push(interval(at, next));
      at = next;
    }
    return windows;
  });
}

/** The time in which the finer bars of a window open. */
export function readFor({ calendar, from, timeframe }: Making, window: Interval): Interval | undefined {
  const { from: begins, to: ends } = slotsFor(calendar, from, timeframe, window);
  return begins.length === 0 ? undefined : interval(begins[0] as number, ends.at(-1) as number);
}

export interface MadeBars {
  readonly bars: Bars;
  /** Complete bars of which no part was traded, and why. */
  readonly absences: readonly Absence[];
}

/** The bars of a window in which every stamp is complete. */
export function madeOf(making: Making, window: Interval, finer: Bars): MadeBars {
  const slots = slotsFor(making.calendar, making.from, making.timeframe, window);
  const { bars } = resample(finer, slots);
  const rows = Array.from(bars.ts.keys()).filter(row => (bars.ts[row] as number) >= window.from && (bars.ts[row] as number) < window.to);
  const kept = rows.length === countOf(bars) ? bars : takeBars(bars, rows);
  return { bars: kept, absences: countOf(kept) === new Set(slots.stamp).size ? [] : absencesOf(making, slots, kept.ts) };
}

function absencesOf({ calendar, from, timeframe, base }: Making, slots: Slots, there: Float64Array): Absence[] {
  const absences: Absence[] = [];
  slots.stamp.forEach((stamp, i) => {
    if (there[lowerBound(there, stamp)] === stamp || slots.stamp[i - 1] === stamp) return;
    const own = base.ledger.filter(a => a.from < (slots.to[i] as number) && a.to > (slots.from[i] as number));
    const why = own.sort((a, b) => GRAVITY.indexOf(b.reason) - GRAVITY.indexOf(a.reason))[0];
    if (!why) return;
    const { reason, verdict, asked, attempts, firstAsked, lastAsked } = why;
    const evidence = `as of ${from}: ${why.evidence}`;
    absences.push({
      ...interval(stamp, calendar.next(stamp, timeframe)),
      ...{ reason, verdict, asked, attempts, firstAsked, lastAsked, evidence },
      // Nobody is asked for a derived bar: the ledger of the base knows when.
      next: null,
    });
  });
  return absences;
}

/** Of several reasons the gravest is told, the last of these. */
const GRAVITY: readonly Reason[] = [
  'may_change',
  'before_listing',
  'after_delisting',
  'no_trade',
  'halted',
  'out_of_reach',
  'provider_empty',
  'not_yet_published',
  'suspected_outage',
  'refused',
  'failed',
];
