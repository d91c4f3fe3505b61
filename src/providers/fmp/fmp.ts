/** Financial Modeling Prep, its `stable` interface: stocks of the United States in the hours of the session. */
import { DAY, type Timeframe } from '../../model/timeframe.js';
import { keyFor, limitsOf, once, planFor, rateOf } from '../access.js';
import { createSource, type Source } from '../http/index.js';
import { pagedProvider } from '../paged.js';
import type { Provider, Serves, World } from '../provider.js';
import type { SourceSettings } from '../settings.js';
import { eventsOf } from './events.js';
import { listingOf, symbolsLike } from './listing.js';
import { MOST_ROWS, pageOf } from './page.js';
import { FMP } from './rows.js';
import { fmpRules } from './rules.js';

interface Plan {
  readonly timeframes: readonly Timeframe[];
  /** How long to wait when the limit is reached: of a free key it is that of the day. */
  readonly limitWaitMs: number;
}

const PLANS: Readonly<Record<string, Plan>> = {
  free: { timeframes: ['1d'], limitWaitMs: DAY / 24 },
  paid: { timeframes: ['1m', '5m', '15m', '30m', '1h', '1d'], limitWaitMs: 60_000 },
};

export function createFmp(settings: SourceSettings, world: World): Provider {
  const source = once(() => sourceOf(settings, world));
  const provider = pagedProvider(
    {
      name: FMP,
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

/** The key goes in a header, which it may: an address stands in logs on the way. */
function sourceOf(settings: SourceSettings, world: World): Source {
  const key = keyFor(FMP, settings.key);
  const rules = fmpRules(planFor(FMP, PLANS, settings.plan).limitWaitMs);
  const carries = { headers: { apikey: key.reveal() } };
  return createSource({ name: FMP, baseUrl: settings.baseUrl, keys: [key], rules, rate: rateOf(settings), carries }, world);
}

function servesOf(settings: SourceSettings): Serves {
  const { plan, settleMs } = settings;
  return {
    assetClasses: ['stock', 'etf'],
    timeframes: planFor(FMP, PLANS, plan).timeframes,
    pageBars: MOST_ROWS,
    depthMs: {},
    settleMs,
    omitsEmpty: true,
    direction: 'forward',
    stamp: 'open',
    anchor: 'segment',
    basis: { adjustment: 'raw', price: 'trade', session: 'regular', feed: 'any', volumeUnit: 'shares' },
    ...limitsOf(settings),
  };
}
