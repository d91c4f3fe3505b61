/**
 * What was asked for and answered (coverage), and what was asked for, expected and not there (the ledger).
 * Every stored bar lies in coverage; coverage without its bars is the ledger.
 */
import { type Interval, type IntervalSet, intersect, subtract, toSet, totalMs, union } from './interval.js';

/** What an answer without bars means. */
export type Verdict = 'failed' | 'empty' | 'beyond_depth' | 'not_yet_published';

export const REASONS = [
  'no_trade',
  'may_change',
  'provider_empty',
  'before_listing',
  'after_delisting',
  'out_of_reach',
  'not_yet_published',
  'halted',
  'suspected_outage',
  'failed',
  'refused',
] as const;
export type Reason = (typeof REASONS)[number];

/**
 * One record of the ledger: within the interval, expected bars are absent for this reason. The bars that are
 * there are not listed: an absence is an expected bar of the interval that the table lacks. `may_change` speaks of
 * bars that are there, and were read before they were settled.
 */
export interface Absence extends Interval {
  readonly reason: Reason;
  /** How the last answer was read; null where no answer was without bars ("no trade" between two bars). */
  readonly verdict: Verdict | null;
  /** Who was asked, in order, each once. */
  readonly asked: readonly string[];
  readonly attempts: number;
  readonly firstAsked: number;
  readonly lastAsked: number;
  /** What this is known from, in a few words. */
  readonly evidence: string;
  /** When to ask again; null: settled. */
  readonly next: number | null;
}

export interface Holdings {
  readonly coverage: IntervalSet;
  readonly ledger: readonly Absence[];
}

export const NOTHING: Holdings = { coverage: [], ledger: [] };

const alike = (a: Absence, b: Absence): boolean =>
  a.reason === b.reason && a.verdict === b.verdict && a.next === b.next && a.evidence === b.evidence && a.asked.join() === b.asked.join();

/** The ledger with these records put in: they take the place of what was known of their intervals, the later of the earlier. */
export function record(ledger: readonly Absence[], news: readonly Absence[]): readonly Absence[] {
  const kept = forget(ledger, toSet(news));
  const sorted = [...kept, ...lastOf(news)].sort((a, b) => a.from - b.from);
  const out: Absence[] = [];
  for (const absence of sorted) {
    const last = out.at(-1);
    if (last && last.to === absence.from && alike(last, absence)) out[out.length - 1] = joined(last, absence);
    else out.push(absence);
  }
  return out;
}

/** The records without what later ones say of the same time. */
function lastOf(news: readonly Absence[]): readonly Absence[] {
  const apart = totalMs(toSet(news)) === totalMs(news.filter(a => a.to > a.from));
  if (apart) return news.filter(a => a.to > a.from);
  return news.flatMap((a, i) => forget([a], toSet(news.slice(i + 1))));
}

const joined = (a: Absence, b: Absence): Absence => ({
  ...a,
  to: b.to,
  attempts: Math.max(a.attempts, b.attempts),
  firstAsked: Math.min(a.firstAsked, b.firstAsked),
  lastAsked: Math.max(a.lastAsked, b.lastAsked),
});

/** The ledger without anything inside `set`. */
export const forget = (ledger: readonly Absence[], set: IntervalSet): readonly Absence[] =>
  ledger.flatMap(a => subtract([a], set).map(rest => ({ ...a, ...rest })));

/** The holdings after a batch: its answered intervals are covered, its absences known. */
export const withAnswer = (held: Holdings, answered: IntervalSet, absences: readonly Absence[]): Holdings => ({
  coverage: union(held.coverage, answered),
  ledger: record(forget(held.ledger, answered), absences),
});

/** What must be asked: expected and not covered, and absences whose time has come. */
export function due(held: Holdings, wanted: IntervalSet, now: number): IntervalSet {
  const again = toSet(held.ledger.filter(a => a.next !== null && a.next <= now));
  return union(subtract(wanted, held.coverage), intersect(wanted, again));
}
