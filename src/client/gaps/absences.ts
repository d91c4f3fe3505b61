/** Which bars of a series are not there, and why. */
import { type Calendar, countIn } from '../../model/calendar.js';
import type { Absence, Reason } from '../../model/coverage.js';
import { intersect, toSet } from '../../model/interval.js';
import type { Table } from '../../store/index.js';

export interface Missing {
  readonly reason: Reason;
  readonly bars: number;
  /** When they are asked for again; null: settled. */
  readonly next: number | null;
}

const WORDS: Readonly<Record<Reason, string>> = {
  no_trade: 'without a trade',
  may_change: 'read before they were settled',
  provider_empty: 'the provider has none',
  before_listing: 'before the listing',
  after_delisting: 'after the delisting',
  out_of_reach: 'further back than the provider reaches',
  not_yet_published: 'not published yet',
  halted: 'trading was halted',
  suspected_outage: 'probably an outage',
  failed: 'the answers failed',
  refused: 'refused by the checks',
};

export const reasonInWords = (reason: Reason): string => WORDS[reason];

/** What speaks of stretches in which bars are there. */
const SPANS_BARS: ReadonlySet<Reason> = new Set(['no_trade', 'may_change']);

/**
 * A record of "no trade" spans many bars that are there; every other one spans bars that are not. So those are counted
 * by the calendar, and what else is lacking of the coverage had no trade.
 */
export function missingOf(table: Table, calendar: Calendar): Missing[] {
  const { coverage, ledger } = table.holdings;
  const { timeframe } = table.series;
  const count = (set: Parameters<typeof countIn>[1]) => countIn(calendar, set, timeframe);
  const apart = ledger.filter(a => !SPANS_BARS.has(a.reason));
  const others = [...group(apart)].map(([reason, records]) => ({
    reason,
    bars: count(toSet(records)),
    next: earliest(records),
  }));
  const told = toSet(apart);
  const rows = [...table.snapshot.files.values()].reduce((n, f) => n + f.rows, 0);
  const quiet = Math.max(0, count(coverage) - rows - count(intersect(told, coverage)));
  const all = quiet > 0 ? [{ reason: 'no_trade' as const, bars: quiet, next: null }, ...others] : others;
  return all.filter(m => m.bars > 0);
}

function group(ledger: readonly Absence[]): Map<Reason, Absence[]> {
  const groups = new Map<Reason, Absence[]>();
  for (const absence of ledger) groups.set(absence.reason, [...(groups.get(absence.reason) ?? []), absence]);
  return groups;
}

function earliest(records: readonly Absence[]): number | null {
  const times = records.flatMap(r => (r.next === null ? [] : [r.next]));
  return times.length > 0 ? Math.min(...times) : null;
}
