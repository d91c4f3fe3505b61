/**
 * Tiingo: stocks and funds of the United States. Days are raw, of all exchanges, with what happened to a share beside them;
 * minutes are those of IEX alone, whose prices are good and whose volume is a few percent of all.
 */
import type { Interval } from '../../model/interval.js';
import { DAY, type Timeframe } from '../../model/timeframe.js';
import { keyFor, limitsOf, once, rateOf } from '../access.js';
import { inTimeOrder } from '../events.js';
import { createSource, type Source } from '../http/index.js';
import { pagedProvider } from '../paged.js';
import type { Provider, Serves, SourceEvent, World } from '../provider.js';
import type { SourceSettings } from '../settings.js';
import { listingOf, searchFor } from './listing.js';
import { dayText, MOST_ROWS, pagesOf } from './page.js';
import { readCsv } from './prices.js';
import { TIINGO_RULES } from './rules.js';

const MINUTES: readonly Timeframe[] = ['1m', '5m', '15m', '30m'];
const REACH = 2_000 * DAY;

export function createTiingo(settings: SourceSettings, world: World): Provider {
  const source = once(() => sourceOf(settings, world));
  const provider = pagedProvider(
    {
      name: 'tiingo',
      serves: servesOf(settings),
      listing: (symbol, signal) => listingOf(source(), symbol, world.now(), signal),
      page: pagesOf(source),
    },
    world,
  );
  return {
    ...provider,
    symbols: (search, signal) => searchFor(source(), search, signal),
    events: (symbol, interval, signal) => eventsOf(source(), symbol, interval, signal),
  };
}

function sourceOf(settings: SourceSettings, world: World): Source {
  const key = keyFor('tiingo', settings.key);
  const headers = { authorization: `Token ${key.reveal()}` };
  return createSource(
    { name: 'tiingo', baseUrl: settings.baseUrl, keys: [key], rules: TIINGO_RULES, rate: rateOf(settings), carries: { headers } },
    world,
  );
}

/** They stand in the rows of days: as lines, which are shorter. */
async function eventsOf(source: Source, symbol: string, within: Interval, signal: AbortSignal): Promise<readonly SourceEvent[]> {
  const params = { startDate: dayText(within.from), endDate: dayText(within.to - DAY), resampleFreq: 'daily', format: 'csv' };
  const answer = await source.get(`/tiingo/daily/${encodeURIComponent(symbol)}/prices`, { params, about: { symbol }, signal });
  const events = readCsv(answer.text(), symbol).events.flatMap(({ ts, dividend, split }): SourceEvent[] => [
    ...(split > 0 && split !== 1 ? [{ kind: 'split', date: ts, ratio: split } as const] : []),
    ...(dividend > 0 ? [{ kind: 'dividend', date: ts, amount: dividend, currency: 'USD' } as const] : []),
  ]);
  return inTimeOrder(events, within);
}

const servesOf = (settings: SourceSettings): Serves => ({
  assetClasses: ['stock', 'etf', 'fund'],
  timeframes: [...MINUTES, '1d'],
  pageBars: MOST_ROWS,
  depthMs: Object.fromEntries(MINUTES.map(timeframe => [timeframe, REACH])),
  settleMs: settings.settleMs,
  omitsEmpty: true,
  direction: 'forward',
  stamp: 'open',
  anchor: 'segment',
  basis: { adjustment: 'raw', price: 'trade', session: 'regular', feed: 'any', volumeUnit: 'shares' },
  except: [{ timeframes: MINUTES, basis: { feed: 'iex' } }],
  ...limitsOf(settings),
});
