import { type Calendar, countIn, expectedIn, finalUntil, openFrom } from '../model/calendar.js';
import { due, type Holdings, NOTHING } from '../model/coverage.js';
import { hull, type Interval, type IntervalSet, intersect, interval, isEmpty, subtract, toSet, union } from '../model/interval.js';
import type { GapFacts, LoadOrder, Mode, Span } from '../model/load.js';
import { settlingIn } from '../model/settling.js';
import type { Listing, Provider } from '../providers/provider.js';
import { attempt } from './attempt.js';
import { type ActivityHouse, listingOf } from './house.js';

/** What is missing: what was asked for, as far as the calendar expects it and no answer covers it, and absences that are due. */
export const gaps =
  (house: ActivityHouse) =>
  (order: LoadOrder, span: Span): Promise<GapFacts> =>
    attempt(async signal => {
      const { series } = order;
      const provider = house.providers.get(order.provider);
      const calendar = house.calendarOf(order);
      const table = await house.store.find(series);
      const held = table?.holdings ?? NOTHING;
      const listing = await listingOf(house, provider, series.symbol, signal);
      const whole = order.reload ? { from: hull(held.coverage)?.from ?? span.from, to: null } : span;
      const wanted = wantedInterval(order, whole, provider, listing, calendar, house.now());
      const missing = wanted ? missingOf(order.mode, wanted, held, calendar, order, house.now()) : [];
      return {
        note: await house.store.writeNote(order.load, missing),
        gaps: missing.length,
        bars: countIn(calendar, missing, series.timeframe),
        interval: wanted ?? null,
      };
    });

/** From the listing on unless said otherwise, and only bars that are final: closed, and settled at the source. */
function wantedInterval(
  { series }: LoadOrder,
  span: Span,
  provider: Provider,
  listing: Listing,
  calendar: Calendar,
  now: number,
): Interval | undefined {
  const from = span.from ?? listing.first;
  if (from === undefined) return undefined;
  const final = finalUntil(calendar, now - provider.serves.settleMs, series.timeframe);
  const to = Math.min(span.to ?? final, final);
  const start = openFrom(calendar, from, series.timeframe);
  return start < to ? interval(start, openFrom(calendar, to, series.timeframe)) : undefined;
}

function missingOf(mode: Mode, wanted: Interval, held: Holdings, calendar: Calendar, order: LoadOrder, now: number): IntervalSet {
  const expected = expectedIn(calendar, [wanted], order.series.timeframe);
  if (order.reload) return expected;
  const missing = due(held, expected, now);
  const end = hull(held.coverage)?.to;
  if (mode === 'full' || isEmpty(missing)) return missing;
  if (mode === 'local') return [];
  const settling = settlingIn(held);
  if (mode === 'tail') return intersect(missing, union(settling, [interval(end ?? wanted.from, wanted.to)]));
  return subtract(intersect(missing, toSet([interval(wanted.from, end ?? wanted.to)])), settling);
}
