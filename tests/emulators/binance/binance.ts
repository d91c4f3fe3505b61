/** Binance, as far as we ask it: klines, the list of symbols, archives, its weights, its bans. */
import { type Bars, countOf, sliceBars } from '../../../src/model/bars.js';
import { barStart, nominalMs, type Timeframe } from '../../../src/model/timeframe.js';
import type { Reply } from '../reply.js';
import { type Truth, told } from '../truth.js';
import { klineRows, refusal } from './answers.js';
import { answerArchive } from './archive.js';

export interface BinanceSettings {
  readonly truth: Truth;
  readonly market: 'spot' | 'futures/um';
  readonly symbols: Readonly<Record<string, { readonly first: number; readonly last?: number; readonly status?: string }>>;
  /** Weight an address may use in a minute. */
  readonly minuteWeight: number;
  /** Requests after a 429 until the address is shut out, and for how long. */
  readonly patience: number;
  readonly banMs: number;
  /** Archives that are not there, by the end of their path. */
  readonly lacking?: RegExp;
  /** The lines of an archive's file as they shall be. */
  readonly spoil?: (lines: string[], file: string) => string[];
  /** The bytes of an archive behind its checksum. */
  readonly damage?: (zip: Uint8Array, file: string) => Uint8Array;
}

const MARKETS = {
  spot: { path: '/api/v3', most: 1_000, usual: 500, weight: () => 2, list: 20 },
  'futures/um': {
    path: '/fapi/v1',
    most: 1_500,
    usual: 500,
    weight: (limit: number) => (limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1_000 ? 5 : 10),
    list: 1,
  },
} as const;

const MINUTE = 60_000;

/** What one emulated Binance remembers of those who ask it. */
export function createBinanceAnswers(settings: BinanceSettings): (now: number, url: URL) => Reply {
  const market = MARKETS[settings.market];
  let minute = 0;
  let used = 0;
  let refusals = 0;
  let bannedUntil = 0;
  const weigh = (now: number, weight: number): Reply | undefined => {
    const wait = String(Math.ceil((MINUTE - (now % MINUTE)) / 1_000));
    if (now < bannedUntil) return banned(now);
    if (Math.floor(now / MINUTE) !== minute) [minute, used, refusals] = [Math.floor(now / MINUTE), 0, 0];
    used += weight;
    if (used <= settings.minuteWeight) return undefined;
    if (++refusals > settings.patience) {
      bannedUntil = now + settings.banMs;
      return banned(now);
    }
    const msg = `Too much request weight used; current limit is ${settings.minuteWeight} request weight per 1 MINUTE. Please use the websocket for live updates to avoid polling the API.`;
    return { status: 429, headers: { 'retry-after': wait, ...usedHeader() }, body: refusal(-1003, msg) };
  };
  const banned = (now: number): Reply => ({
    status: 418,
    headers: { 'retry-after': String(Math.ceil((bannedUntil - now) / 1_000)) },
    body: refusal(
      -1003,
      `Way too much request weight used; IP banned until ${bannedUntil}. Please use the websocket for live updates to avoid bans.`,
    ),
  });
  const usedHeader = () => ({ 'x-mbx-used-weight-1m': String(used), 'x-mbx-used-weight': String(used) });
  const weighed = (now: number, weight: number, answer: () => Reply): Reply => {
    const refused = weigh(now, weight);
    if (refused) return refused;
    const reply = answer();
    return { ...reply, headers: { ...usedHeader(), ...reply.headers } };
  };
  return (now, url) => {
    if (url.pathname.startsWith('/data/')) return answerArchive(settings, now, url.pathname);
    if (url.pathname === `${market.path}/exchangeInfo`)
      return weighed(now, market.list, () => exchangeInfo(settings, now, url.searchParams));
    if (url.pathname !== `${market.path}/klines`)
      return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>404</html>' };
    const limit = Number(url.searchParams.get('limit') ?? market.usual);
    return weighed(now, market.weight(limit), () => klines(settings, now, url.searchParams, Math.min(limit, market.most)));
  };
}

const INTERVALS = /^(1m|3m|5m|15m|30m|1h|2h|4h|6h|8h|12h|1d|3d|1w|1M)$/;

function klines(settings: BinanceSettings, now: number, query: URLSearchParams, limit: number): Reply {
  const symbol = query.get('symbol') ?? '';
  const named = query.get('interval') ?? '';
  if (!symbol) return { status: 400, body: refusal(-1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.") };
  if (!Object.hasOwn(settings.symbols, symbol)) return { status: 400, body: refusal(-1121, 'Invalid symbol.') };
  if (!INTERVALS.test(named)) return { status: 400, body: refusal(-1120, 'Invalid interval.') };
  const timeframe = (named === '1M' ? '1mo' : named) as Timeframe;
  const start = query.get('startTime');
  const end = Number(query.get('endTime') ?? now) + 1;
  // Seconds are taken for the newest rows, not for 1970.
  const newest = start === null || (Number(start) > 0 && Number(start) < 1e11);
  const bars = newest ? last(settings, symbol, timeframe, now, limit) : first(settings, symbol, timeframe, now, Number(start), end, limit);
  return { status: 200, body: klineRows(bars, timeframe) };
}

/** All that is known between two instants: of the bar that runs, a half. */
export function barsBetween(
  { truth, symbols }: BinanceSettings,
  symbol: string,
  timeframe: Timeframe,
  now: number,
  from: number,
  to: number,
): Bars {
  const life = symbols[symbol] as { first: number; last?: number };
  const within = {
    from: Math.max(from, barStart(life.first, timeframe)),
    to: Math.min(to, life.last ?? Number.POSITIVE_INFINITY, now + 1),
  };
  const bars = within.from < within.to ? truth(symbol, timeframe, within) : undefined;
  return told(bars ?? (truth(symbol, timeframe, { from: within.from, to: within.from }) as Bars), timeframe, now);
}

function first(
  settings: BinanceSettings,
  symbol: string,
  timeframe: Timeframe,
  now: number,
  start: number,
  end: number,
  limit: number,
): Bars {
  const from = Math.max(start, settings.symbols[symbol]?.first ?? start);
  // Holes at the source make the rows reach further.
  for (let span = limit; ; span *= 2) {
    const to = Math.min(end, from + (span + 1) * nominalMs(timeframe));
    const bars = barsBetween(settings, symbol, timeframe, now, from, to);
    if (countOf(bars) >= limit || to >= Math.min(end, now)) return sliceBars(bars, 0, Math.min(limit, countOf(bars)));
  }
}

function last(settings: BinanceSettings, symbol: string, timeframe: Timeframe, now: number, limit: number): Bars {
  const end = Math.min(now + 1, settings.symbols[symbol]?.last ?? Number.POSITIVE_INFINITY);
  const bars = barsBetween(settings, symbol, timeframe, now, end - (limit + 1) * nominalMs(timeframe), end);
  return sliceBars(bars, Math.max(0, countOf(bars) - limit), countOf(bars));
}

function exchangeInfo({ symbols, market, minuteWeight }: BinanceSettings, now: number, query: URLSearchParams): Reply {
  const one = market === 'spot' ? query.get('symbol') : null;
  if (one !== null && !Object.hasOwn(symbols, one)) return { status: 400, body: refusal(-1121, 'Invalid symbol.') };
  const names = one === null ? Object.keys(symbols) : [one];
  const rateLimits = [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: minuteWeight }];
  const entries = names.map(symbol => {
    const { first, last, status } = symbols[symbol] as { first: number; last?: number; status?: string };
    const quoteAsset = /(USDT|BTC|USD|EUR)$/.exec(symbol)?.[1] ?? '';
    const baseAsset = symbol.slice(0, symbol.length - quoteAsset.length);
    const common = { symbol, status: status ?? (last === undefined || last > now ? 'TRADING' : 'BREAK'), baseAsset, quoteAsset };
    return market === 'spot' ? common : { ...common, onboardDate: first, contractType: 'PERPETUAL' };
  });
  return { status: 200, body: { timezone: 'UTC', serverTime: now, rateLimits, exchangeFilters: [], symbols: entries } };
}
