/** Alpha Vantage: stocks of the United States, minutes by the month, days all at once; a free key may ask 25 times a day. */
import { fail } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import type { Timeframe } from '../../model/timeframe.js';
import { keyFor, limitsOf, once, rateOf } from '../access.js';
import { inTimeOrder } from '../events.js';
import { createSource, type Source } from '../http/index.js';
import { pagedProvider } from '../paged.js';
import type { Provider, Serves, SourceEvent, World } from '../provider.js';
import type { SourceSettings } from '../settings.js';
import { tickersOf } from './listing.js';
import { PAGE_BARS, pagesOf } from './page.js';
import { ALPHA_VANTAGE_RULES } from './rules.js';
import { readTimes } from './times.js';

const NAME = 'alpha-vantage';
const TIMEFRAMES: readonly Timeframe[] = ['1m', '5m', '15m', '30m', '1h', '1d'];

export function createAlphaVantage(settings: SourceSettings, world: World): Provider {
  const source = once(() => sourceOf(settings, world));
  const tickers = tickersOf(source, world.now);
  const provider = pagedProvider({ name: NAME, serves: servesOf(settings), listing: tickers.listing, page: pagesOf(source) }, world);
  return { ...provider, symbols: tickers.search, events: (symbol, within, signal) => eventsOf(source(), symbol, within, signal) };
}

function sourceOf(settings: SourceSettings, world: World): Source {
  const key = keyFor(NAME, settings.key);
  const carries = { params: { apikey: key.reveal() } };
  return createSource(
    { name: NAME, baseUrl: settings.baseUrl, keys: [key], rules: ALPHA_VANTAGE_RULES, rate: rateOf(settings), carries },
    world,
  );
}

/** They stand in the rows of days, for keys that may see those. */
async function eventsOf(source: Source, symbol: string, within: Interval, signal: AbortSignal): Promise<readonly SourceEvent[]> {
  const params = { function: 'TIME_SERIES_DAILY_ADJUSTED', outputsize: 'full', symbol };
  const answer = await source.get('/query', { params, about: { symbol }, signal });
  const times = readTimes(answer.json(), symbol);
  if (!times) throw fail('ANSWER_MALFORMED', { provider: NAME, series: symbol, reason: 'it has no series' });
  const events = times.events.flatMap(({ ts, dividend, split }): SourceEvent[] => [
    ...(split > 0 && split !== 1 ? [{ kind: 'split', date: ts, ratio: split } as const] : []),
    ...(dividend > 0 ? [{ kind: 'dividend', date: ts, amount: dividend, currency: 'USD' } as const] : []),
  ]);
  return inTimeOrder(events, within);
}

const servesOf = (settings: SourceSettings): Serves => ({
  assetClasses: ['stock', 'etf'],
  timeframes: TIMEFRAMES,
  pageBars: PAGE_BARS,
  depthMs: {},
  settleMs: settings.settleMs,
  omitsEmpty: true,
  direction: 'forward',
  stamp: 'open',
  anchor: 'segment',
  basis: { adjustment: 'raw', price: 'trade', session: 'regular', feed: 'any', volumeUnit: 'shares' },
  ...limitsOf(settings),
});
