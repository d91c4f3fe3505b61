/**
 * CoinGecko: coins, their prices taken over many venues. Its candles tell no volume, and how long they are follows from the
 * range: a free key has half hours of a day and four hours of a month, a paid one also hours and days since 2018.
 */
import { DAY, HOUR, MINUTE, type Timeframe } from '../../model/timeframe.js';
import { keyFor, limitsOf, once, planFor, rateOf } from '../access.js';
import { createSource, type Source } from '../http/index.js';
import { pagedProvider } from '../paged.js';
import type { Provider, Serves, World } from '../provider.js';
import type { SourceSettings } from '../settings.js';
import { COINGECKO } from './candles.js';
import { listingOf, symbolsLike } from './coins.js';
import { MOST_CANDLES, pageOf } from './page.js';
import { COINGECKO_RULES } from './rules.js';

interface Plan {
  readonly timeframes: readonly Timeframe[];
  readonly header: string;
  /** Whether it is served without a key, too. */
  readonly open: boolean;
}

const PLANS: Readonly<Record<string, Plan>> = {
  demo: { timeframes: ['30m', '4h'], header: 'x-cg-demo-api-key', open: true },
  paid: { timeframes: ['30m', '1h', '4h', '1d'], header: 'x-cg-pro-api-key', open: false },
};

/** A range begins in the midst of a candle: the first whole one is up to a candle nearer. */
const DEPTHS = { '30m': DAY - 30 * MINUTE, '4h': 30 * DAY - 4 * HOUR };

export function createCoinGecko(settings: SourceSettings, world: World): Provider {
  const source = once(() => sourceOf(settings, world));
  const provider = pagedProvider(
    {
      name: COINGECKO,
      serves: servesOf(settings),
      listing: (symbol, signal) => listingOf(source(), symbol, signal),
      page: (place, signal) => pageOf(source(), place, signal),
    },
    world,
  );
  return { ...provider, symbols: (search, signal) => symbolsLike(source(), search, signal) };
}

function sourceOf(settings: SourceSettings, world: World): Source {
  const { header, open } = planFor(COINGECKO, PLANS, settings.plan);
  const key = open && settings.key === undefined ? undefined : keyFor(COINGECKO, settings.key);
  const spec = { name: COINGECKO, baseUrl: settings.baseUrl, rules: COINGECKO_RULES, rate: rateOf(settings) };
  return createSource(key ? { ...spec, keys: [key], carries: { headers: { [header]: key.reveal() } } } : spec, world);
}

function servesOf(settings: SourceSettings): Serves {
  const { plan, settleMs } = settings;
  return {
    assetClasses: ['crypto'],
    timeframes: planFor(COINGECKO, PLANS, plan).timeframes,
    pageBars: MOST_CANDLES,
    depthMs: DEPTHS,
    settleMs,
    omitsEmpty: false,
    direction: 'forward',
    stamp: 'close',
    anchor: 'clock',
    basis: { adjustment: 'raw', price: 'trade', session: '24h', feed: COINGECKO, volumeUnit: 'none' },
    ...limitsOf(settings),
  };
}
