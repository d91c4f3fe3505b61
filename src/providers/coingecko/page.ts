/** One page of CoinGecko's candles, held against what was asked for. */
import { countOf, sliceBars } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import type { Interval } from '../../model/interval.js';
import { DAY, nominalMs, type Timeframe } from '../../model/timeframe.js';
import { checkAnswer, timeText } from '../answer.js';
import type { Source } from '../http/index.js';
import { opensIn, pageWithout } from '../known.js';
import type { Place } from '../paged.js';
import type { Page } from '../provider.js';
import { COINGECKO, readCandles } from './candles.js';
import { coinOf } from './coins.js';

/** Half hours of the last day, four hours of the last month: ranges end now, and only these are known. */
const RANGES: Readonly<Partial<Record<Timeframe, readonly number[]>>> = { '30m': [1], '4h': [7, 14, 30] };
/** Hours and days between two instants, so many days at a time. */
const SPANS: Readonly<Partial<Record<Timeframe, { readonly interval: string; readonly days: number }>>> = {
  '1h': { interval: 'hourly', days: 31 },
  '1d': { interval: 'daily', days: 180 },
};
/** Hours of 31 days. */
export const MOST_CANDLES = 744;

interface Question {
  readonly path: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** Where candles may open that answer it, those at its rim included. */
  readonly range: Interval;
  /** How far the page goes. */
  readonly to: number;
}

export async function pageOf(source: Source, place: Place, signal: AbortSignal): Promise<Page> {
  const { ask, at, series } = place;
  const { path, params, range, to } = questionOf(place);
  const { id, currency } = coinOf(ask.symbol);
  const answer = await source.get(`/coins/${encodeURIComponent(id)}/${path}`, {
    params: { vs_currency: currency, ...params },
    about: { series, symbol: ask.symbol },
    signal,
  });
  const all = readCandles(answer.json(), series, ask.timeframe);
  checkAnswer(COINGECKO, ask, range, all, opensIn(ask));
  const bars = sliceBars(all, lowerBound(all.ts, at), lowerBound(all.ts, to));
  if (countOf(bars) === 0) return pageWithout(at, to, ask, 'empty', `no candles for ${timeText(at)} … ${timeText(to)}`);
  if (bars.close.every(Number.isNaN)) return pageWithout(at, to, ask, 'failed', `${countOf(bars)} candles, none with a price`);
  const evidence = `${countOf(bars)} candles; a volume is not told`;
  return { bars, answered: { from: at, to }, verdict: null, evidence, next: to < ask.interval.to ? to : null };
}

function questionOf({ ask, at, end, now }: Place): Question {
  const length = nominalMs(ask.timeframe);
  const span = SPANS[ask.timeframe];
  if (span === undefined) {
    const days = (RANGES[ask.timeframe] ?? []).find(d => now - d * DAY <= at) as number;
    return { path: 'ohlc', params: { days }, range: { from: now - days * DAY - length, to: now + length }, to: end };
  }
  const to = Math.min(end, at + span.days * DAY - length);
  const params = { from: at / 1_000, to: to / 1_000, interval: span.interval };
  return { path: 'ohlc/range', params, range: { from: at - length, to: to + length }, to };
}
