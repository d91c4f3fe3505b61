/** Alpha Vantage, as far as we ask it: series by month and by day, and refusals that come as a success. */
import { type Bars, countOf, emptyBars, sliceBars } from '../../../src/model/bars.js';
import type { Interval } from '../../../src/model/interval.js';
import { DAY, MINUTE, type Timeframe } from '../../../src/model/timeframe.js';
import { midnightOf } from '../../../src/providers/new-york.js';
import type { Reply } from '../reply.js';
import { type Truth, told } from '../truth.js';
import { type Day, dailyAnswer, fxAnswer, intradayAnswer } from './answers.js';

export interface AlphaVantageSettings {
  readonly truth: Truth;
  readonly key: string;
  /** A premium key sees whole months, and all days of a share. */
  readonly premium: boolean;
  readonly symbols: Readonly<Record<string, { readonly first: number; readonly last?: number; readonly days?: readonly Day[] }>>;
  /** How the next answers are refused: too many in a second, in a minute (of old plans), in a day. */
  readonly over?: 'second' | 'minute' | 'day';
}

const COMPACT = 100;

const TEXTS = {
  second: {
    Information:
      'Thank you for using Alpha Vantage! Please consider spreading out your free API requests more sparingly (1 request per second). You may subscribe to any of the premium plans to lift the free key rate limit (25 requests per day), raise the per-second burst limit, and instantly unlock all premium endpoints',
  },
  minute: { Note: 'Thank you for using Alpha Vantage! Our standard API call frequency is 5 calls per minute and 500 calls per day.' },
  day: {
    Information:
      'We have detected your API key as KEY and our standard API rate limit is 25 requests per day. Please subscribe to any of the premium plans to instantly remove all daily rate limits.',
  },
  premium: {
    Information:
      'Thank you for using Alpha Vantage! This is a premium endpoint. You may subscribe to any of the premium plans to instantly unlock all premium endpoints',
  },
  key: {
    'Error Message': 'the parameter apikey is invalid or missing. Please claim your free API key. It should take less than 20 seconds.',
  },
} as const;

export function answerAlphaVantage(settings: AlphaVantageSettings, now: number, url: URL): Reply {
  const query = Object.fromEntries(url.searchParams);
  if (url.pathname !== '/query')
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><body>Not Found</body></html>' };
  if (settings.over) return ok(JSON.parse(JSON.stringify(TEXTS[settings.over]).replace('KEY', query.apikey ?? '')));
  if (query.apikey !== settings.key) return ok(TEXTS.key);
  if (query.function === 'TIME_SERIES_INTRADAY') return intraday(settings, now, query);
  if (query.function === 'TIME_SERIES_DAILY' || query.function === 'TIME_SERIES_DAILY_ADJUSTED') return daily(settings, now, query);
  if (query.function === 'LISTING_STATUS') return list(settings, query);
  if (query.function === 'FX_DAILY') return fx(settings, now, query);
  return ok(invalid(query));
}

type Query = Readonly<Record<string, string | undefined>>;

const ok = (body: unknown): Reply => ({ status: 200, body });
const invalid = (query: Query): object => ({
  'Error Message': `Invalid API call. Please retry or visit the documentation (https://www.alphavantage.co/documentation/) for ${query.function}.`,
});

const TIMEFRAMES: Readonly<Record<string, Timeframe>> = { '1min': '1m', '5min': '5m', '15min': '15m', '30min': '30m', '60min': '1h' };

function intraday(settings: AlphaVantageSettings, now: number, query: Query): Reply {
  const timeframe = TIMEFRAMES[query.interval ?? ''];
  const known = knownOf(settings, query.symbol);
  if (!known || !timeframe) return ok(invalid(query));
  if (!settings.premium) return ok(TEXTS.premium);
  const bars = barsIn(settings, query.symbol as string, timeframe, monthOf(query.month ?? new Date(now).toISOString().slice(0, 7)), now);
  if (countOf(bars) === 0) return ok(invalid(query));
  return ok(intradayAnswer(query.symbol as string, query.interval as string, timeframe, sized(bars, query), sizeOf(query)));
}

function monthOf(month: string): Interval {
  const [year, of] = month.split('-').map(Number) as [number, number];
  return { from: midnightOf(Date.UTC(year, of - 1, 1)), to: midnightOf(Date.UTC(year, of, 1)) };
}

function daily(settings: AlphaVantageSettings, now: number, query: Query): Reply {
  const known = knownOf(settings, query.symbol);
  if (!known) return ok(invalid(query));
  const adjusted = query.function === 'TIME_SERIES_DAILY_ADJUSTED';
  if (!settings.premium && (adjusted || query.outputsize === 'full')) return ok(TEXTS.premium);
  const bars = sized(barsIn(settings, query.symbol as string, '1d', { from: known.first, to: now }, now), query);
  return ok(dailyAnswer(query.symbol as string, bars, sizeOf(query), adjusted ? (known.days ?? []) : undefined));
}

function list({ symbols }: AlphaVantageSettings, { state }: Query): Reply {
  const rows = Object.entries(symbols).filter(([, { last }]) => (last === undefined) === (state !== 'delisted'));
  const dayOf = (ts: number | undefined): string => (ts === undefined ? 'null' : new Date(ts).toISOString().slice(0, 10));
  const lines = rows.map(([symbol, { first, last }]) => {
    return `${symbol},${symbol}, Inc.,NYSE,Stock,${dayOf(first)},${dayOf(last)},${last === undefined ? 'Active' : 'Delisted'}`;
  });
  const body = `symbol,name,exchange,assetType,ipoDate,delistingDate,status\r\n${lines.join('\r\n')}\r\n`;
  return { status: 200, headers: { 'content-type': 'application/x-download' }, body };
}

function fx(settings: AlphaVantageSettings, now: number, query: Query): Reply {
  const symbol = `${query.from_symbol}${query.to_symbol}`;
  const known = knownOf(settings, symbol);
  if (!known) return ok(invalid(query));
  const bars = barsIn(settings, symbol, '1d', { from: known.first, to: now }, now);
  return ok(fxAnswer(query.from_symbol as string, query.to_symbol as string, null, '1d', sized(bars, query)));
}

const knownOf = ({ symbols }: AlphaVantageSettings, symbol = '') => (Object.hasOwn(symbols, symbol) ? symbols[symbol] : undefined);

function barsIn({ truth, symbols }: AlphaVantageSettings, symbol: string, timeframe: Timeframe, asked: Interval, now: number): Bars {
  const from = Math.max(asked.from, symbols[symbol]?.first ?? 0);
  const to = Math.min(asked.to, now + MINUTE, now - (now % DAY) + DAY);
  return from < to ? told(truth(symbol, timeframe, { from, to }) ?? emptyBars(), timeframe, now) : emptyBars();
}

const sizeOf = ({ outputsize }: Query): string => (outputsize === 'full' ? 'Full size' : 'Compact');

const sized = (bars: Bars, { outputsize }: Query): Bars =>
  outputsize === 'full' ? bars : sliceBars(bars, Math.max(0, countOf(bars) - COMPACT), countOf(bars));
