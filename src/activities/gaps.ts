import { type Calendar, countIn, expectedIn, finalUntil, openFrom, remarksOf } from '../model/calendar.js';
import { due, type Holdings, NOTHING, type Reason } from '../model/coverage.js';
import { LISTED } from '../model/instruments.js';
import { hull, type Interval, type IntervalSet, intersect, interval, isEmpty, subtract, toSet, union } from '../model/interval.js';
import type { GapFacts, LoadOrder, Mode, Span } from '../model/load.js';
import { settlingIn } from '../model/settling.js';
import type { Provider } from '../providers/provider.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';
import { type Bounds, boundsOf, type Listed, listedOf } from './sources/life.js';

/** What the note holds. */
export interface Missing {
  readonly inside: IntervalSet;
  /** Wanted where the symbol was not traded: told of in the ledger, and never asked for. */
  readonly outside: IntervalSet;
  /** What is known of the symbol's life. */
  readonly listing: Listed;
}

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
      const life = await boundsOf(house, order, table, signal);
      const whole = order.reload ? { from: hull(held.coverage)?.from ?? span.from, to: null } : span;
      const wanted = wantedInterval(order, whole, provider, life, hull(held.coverage)?.from, calendar, house.now());
      const missing = wanted ? missingOf(order.mode, wanted, reopened(held, life, provider.name), calendar, order, house.now()) : [];
      const inside = intersect(missing, [life]);
      const remarks = wanted ? remarksOf(calendar, wanted, series.timeframe) : [];
      const note: Missing = { inside, outside: subtract(missing, inside), listing: listedOf(life) };
      return {
        note: await house.store.writeNote(order.load, note),
        gaps: inside.length,
        bars: countIn(calendar, inside, series.timeframe),
        interval: wanted ?? null,
        ...(remarks.length > 0 && { remarks }),
      };
    });

/**
 * What counts as never asked: time that lies beyond the reach of others only, and that in which, by what is known now, the symbol
 * is traded after all.
 */
function reopened(held: Holdings, life: Bounds, provider: string): Holdings {
  const refuted = held.ledger.filter(a => LIFELESS.has(a.reason) && a.evidence.startsWith(LISTED));
  const others = held.ledger.filter(a => a.reason === 'out_of_reach' && !a.asked.includes(provider));
  const open = union(intersect(toSet(refuted), [life]), toSet(others));
  return isEmpty(open) ? held : { ...held, coverage: subtract(held.coverage, open) };
}

const LIFELESS: ReadonlySet<Reason> = new Set(['before_listing', 'after_delisting']);

/** From the listing on unless said otherwise (where nobody knows it: from what is there on), to the delisting, and only bars that are final: closed, and settled at the source. */
function wantedInterval(
  { series }: LoadOrder,
  span: Span,
  provider: Provider,
  life: Bounds,
  begun: number | undefined,
  calendar: Calendar,
  now: number,
): Interval | undefined {
  const from = span.from ?? (Number.isFinite(life.from) ? life.from : (begun ?? life.from));
  if (!Number.isFinite(from)) return undefined;
  const final = finalUntil(calendar, now - provider.serves.settleMs, series.timeframe);
  const to = Math.min(span.to ?? life.to, final);
  const start = openFrom(calendar, from, series.timeframe);
  return start < to ? interval(start, openFrom(calendar, to, series.timeframe)) : undefined;
}

function missingOf(mode: Mode, wanted: Interval, held: Holdings, calendar: Calendar, order: LoadOrder, now: number): IntervalSet {
  const expected = expectedIn(calendar, [wanted], order.series.timeframe);
  if (order.reload) return expected;
  const missing = due(held, expected, now);
  const end = hull(held.coverage)?.to;
  if (mode === 'full' || mode === 'local' || isEmpty(missing)) return missing;
  const settling = settlingIn(held);
  if (mode === 'tail') return intersect(missing, union(settling, [interval(end ?? wanted.from, wanted.to)]));
  return subtract(intersect(missing, toSet([interval(wanted.from, end ?? wanted.to)])), settling);
}
