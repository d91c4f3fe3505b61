/** Binance, spot and USD-M futures: archives for the past, pages for the rest, the same bars from either. */
import type { Archive } from '../../model/archives.js';
import { fail } from '../../model/errors.js';
import { DAY, HOUR } from '../../model/timeframe.js';
import { wantedFor } from '../answer.js';
import { placeOf } from '../joint.js';
import type { Ask, Listing, Provider, Serves, World } from '../provider.js';
import type { ArchivedSettings } from '../settings.js';
import { createArchives } from './archives.js';
import { type Market, SPOT, TIMEFRAMES, USD_M } from './market.js';
import { createRest } from './rest.js';
import { walk } from './walk.js';

export const createBinance = (settings: ArchivedSettings, world: World): Provider => create(SPOT, settings, world);
export const createBinanceUsdM = (settings: ArchivedSettings, world: World): Provider => create(USD_M, settings, world);

const LISTING_KEPT_MS = HOUR;

function create(market: Market, settings: ArchivedSettings, world: World): Provider {
  const rest = createRest(market, settings, world);
  const archives = settings.archiveUrl === null ? undefined : createArchives(market, settings.archiveUrl, world);
  const serves = servesOf(market, settings);
  const listings = new Map<string, { readonly listing: Listing; readonly at: number }>();
  const listing = async (symbol: string, signal: AbortSignal): Promise<Listing> => {
    signal.throwIfAborted();
    checkSymbol(market, symbol);
    const kept = listings.get(symbol);
    // A life may end, or begin anew: what is known of it is asked for again after a while.
    if (kept && Math.abs(world.now() - kept.at) < LISTING_KEPT_MS) return kept.listing;
    const known = await rest.listing(symbol, signal);
    listings.set(symbol, { listing: known, at: world.now() });
    return known;
  };
  return {
    name: market.name,
    serves,
    listing,
    symbols: (search, signal) => rest.symbols(search, signal),
    async *pages(ask, from, signal) {
      checkAsk(market, ask);
      signal.throwIfAborted();
      const place = placeOf(market.name, ask, from);
      const known = await wantedFor(`${ask.symbol} ${ask.timeframe}`, listing(ask.symbol, signal));
      yield* walk({ market, rest, archives, serves, world, ask, known, signal }, place);
    },
  };
}

/** A month is laid down on the first Monday after it, a day on the day after. */
const ARCHIVES: readonly Archive[] = [
  { part: 'archive-month', covers: 'month', timeframes: TIMEFRAMES, lagMs: 9 * DAY },
  { part: 'archive-day', covers: 'day', timeframes: TIMEFRAMES, lagMs: 1.5 * DAY },
];

const servesOf = ({ basis, pageRows, weightOf }: Market, { archiveUrl, perMinute, settleMs }: ArchivedSettings): Serves => ({
  assetClasses: ['crypto'],
  timeframes: TIMEFRAMES,
  // One row of each page is the joint with the page before.
  pageBars: pageRows - 1,
  depthMs: {},
  settleMs,
  omitsEmpty: false,
  direction: 'forward',
  stamp: 'open',
  anchor: 'clock',
  basis,
  requestsPerSecond: perMinute / weightOf(pageRows) / 60,
  ...(archiveUrl !== null && { archives: ARCHIVES }),
});

function checkSymbol({ name }: Market, symbol: string): void {
  if (!/^[\p{Lu}\p{Lo}\d_-]{1,40}$/u.test(symbol)) throw fail('SYMBOL_UNKNOWN', { provider: name, symbol });
}

function checkAsk(market: Market, { symbol, timeframe }: Ask): void {
  checkSymbol(market, symbol);
  if (!TIMEFRAMES.includes(timeframe)) throw fail('TIMEFRAME_NOT_SERVED', { provider: market.name, timeframe });
}
