/** How far a series is behind, in bars that should be there: time in which the market is closed does not age it. */
import type { Calendar } from './calendar.js';
import { countIn } from './calendar.js';
import type { Absence, Reason } from './coverage.js';
import type { GapRun } from './gap-classes.js';
import { type IntervalSet, interval, subtract } from './interval.js';
import { DAY, HOUR, isIntraday, nominalMs, type Timeframe } from './timeframe.js';

export interface Freshness {
  readonly state: 'fresh' | 'due' | 'stale' | 'dead';
  /** Expected bars after the newest that is stored; null when none is. */
  readonly age: number | null;
  /** The newest bar that could be there. */
  readonly lastDue: number;
}

export interface FreshnessFacts {
  readonly calendar: Calendar;
  readonly timeframe: Timeframe;
  /** The newest stored bar. */
  readonly newest: number | null;
  readonly now: number;
  /** How long after its end a bar may take to be published and final. */
  readonly lagMs: number;
  /** Where absence is no delay: halts, after the last trade, minutes known to be without a trade. */
  readonly excused?: IntervalSet;
  /** How many bars in a row such a symbol often goes without a trade (`usualQuiet`). */
  readonly quiet?: number;
}

export function freshnessOf(facts: FreshnessFacts): Freshness {
  const { calendar, timeframe, newest, excused = [], quiet = 0 } = facts;
  const lastDue = lastDueBar(facts);
  if (newest === null) return { state: 'dead', age: null, lastDue };
  const behind = newest < lastDue ? subtract([interval(newest + 1, lastDue + 1)], excused) : [];
  const age = countIn(calendar, behind, timeframe);
  const dueUpTo = Math.max(nominalMs(timeframe) < HOUR ? 3 : 1, quiet);
  if (age === 0) return { state: 'fresh', age, lastDue };
  if (age <= dueUpTo) return { state: 'due', age, lastDue };
  return { state: age < deadFrom(facts, lastDue) ? 'stale' : 'dead', age, lastDue };
}

const BEHIND: ReadonlySet<Freshness['state']> = new Set(['stale', 'dead']);
const NEARLY_MS = 1_000;

/** Until when it is not stale, if nothing comes, to the second; null: it is already, or not before `until`. */
export function staleFrom(facts: FreshnessFacts, until: number): number | null {
  const isBehind = (now: number): boolean => BEHIND.has(freshnessOf({ ...facts, now }).state);
  if (isBehind(facts.now) || !isBehind(until)) return null;
  let [before, after] = [facts.now, until];
  while (after - before > NEARLY_MS) {
    const between = Math.floor((before + after) / 2);
    if (isBehind(between)) after = between;
    else before = between;
  }
  return after;
}

/** The newest expected bar that ended, and whose lag has passed. */
export function lastDueBar({ calendar, timeframe, now, lagMs }: FreshnessFacts): number {
  let at = calendar.previous(now - lagMs, timeframe);
  while (Number.isFinite(at) && calendar.closeOf(at, timeframe) + lagMs > now) at = calendar.previous(at, timeframe);
  return at;
}

/** Absences that make a series no older: nothing was traded. */
const NO_DELAY: ReadonlySet<Reason> = new Set(['no_trade', 'halted', 'after_delisting']);

export const excusedBy = (ledger: readonly Absence[]): readonly Absence[] => ledger.filter(a => NO_DELAY.has(a.reason));

const SESSIONS_OF_DAYS = 3;
/** Far enough back for a full session, over any row of holidays. */
const LOOK_BACK = 20 * DAY;

/** As many bars as a full session has: a half day before a holiday does not make a series dead sooner. */
function deadFrom({ calendar, timeframe }: FreshnessFacts, lastDue: number): number {
  if (!isIntraday(timeframe)) return SESSIONS_OF_DAYS;
  const sessions = calendar.sessions(interval(lastDue - LOOK_BACK, lastDue + DAY));
  return Math.max(1, ...sessions.map(s => countIn(calendar, s.segments, timeframe)));
}

const OFTEN = 0.95;

/** The length that 95 % of a symbol's runs without a trade do not pass. */
export function usualQuiet(gaps: readonly GapRun[]): number {
  const runs = gaps
    .filter(g => g.class === 'no_trade')
    .map(g => g.bars)
    .sort((a, b) => a - b);
  return runs[Math.ceil(OFTEN * runs.length) - 1] ?? 0;
}
