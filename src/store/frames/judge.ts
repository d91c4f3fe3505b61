/** What new bars must pass before they meet the table's: the gate, and the question whether they tell the past by another measure. */
import { type Bars, sliceBars, takeBars, VALUES } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { fail } from '../../model/errors.js';
import { type Interval, interval } from '../../model/interval.js';
import { calendarOf } from '../../model/market.js';
import { gate } from '../../model/quality.js';
import { findRestatement } from '../../model/restatement.js';
import type { MergeJob, QuarantinedBar } from './jobs.js';

export interface Judged {
  readonly good: Bars;
  readonly aside: readonly QuarantinedBar[];
  /** Where an expected bar was set aside: it is absent. */
  readonly refused: readonly Interval[];
}

/** Bars in order are let through, but for the few that cannot be right; too many of those and the whole is refused. */
export function judged(bars: Bars, { market, timeframe, answered, everyRow }: MergeJob): Judged {
  if (!market || bars.ts.length === 0) return { good: bars, aside: [], refused: [] };
  const calendar = calendarOf(market);
  const { refusal, quarantine } = gate(bars, {
    calendar,
    timeframe,
    asked: answered,
    mayBeNegative: market.mayBeNegative,
    ...(everyRow && { mostShare: 1 }),
  });
  if (refusal) throw fail('CANDIDATE_REFUSED', { reason: refusal.says });
  if (quarantine.length === 0) return { good: bars, aside: [], refused: [] };
  const out = new Set(quarantine.map(q => q.row));
  const good = takeBars(
    bars,
    Array.from(bars.ts.keys()).filter(row => !out.has(row)),
  );
  const expected = quarantine.filter(q => q.reason === 'nonsense').map(q => bars.ts[q.row] as number);
  return {
    good,
    aside: quarantine.map(({ row, reason, says }) => ({ ...plain(bars, row), reason, says })),
    refused: expected.map(ts => interval(ts, calendar.next(ts, timeframe))),
  };
}

const plain = (bars: Bars, row: number) => ({
  ts: bars.ts[row] as number,
  values: VALUES.map(value => told(bars[value][row] as number)),
  source: bars.sources[bars.source[row] as number] as string,
});

const WHY = {
  double: 'another row of the file has its time and says otherwise',
  differs: 'the stored bar says otherwise, and stays',
} as const;

/** Bars that gave way, as lines. */
export const lostOf = (bars: Bars, reason: keyof typeof WHY): QuarantinedBar[] =>
  Array.from(bars.ts.keys(), row => ({
    ...plain(bars, row),
    reason,
    says: `bar ${new Date(bars.ts[row] as number).toISOString()}: ${WHY[reason]}`,
  }));

const told = (value: number): number | string | null => (Number.isNaN(value) ? null : Number.isFinite(value) ? value : String(value));

/** Bars that stand to the table's own in one constant ratio are never blended with them. */
export function refuseRestated(there: Bars, news: Bars, { market, series }: MergeJob): void {
  if (!market) return;
  const [first, last] = [news.ts[0] as number, news.ts.at(-1) as number];
  const found = findRestatement(between(there, first, last), news, { tick: market.tick });
  if (!found) return;
  const date = (at: number) => new Date(at).toISOString().slice(0, 10);
  throw fail('RESTATED', {
    series,
    words: found.words,
    ratio: Number(found.ratio.toPrecision(6)),
    from: date(found.from),
    to: date(found.to),
    bars: found.bars,
    of: found.of,
  });
}

const between = (bars: Bars, first: number, last: number): Bars =>
  sliceBars(bars, lowerBound(bars.ts, first), lowerBound(bars.ts, last + 1));
