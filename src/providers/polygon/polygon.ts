/** Polygon.io, now Massive: stocks of the United States from all their exchanges, hours before and after the session included. */
import { DAY, type Timeframe } from '../../model/timeframe.js';
import { keyFor, limitsOf, once, planFor, rateOf } from '../access.js';
import { createSource, type Source } from '../http/index.js';
import { pagedProvider } from '../paged.js';
import type { Provider, Serves, World } from '../provider.js';
import type { SourceSettings } from '../settings.js';
import { POLYGON } from './aggs.js';
import { eventsOf } from './events.js';
import { listingOf, symbolsLike } from './listing.js';
import { MOST_BASE, pageOf } from './page.js';
import { POLYGON_RULES } from './rules.js';

interface Plan {
  readonly depthMs?: number;
  /** It sees a day when it is over, and not before. */
  readonly endOfDay?: boolean;
}

const YEAR = 365 * DAY;
const PLANS: Readonly<Record<string, Plan>> = {
  free: { depthMs: 2 * YEAR, endOfDay: true },
  starter: { depthMs: 5 * YEAR },
  developer: { depthMs: 10 * YEAR },
  advanced: {},
};

/** Bars of several hours are left out: from which hour they are counted is not proven. */
const TIMEFRAMES: readonly Timeframe[] = ['1m', '3m', '5m', '15m', '30m', '1h', '1d'];

export function createPolygon(settings: SourceSettings, world: World): Provider {
  const source = once(() => sourceOf(settings, world));
  const provider = pagedProvider(
    {
      name: POLYGON,
      serves: servesOf(settings),
      listing: (symbol, signal) => listingOf(source(), symbol, signal),
      page: (place, signal) => pageOf(source(), place, signal),
    },
    world,
  );
  return {
    ...provider,
    symbols: (search, signal) => symbolsLike(source(), search, signal),
    events: (symbol, interval, signal) => eventsOf(source(), symbol, interval, signal),
  };
}

function sourceOf(settings: SourceSettings, world: World): Source {
  const key = keyFor(POLYGON, settings.key);
  const carries = { headers: { authorization: `Bearer ${key.reveal()}` } };
  return createSource(
    { name: POLYGON, baseUrl: settings.baseUrl, keys: [key], rules: POLYGON_RULES, rate: rateOf(settings), carries },
    world,
  );
}

function servesOf(settings: SourceSettings): Serves {
  const { plan, settleMs } = settings;
  const { depthMs, endOfDay = false } = planFor(POLYGON, PLANS, plan);
  return {
    assetClasses: ['stock', 'etf'],
    timeframes: TIMEFRAMES,
    pageBars: MOST_BASE,
    depthMs: depthMs === undefined ? {} : Object.fromEntries(TIMEFRAMES.map(timeframe => [timeframe, depthMs])),
    settleMs: endOfDay ? Math.max(settleMs, DAY) : settleMs,
    omitsEmpty: true,
    direction: 'forward',
    stamp: 'open',
    anchor: 'clock',
    basis: { adjustment: 'raw', price: 'trade', session: 'extended', feed: 'sip', volumeUnit: 'shares' },
    ...limitsOf(settings),
  };
}
