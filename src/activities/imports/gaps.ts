import { inTimeOrder } from '../../model/bisect.js';
import { type Calendar, finalUntil, type MarketCalendar } from '../../model/calendar.js';
import { NOTHING } from '../../model/coverage.js';
import { classify, excusesOf, type GapFacts, sumUp } from '../../model/gap-classes.js';
import type { GapCounts, Place } from '../../model/import.js';
import { type Interval, interval } from '../../model/interval.js';
import type { Series } from '../../model/series.js';
import type { ActivityHouse } from '../house.js';

/** What is known of bars that a file lacks: what the series knows of them, and the market. */
export async function factsOf(
  { store, now }: ActivityHouse,
  series: Series,
  calendar: Calendar,
): Promise<Omit<GapFacts, 'halted' | 'optional'>> {
  const { timeframe } = series;
  const holdings = (await store.find(series))?.holdings ?? NOTHING;
  return { calendar, timeframe, holdings, finalBefore: finalUntil(calendar, now(), timeframe) };
}

/** Bars that a stretch of a file lacks from its first to its last one, and up to the stretch before. */
export function gapsIn(ts: Float64Array, before: Place | null, facts: Omit<GapFacts, 'halted' | 'optional'>): GapCounts {
  const { calendar, timeframe } = facts;
  const inOrder = inTimeOrder(ts);
  const [first, last] = [inOrder[0] as number, inOrder.at(-1) as number];
  const isAfter = before?.last !== null && before?.last !== undefined && before.last < first;
  const isBefore = before?.first !== null && before?.first !== undefined && before.first > last;
  const within = interval(
    isAfter ? calendar.next(before.last as number, timeframe) : first,
    isBefore ? (before.first as number) : last + 1,
  );
  const { totals } = sumUp(classify(inOrder, within, { ...facts, ...marksOf(calendar, within) }), 0);
  return Object.fromEntries(Object.entries(totals).filter(([, bars]) => bars > 0));
}

const marksOf = (calendar: Calendar, within: Interval) => excusesOf('marks' in calendar ? (calendar as MarketCalendar).marks(within) : []);
