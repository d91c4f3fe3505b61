/** Bars that their source may still correct: which they are, and when they are asked for again. */
import { type Calendar, countIn, finalUntil } from './calendar.js';
import type { Absence, Holdings } from './coverage.js';
import { type Interval, type IntervalSet, intersect, interval, subtract, toSet } from './interval.js';
import { DAY, type Timeframe } from './timeframe.js';

export interface Settling {
  /** The open of the first bar that may still change. */
  readonly from: number;
  /** When the next session is over: no sooner is anything asked again. */
  readonly next: number;
  /** Why they may change; unsaid, that they were read before they were settled. */
  readonly why?: string;
}

/** Far enough for a session, over any row of holidays. */
const HOLIDAYS = 20 * DAY;
/** Sessions are no rarer than this in the long run, closed days and weekends counted. */
const DAYS_EACH = 2 * DAY;

/**
 * A bar is settled when it was read after so many sessions were over since its own. Until then it is read again once
 * after each of them; a bar is over `settleMs` after its close. Undefined: nothing is ever read again.
 */
export function settlingAt(
  calendar: Calendar,
  timeframe: Timeframe,
  { sessions, settleMs, now }: { readonly sessions: number; readonly settleMs: number; readonly now: number },
): Settling | undefined {
  if (sessions === 0) return undefined;
  const at = now - settleMs;
  const closes = calendar.sessions(interval(at - HOLIDAYS - sessions * DAYS_EACH, at + HOLIDAYS)).map(s => s.segments.at(-1)?.to ?? s.date);
  const over = closes.filter(close => close <= at);
  const settled = over.at(-1 - sessions);
  const next = closes[over.length];
  return settled === undefined || next === undefined
    ? undefined
    : { from: finalUntil(calendar, settled, timeframe), next: next + settleMs };
}

/** Who answered, and by which bars it is counted. */
interface Answered {
  readonly provider: string;
  readonly now: number;
  readonly calendar: Calendar;
  readonly timeframe: Timeframe;
}

/** The ledger's news, with what may still change of the answered time to be asked for again. */
export function askAgain(
  news: readonly Absence[],
  answered: IntervalSet,
  { from, next, why = 'read before it was settled' }: Settling,
  { provider, now, calendar, timeframe }: Answered,
): Absence[] {
  const open = intersect(answered, [interval(from, Number.POSITIVE_INFINITY)]);
  const rest = subtract(open, toSet(news)).filter(i => countIn(calendar, [i], timeframe) > 0);
  return [...news.flatMap(a => (a.reason === 'no_trade' ? openEnded(a, from, next) : [a])), ...rest.map(mayChange)];

  function mayChange(within: Interval): Absence {
    const evidence = why;
    const asked = [provider];
    return { ...within, reason: 'may_change', verdict: null, asked, attempts: 1, firstAsked: now, lastAsked: now, evidence, next };
  }
}

/** A minute without a trade may get one by a late correction. */
const openEnded = (absence: Absence, from: number, next: number): Absence[] =>
  [
    { ...absence, to: Math.min(absence.to, from) },
    { ...absence, from: Math.max(absence.from, from), next },
  ].filter(part => part.from < part.to);

/** Where bars are held that were read before they were settled. */
export const settlingIn = ({ ledger }: Holdings): IntervalSet =>
  toSet(ledger.filter(a => a.next !== null && (a.reason === 'may_change' || a.reason === 'no_trade')));
