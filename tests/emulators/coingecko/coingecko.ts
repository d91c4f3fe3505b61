/** CoinGecko, as far as we ask it: candles whose length follows from the range, and coins. */
import { emptyBars } from '../../../src/model/bars.js';
import type { Interval } from '../../../src/model/interval.js';
import { barAtOrAfter, DAY, nominalMs, type Timeframe } from '../../../src/model/timeframe.js';
import type { Reply } from '../reply.js';
import { type Truth, told } from '../truth.js';
import { ohlcAnswer } from './answers.js';

export interface CoinGeckoSettings {
  readonly truth: Truth;
  readonly key: string;
  readonly plan: 'demo' | 'paid';
  readonly coins: readonly { readonly id: string; readonly symbol: string; readonly name: string }[];
}

const DAYS: Readonly<Record<string, Timeframe>> = { '1': '30m', '7': '4h', '14': '4h', '30': '4h' };
const INTERVALS: Readonly<Record<string, { timeframe: Timeframe; days: number }>> = {
  hourly: { timeframe: '1h', days: 31 },
  daily: { timeframe: '1d', days: 180 },
};

const error = (status: number, text: string): Reply => ({ status, body: { error: text } });
const refusal = (status: number, code: number, text: string): Reply => ({
  status,
  body: { status: { error_code: code, error_message: text } },
});

export function answerCoinGecko(settings: CoinGeckoSettings, now: number, url: URL, key: string | undefined): Reply {
  if (key !== settings.key) return refusal(401, 10002, 'API Key Missing. Please make sure you are using the right authentication method.');
  if (url.pathname === '/api/v3/search') {
    const text = url.searchParams.get('query') ?? '';
    return { status: 200, body: { coins: settings.coins.filter(c => c.id.includes(text) || c.symbol.includes(text)) } };
  }
  const [, id = '', ohlc, range] = /^\/api\/v3\/coins\/([^/]+)(\/ohlc(\/range)?)?$/.exec(url.pathname) ?? [];
  const coin = settings.coins.find(c => c.id === decodeURIComponent(id));
  if (!coin) return error(404, 'coin not found');
  if (ohlc === undefined) return { status: 200, body: coin };
  const { vs_currency, days = '', from, to, interval = '' } = Object.fromEntries(url.searchParams);
  if (vs_currency === undefined) return error(422, 'Missing parameter vs_currency');
  if (range === undefined) return candles(settings, now, coin.id, { from: now - Number(days) * DAY, to: now }, DAYS[days]);
  if (settings.plan === 'demo')
    return refusal(401, 10005, 'This request is limited to Pro API subscribers. Please visit the pricing page to subscribe.');
  const asked = { from: Number(from) * 1_000, to: Number(to) * 1_000 };
  const { timeframe, days: most } = INTERVALS[interval] ?? { timeframe: undefined, days: 0 };
  if (asked.to - asked.from > most * DAY) return error(400, 'the range is too long');
  return candles(settings, now, coin.id, asked, timeframe);
}

/** Candles that begin in the range and have begun; the last one may be stamped with an end that is still to come. */
function candles({ truth }: CoinGeckoSettings, now: number, id: string, range: Interval, timeframe: Timeframe | undefined): Reply {
  if (timeframe === undefined) return error(422, 'Invalid days parameter');
  const within = { from: barAtOrAfter(range.from, timeframe), to: range.to + nominalMs(timeframe) };
  return {
    status: 200,
    body: ohlcAnswer(told(truth(id, timeframe, within) ?? emptyBars(), timeframe, Math.min(now, range.to)), timeframe),
  };
}
