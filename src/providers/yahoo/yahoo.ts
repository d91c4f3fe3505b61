/**
 * Yahoo's charts: stocks, funds, indices, currencies and coins of the whole world, without a key and without a promise.
 * Prices come divided by every later split. They are taken back to what was traded, or kept so in a dataset of their own.
 */
import { DAY, HOUR, type Timeframe } from '../../model/timeframe.js';
import { rateOf } from '../access.js';
import { createSource } from '../http/index.js';
import { pagedProvider } from '../paged.js';
import type { Provider, Serves, SourceEvent, World } from '../provider.js';
import type { SourceSettings } from '../settings.js';
import { localDates } from './bars.js';
import type { Chart } from './chart.js';
import { currencyOf, listingOf, searchFor } from './listing.js';
import { eventsOf, pagesOf } from './page.js';
import { YAHOO_RULES } from './rules.js';

export interface YahooSettings extends SourceSettings {
  /** raw: as they were traded. split: as Yahoo has them today, for a dataset of their own. */
  readonly prices?: 'raw' | 'split';
  readonly pageBars?: number;
}

/** What it asks to see of a program that asks it. */
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36';
/** A week of minutes, which is about the longest that one answer tells. */
const PAGE_BARS = 7 * 1_440;
const TIMEFRAMES: readonly Timeframe[] = ['1m', '5m', '15m', '30m', '1h', '1d'];
/** What is asked for lies well within a depth: the clock of the source is not ours. */
const daysBack = (days: number): number => days * DAY - HOUR;
const DEPTH = { '1m': daysBack(30), '5m': daysBack(60), '15m': daysBack(60), '30m': daysBack(60), '1h': daysBack(730) };

export function createYahoo(settings: YahooSettings, world: World): Provider {
  const { baseUrl, prices = 'raw', pageBars = PAGE_BARS } = settings;
  const rate = rateOf(settings);
  const source = createSource({ name: 'yahoo', baseUrl, rules: YAHOO_RULES, rate, carries: { headers: { 'user-agent': AGENT } } }, world);
  const provider = pagedProvider(
    {
      name: 'yahoo',
      serves: servesOf(settings, prices, pageBars),
      listing: (symbol, signal) => listingOf(source, symbol, world.now(), signal),
      page: pagesOf({ source, pageBars, prices }),
    },
    world,
  );
  return {
    ...provider,
    symbols: (search, signal) => searchFor(source, search, signal),
    async events(symbol, { from, to }, signal) {
      const within = { from: from - DAY, to: Math.min(to + DAY, world.now()) };
      const chart = await eventsOf(source, symbol, within, signal);
      return chart ? told(chart).filter(({ date }) => date >= from && date < to) : [];
    },
  };
}

function told(chart: Chart): SourceEvent[] {
  const dateOf = localDates(chart.zone);
  const currency = currencyOf(chart);
  const splits = chart.splits.map(({ at, ratio }): SourceEvent => ({ kind: 'split', date: dateOf(at), ratio }));
  const dividends = chart.dividends.map(({ at, amount }): SourceEvent => ({ kind: 'dividend', date: dateOf(at), amount, currency }));
  return [...splits, ...dividends].sort((a, b) => a.date - b.date);
}

const servesOf = ({ perMinute, settleMs }: YahooSettings, adjustment: 'raw' | 'split', pageBars: number): Serves => ({
  assetClasses: ['stock', 'etf', 'index', 'fund', 'fx', 'crypto', 'future'],
  timeframes: TIMEFRAMES,
  pageBars,
  depthMs: DEPTH,
  settleMs,
  omitsEmpty: true,
  direction: 'forward',
  stamp: 'open',
  anchor: 'segment',
  basis: { adjustment, price: 'trade', session: 'regular', feed: 'any', volumeUnit: 'shares' },
  except: [
    { assetClasses: ['crypto'], basis: { adjustment: 'raw', session: '24h', volumeUnit: 'quote' } },
    { assetClasses: ['fx'], basis: { adjustment: 'raw', price: 'mid', session: '24h', volumeUnit: 'none' } },
    { assetClasses: ['future'], basis: { adjustment: 'raw', session: '24h', volumeUnit: 'contracts' } },
    { assetClasses: ['fund'], basis: { volumeUnit: 'none' } },
  ],
  requestsPerSecond: perMinute / 60,
});
