/** Splits and dividends of a symbol: whose they are, how they get in, and what they do to bars that are read. */
import { ulid } from 'ulid';
import type { Bars } from '../../model/bars.js';
import { CALENDAR_24_7 } from '../../model/calendar.js';
import { fail } from '../../model/errors.js';
import { ADJUSTMENTS, type Adjustment, adjust, type EventsOf, type Factor, factorsOf, type MarketEvent } from '../../model/events.js';
import { type EventsOrder, placeOf } from '../../model/events-order.js';
import { classify } from '../../model/instruments.js';
import { interval } from '../../model/interval.js';
import { ASSET_CLASSES } from '../../model/series.js';
import { DAY, isIntraday } from '../../model/timeframe.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Store, Table } from '../../store/index.js';
import { calendarOfTable } from '../facts/calendars.js';
import { instrumentsOf } from '../facts/instruments.js';

export interface NamedSymbol {
  readonly symbol: string;
  readonly dataset?: string | undefined;
  readonly assetClass?: string | undefined;
}

/** The one symbol of that name that has series; one that has none yet is named with its class. */
export async function eventsOf(store: Store, { symbol, dataset, assetClass }: NamedSymbol): Promise<EventsOf> {
  const own = ASSET_CLASSES.find(c => c === assetClass);
  if (assetClass !== undefined && !own)
    throw fail('USAGE', { reason: `there is no asset class ${JSON.stringify(assetClass)}: it is one of ${ASSET_CLASSES.join(', ')}` });
  const fits = (await store.list()).filter(
    s => s.symbol === symbol && (dataset === undefined || s.dataset === dataset) && (own === undefined || s.assetClass === own),
  );
  const places = new Map(fits.map(s => [placeOf(s), { dataset: s.dataset, assetClass: s.assetClass, symbol }]));
  const [only, ...more] = places.values();
  if (more.length > 0)
    throw fail('USAGE', { reason: `several are called that: ${[...places.keys()].join(', ')}. Name one with --dataset and --class` });
  if (only) return only;
  if (own) return { dataset: dataset ?? 'main', assetClass: own, symbol };
  throw fail('SERIES_UNKNOWN', { series: symbol, folder: `${store.house.root}. Before its first load, say what it is with --class` });
}

/** As a person or a program names it. */
export function checkAdjustment(given: string | undefined): Adjustment | undefined {
  const found = ADJUSTMENTS.find(a => a === given);
  if (given !== undefined && !found)
    throw fail('USAGE', { reason: `bars are adjusted by ${ADJUSTMENTS.join(' or ')}, not by ${JSON.stringify(given)}. Nothing was done` });
  return found;
}

export const eventsOrder = (
  of: EventsOf,
  events: readonly MarketEvent[],
  { replace = false, by, silenceMs }: { readonly replace?: boolean | undefined; readonly by: string; readonly silenceMs: number },
): EventsOrder => ({ id: ulid(), of, events, replace, by, silenceMs });

/** Bars by today's measure; without an adjustment, as they were traded. */
export async function* adjusted(
  settings: ResolvedSettings,
  store: Store,
  table: Table,
  how: Adjustment | undefined,
  bars: AsyncIterable<Bars>,
): AsyncGenerator<Bars> {
  if (how === undefined) return yield* bars;
  checkAdjustment(how);
  let factors: readonly Factor[] | undefined;
  for await (const part of bars) {
    factors ??= await factorsFor(settings, store, table, how, part.ts[0] ?? Number.NEGATIVE_INFINITY);
    yield adjust(part, factors);
  }
}

/** Only events behind the first bar that is read change anything. */
async function factorsFor(settings: ResolvedSettings, store: Store, table: Table, how: Adjustment, first: number): Promise<Factor[]> {
  const { series, basis } = table;
  const calendar = await calendarOfTable(settings, table);
  const dated = !isIntraday(series.timeframe) || calendar === CALENDAR_24_7;
  const startOf = (date: number): number =>
    dated ? date : (calendar.sessions(interval(date, date + HOLIDAYS))[0]?.segments[0]?.from ?? date);
  const events = ((await store.events(series))?.events ?? []).filter(e => startOf(e.date) > first);
  const closes = new Map<number, number | undefined>();
  if (how === 'dividend')
    for (const { kind, date } of events) if (kind === 'dividend') closes.set(date, await closeBefore(store, table, startOf(date)));
  const instrument = classify(series.symbol, await instrumentsOf(settings)).readings.find(
    r => r.listed && r.instrument.assetClass === series.assetClass,
  );
  const currency = instrument?.instrument.currency ?? null;
  return factorsOf(events, how, { startOf, closeBefore: date => closes.get(date), currency, splitAdjusted: basis.adjustment === 'split' });
}

/** Far enough for a session, over any row of holidays. */
const HOLIDAYS = 20 * DAY;

/** A share that was not traded for longer has no close that a dividend could be measured by. */
async function closeBefore(store: Store, table: Table, at: number): Promise<number | undefined> {
  for (const days of [4 * DAY, HOLIDAYS]) {
    let last: number | undefined;
    for await (const { close } of store.bars(table, { interval: interval(at - days, at) }))
      last = close.findLast(price => price > 0) ?? last;
    if (last !== undefined) return last;
  }
  return undefined;
}
