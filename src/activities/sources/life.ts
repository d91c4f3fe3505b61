/** What is known of a symbol's life, from its provider and from the list of instruments, and what the provider calls it. */
import type { Calendar } from '../../model/calendar.js';
import { type Classification, classify, type Life, lifeOf } from '../../model/instruments.js';
import { type Interval, interval } from '../../model/interval.js';
import type { LoadOrder } from '../../model/load.js';
import { nameOf } from '../../model/series.js';
import { DAY, isIntraday, type Timeframe } from '../../model/timeframe.js';
import { wantedFor } from '../../providers/answer.js';
import type { Listing } from '../../providers/provider.js';
import type { Table } from '../../store/index.js';
import { isPassedBy } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import { requireWell } from './sources.js';

/** The open of the first bar there can be and the end of the last, infinite where nothing is known, and what they are known from. */
export interface Bounds extends Interval {
  readonly evidence: string;
}

/** The same in a note: what is not known is not there. */
export interface Listed {
  readonly first?: number;
  readonly last?: number;
  readonly evidence: string;
}

export const listedOf = ({ from, to, evidence }: Bounds): Listed => ({
  ...(Number.isFinite(from) && { first: from }),
  ...(Number.isFinite(to) && { last: to }),
  evidence,
});

/** Where a symbol is not listed, its form may tell its name, if there is one reading of it. */
export function symbolFor({ instruments }: ActivityHouse, { series, provider }: Pick<LoadOrder, 'series' | 'provider'>): string {
  const fits = ({ readings, settled }: Classification) =>
    readings.find(r => r.listed && r.instrument.assetClass === series.assetClass) ??
    (settled?.instrument.assetClass === series.assetClass ? settled : undefined);
  return fits(classify(series.symbol, instruments))?.instrument.providers[provider] ?? series.symbol;
}

export async function boundsOf(house: ActivityHouse, order: LoadOrder, table: Table | undefined, signal: AbortSignal): Promise<Bounds> {
  const { series, span } = order;
  const told = order.mode === 'local' ? EVER : boundsTold(await listingOf(house, order, signal));
  const wanted = interval(span.from ?? Number.NEGATIVE_INFINITY, span.to ?? house.now());
  const life = lifeOf(house.instruments, series, wanted, table && storedIn(table));
  if (!life) return told;
  const listed = timesOf(life, house.calendarOf(order), series);
  const [from, to] = [Math.max(told.from, listed.from), Math.min(told.to, listed.to)];
  return { from, to, evidence: from > told.from || to < told.to ? life.evidence : told.evidence };
}

/** As the source tells it or, while that one is away, those that stand in for it. */
async function listingOf(house: ActivityHouse, order: LoadOrder, signal: AbortSignal): Promise<Listing> {
  const { series, standIns = [] } = order;
  let why: unknown;
  for (const provider of [order.provider, ...standIns]) {
    try {
      return await askListing(house, { series, provider }, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassedBy(error)) throw error;
      why ??= error;
    }
  }
  throw why;
}

async function askListing(house: ActivityHouse, of: Pick<LoadOrder, 'series' | 'provider'>, signal: AbortSignal): Promise<Listing> {
  const symbol = symbolFor(house, of);
  const key = `${of.provider}\n${symbol}`;
  const known = house.listings.get(key);
  if (known) return known;
  requireWell(house, of);
  const told = (): Promise<Listing> => wantedFor(nameOf(of.series), house.providers.get(of.provider).listing(symbol, signal));
  const listing = await house.health.watched(of.provider, told, signal);
  house.listings.set(key, listing);
  return listing;
}

const EVER: Bounds = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, evidence: '' };

const boundsTold = ({ first = Number.NEGATIVE_INFINITY, last = Number.POSITIVE_INFINITY, evidence }: Listing): Bounds => ({
  from: first,
  to: last,
  evidence,
});

function storedIn({ snapshot }: Table): Interval | undefined {
  const files = [...snapshot.files.values()];
  return files.length > 0 ? interval(Math.min(...files.map(f => f.first)), Math.max(...files.map(f => f.last)) + 1) : undefined;
}

/** Far enough for a session, over any row of holidays. */
const HOLIDAYS = 20 * DAY;

/** Dates of sessions as instants: the session of a date may begin on the evening before it. */
function timesOf({ from, to }: Life, calendar: Calendar, { timeframe }: { readonly timeframe: Timeframe }): Interval {
  if (!isIntraday(timeframe)) return interval(from, to);
  const start = Number.isFinite(from) ? calendar.sessions(interval(from, from + HOLIDAYS))[0]?.segments[0]?.from : from;
  const end = Number.isFinite(to)
    ? calendar
        .sessions(interval(to - HOLIDAYS, to))
        .at(-1)
        ?.segments.at(-1)?.to
    : to;
  return interval(start ?? from, end ?? to);
}
