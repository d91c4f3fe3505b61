/** What a second opinion asks: which source, whether its bars can be held against ours, and which stretches. */
import type { Value } from '../../model/bars.js';
import { type Calendar, finalUntil, type MarketCalendar } from '../../model/calendar.js';
import type { Reason } from '../../model/coverage.js';
import { fail } from '../../model/errors.js';
import { type Factor, factorsOf } from '../../model/events.js';
import { type Interval, intersect, interval, subtract, toSet } from '../../model/interval.js';
import type { OpinionOrder, OpinionPlan } from '../../model/opinion.js';
import { sampleOf } from '../../model/opinion-sample.js';
import { type Basis, nameOf } from '../../model/series.js';
import { DAY, isIntraday } from '../../model/timeframe.js';
import { basisFor } from '../../providers/basis.js';
import type { Provider } from '../../providers/provider.js';
import { providerIn, type Table } from '../../store/index.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import { baseCalendar } from '../schedules/derive-due.js';

/** What the plan's note holds. */
export interface OpinionNote {
  readonly provider: string;
  readonly version: number;
  readonly segments: readonly Interval[];
  /** What is compared beside the prices. */
  readonly values: readonly Value[];
  /** By these the bars of the one side are brought to the measure of the other. */
  readonly convert: { readonly side: 'ours' | 'theirs'; readonly factors: readonly Factor[] } | null;
}

export const opinionPlan =
  (house: ActivityHouse) =>
  (order: OpinionOrder, seed: number): Promise<OpinionPlan> =>
    attempt(async () => {
      const { store, now } = house;
      const { series, kind, share, mostRequests } = order;
      await store.recordLoad({ load: order.id, order });
      const table = await store.open(series);
      const provider = await sourceFor(house, order, table);
      const calendar = askedBy(house, table, provider);
      const said = comparable(table, provider, kind);
      const convert = await conversion(house, table, provider, calendar);
      const final = finalUntil(calendar, now() - provider.serves.settleMs, series.timeframe);
      const wanted = interval(order.from ?? Number.NEGATIVE_INFINITY, Math.min(order.to ?? final, final));
      const lifeless = table.holdings.ledger.filter(a => BARLESS.has(a.reason));
      const stored = subtract(intersect(table.holdings.coverage, [wanted]), toSet(lifeless));
      const facts = { timeframe: series.timeframe, calendar, now: now() };
      const { segments, bars, of, unreachable } = sampleOf(stored, { share, seed, mostRequests }, provider.serves, facts);
      const remarks = [
        ...said.remarks,
        ...(convert ? [splitWords(convert, provider.name)] : []),
        ...(unreachable > 0 ? [`${unreachable} bars lie beyond what ${provider.name} reaches`] : []),
        ...(bars < Math.floor(share * of) ? [`only ${bars} bars are asked for: more would take more than ${mostRequests} requests`] : []),
      ];
      const note: OpinionNote = {
        provider: provider.name,
        version: table.snapshot.version,
        segments: segments.map(({ from, to }) => interval(from, to)),
        values: said.values,
        convert,
      };
      return {
        note: await store.writeNote(order.id, note),
        provider: provider.name,
        version: note.version,
        segments: segments.length,
        requests: segments.reduce((n, s) => n + s.pages, 0),
        bars,
        of,
        remarks,
      };
    });

function splitWords({ side, factors }: NonNullable<OpinionNote['convert']>, name: string): string {
  const whose = side === 'ours' ? 'the stored prices' : `the prices of ${name}`;
  return `${factors.length === 1 ? '1 split was' : `${factors.length} splits were`} taken out of ${whose}`;
}

/** Where no bar is expected after all, or none can be had. */
const BARLESS: ReadonlySet<Reason> = new Set(['before_listing', 'after_delisting', 'out_of_reach']);

/** Who is asked, and that it has bars of that length at all. */
async function sourceFor({ store, providers }: ActivityHouse, order: OpinionOrder, table: Table): Promise<Provider> {
  const { series } = order;
  const provider = providers.get(order.provider ?? (await sourceOf(store, table)));
  const { timeframes } = provider.serves;
  if (!timeframes.includes(series.timeframe)) throw fail('TIMEFRAME_NOT_SERVED', { provider: provider.name, timeframe: series.timeframe });
  return provider;
}

/** The source that the bars are from; derived bars, and those of files, are from none that could be asked. */
async function sourceOf(store: ActivityHouse['store'], { series, derived }: Table): Promise<string> {
  if (derived) throw fail('PROVIDER_NONE', { series: nameOf(series), reason: `it is made of ${derived.from}: ask for that one again` });
  const named = providerIn(await store.history(series));
  if (!named) throw fail('PROVIDER_NONE', { series: nameOf(series), reason: 'no source was asked for its bars' });
  return named;
}

/** The calendar by which the source is asked. Bars of the two that open at other times are no two opinions of one thing. */
function askedBy(house: ActivityHouse, table: Table, { name, serves }: Provider): Calendar {
  const { series } = table;
  const calendar = house.calendarOf({ series, provider: name, calendar: table.calendar.name });
  const own = baseCalendar(house, table);
  const anchorOf = (c: Calendar) => ('view' in c && !(c as MarketCalendar).neverCloses ? (c as MarketCalendar).view.anchor : null);
  if (isIntraday(series.timeframe) && anchorOf(own) !== anchorOf(calendar)) {
    const within = table.holdings.coverage.at(-1);
    const opens = within ? own.expected(interval(Math.max(within.from, within.to - 10 * DAY), within.to), series.timeframe) : [];
    if (!opens.every(ts => calendar.count(interval(ts, ts + 1), series.timeframe) === 1))
      throw fail('BASIS_MISMATCH', { series: nameOf(series), stored: `${anchorOf(own)}-cut`, offered: `${serves.anchor}-cut` });
  }
  return calendar;
}

/** What of the bars can be compared; what is of another kind is refused, a volume of another market is left out. */
function comparable(
  { series, basis }: Table,
  { name, serves }: Provider,
  kind: OpinionOrder['kind'],
): Pick<OpinionNote, 'values'> & { remarks: string[] } {
  const theirs = basisFor(serves, series);
  const tell = (b: Basis) => `${b.adjustment} ${b.price} ${b.session}`;
  if (theirs.price !== basis.price || theirs.session !== basis.session)
    throw fail('BASIS_MISMATCH', { series: nameOf(series), stored: tell(basis), offered: tell(theirs) });
  if (kind === 'reverify') return { values: ['volume', 'turnover', 'trades'], remarks: [] };
  if (theirs.volumeUnit === 'none') return { values: [], remarks: [`${name} states no volume: prices alone were compared`] };
  if (theirs.volumeUnit !== basis.volumeUnit)
    return { values: [], remarks: [`volume was not compared: ours is in ${basis.volumeUnit}, that of ${name} in ${theirs.volumeUnit}`] };
  const feeds = theirs.feed === basis.feed ? [] : [`ours is of the feed ${basis.feed}, that of ${name} of ${theirs.feed}`];
  return { values: feeds.length > 0 ? [] : ['volume'], remarks: feeds.map(f => `volume was not compared: ${f}`) };
}

/** Splits are exact factors: with them a raw price and a split-adjusted one are two opinions of one thing. */
async function conversion(
  { store }: ActivityHouse,
  { series, basis }: Table,
  { serves }: Provider,
  calendar: Calendar,
): Promise<OpinionNote['convert']> {
  const theirs = basisFor(serves, series).adjustment;
  if (theirs === basis.adjustment) return null;
  const held = await store.events(series);
  if (!held) throw fail('BASIS_MISMATCH', { series: nameOf(series), stored: basis.adjustment, offered: theirs });
  const startOf = (date: number): number =>
    isIntraday(series.timeframe) ? (calendar.sessions(interval(date, date + DAY))[0]?.segments[0]?.from ?? date) : date;
  const factors = factorsOf(held.events, 'split', { startOf, closeBefore: () => undefined, currency: null, splitAdjusted: false });
  return { side: basis.adjustment === 'raw' ? 'ours' : 'theirs', factors };
}
