/** Alpaca's market data: stocks of the United States, from all exchanges or from one of them, hours before and after the session included. */
import { MINUTE, type Timeframe } from '../../model/timeframe.js';
import { keyFor, limitsOf, once, rateOf } from '../access.js';
import { createSource, type Source } from '../http/index.js';
import { pagedProvider } from '../paged.js';
import type { Provider, Serves, World } from '../provider.js';
import type { TwoKeySettings } from '../settings.js';
import { ALPACA, type Feed } from './bars.js';
import { eventsOf } from './events.js';
import { listingOf } from './listing.js';
import { pageOf } from './page.js';
import { MOST_BARS } from './request.js';
import { ALPACA_RULES } from './rules.js';
import { askTogether } from './together.js';

export interface AlpacaSettings extends TwoKeySettings {
  /** sip: the trades of all exchanges. iex: those of one, a few percent of the volume. */
  readonly feed: Feed;
}

/** A free key does not see the trades of all exchanges before; the end of every request keeps behind it. */
const RECENT = 16 * MINUTE;

/** Bars of several hours are left out: from which hour they are counted is not proven. */
const TIMEFRAMES: readonly Timeframe[] = ['1m', '3m', '5m', '15m', '30m', '1h', '1d'];

export function createAlpaca(settings: AlpacaSettings, world: World): Provider {
  const { feed } = settings;
  const source = once(() => sourceOf(settings, world));
  const asked = once(() => askTogether(source(), feed, world));
  const serves = servesOf(settings);
  const provider = pagedProvider(
    {
      name: ALPACA,
      serves,
      listing: (symbol, signal) => listingOf(source(), { symbol, feed, end: world.now() - serves.settleMs }, signal),
      page: (place, signal) => pageOf(asked(), place, signal),
    },
    world,
  );
  return { ...provider, events: (symbol, interval, signal) => eventsOf(source(), symbol, interval, signal) };
}

function sourceOf(settings: AlpacaSettings, world: World): Source {
  const key = keyFor(ALPACA, settings.key);
  const secret = keyFor(ALPACA, settings.secretKey);
  const carries = { headers: { 'apca-api-key-id': key.reveal(), 'apca-api-secret-key': secret.reveal() } };
  const { baseUrl } = settings;
  return createSource({ name: ALPACA, baseUrl, keys: [key, secret], rules: ALPACA_RULES, rate: rateOf(settings), carries }, world);
}

function servesOf(settings: AlpacaSettings): Serves {
  const { settleMs, feed } = settings;
  return {
    assetClasses: ['stock', 'etf'],
    timeframes: TIMEFRAMES,
    pageBars: MOST_BARS,
    depthMs: {},
    settleMs: Math.max(settleMs, RECENT),
    omitsEmpty: true,
    direction: 'forward',
    stamp: 'open',
    anchor: 'clock',
    basis: { adjustment: 'raw', price: 'trade', session: 'extended', feed, volumeUnit: 'shares' },
    ...limitsOf(settings),
  };
}
