/** FMP, as far as we ask it: days, minutes, profiles, splits and dividends, with windows that it cuts without a word. */
import { type Bars, emptyBars, takeBars } from '../../../src/model/bars.js';
import type { Interval } from '../../../src/model/interval.js';
import { DAY, isIntraday, type Timeframe } from '../../../src/model/timeframe.js';
import { dateAt, midnightOf } from '../../../src/providers/new-york.js';
import type { Reply } from '../reply.js';
import { divided, type Truth, told } from '../truth.js';
import { chartAnswer, fullAnswer, unsplitAnswer } from './answers.js';

export interface FmpSettings {
  readonly truth: Truth;
  readonly key: string;
  /** The newest days with bars that one answer holds; older ones are left out in silence. */
  readonly mostDays: Readonly<Partial<Record<Timeframe, number>>>;
  /** A later split of so many for one: prices that are not asked for as they were are divided by it. */
  readonly split: number;
  /** Timeframes that need a better plan. */
  readonly premium: readonly Timeframe[];
  readonly profiles: Readonly<Record<string, { readonly ipoDate: string | null; readonly exchange: string }>>;
  readonly splits: Readonly<Record<string, readonly object[]>>;
  readonly dividends: Readonly<Record<string, readonly object[]>>;
}

const LEGACY =
  'Legacy Endpoint : Due to Legacy endpoints being no longer supported - This endpoint is only available for legacy users who have valid subscriptions prior August 31, 2025.';
const CHARTS: Readonly<Record<string, Timeframe>> = { '1min': '1m', '5min': '5m', '15min': '15m', '30min': '30m', '1hour': '1h' };

const refusal = (status: number, text: string): Reply => ({ status, body: { 'Error Message': text } });

export function answerFmp(settings: FmpSettings, now: number, url: URL, key: string | undefined): Reply {
  if (url.pathname.startsWith('/api/v3/')) return refusal(403, LEGACY);
  if ((key ?? url.searchParams.get('apikey')) !== settings.key) return refusal(401, 'Invalid API KEY. Feel free to create a Free API Key.');
  const symbol = url.searchParams.get('symbol') ?? '';
  const own = <V>(record: Readonly<Record<string, V>>): V | undefined => (Object.hasOwn(record, symbol) ? record[symbol] : undefined);
  const eod = /^\/stable\/historical-price-eod\/(full|non-split-adjusted)$/.exec(url.pathname)?.[1];
  const chart = CHARTS[/^\/stable\/historical-chart\/(\w+)$/.exec(url.pathname)?.[1] ?? ''];
  const timeframe = eod ? '1d' : chart;
  if (timeframe !== undefined && settings.premium.includes(timeframe))
    return refusal(402, 'Premium Endpoint: This endpoint is not available under your current subscription.');
  if (eod) {
    const bars = barsIn(settings, now, url, symbol, '1d');
    return { status: 200, body: eod === 'full' ? fullAnswer(symbol, divided(bars, settings.split)) : unsplitAnswer(symbol, bars) };
  }
  if (chart) {
    const split = url.searchParams.get('nonadjusted') === 'true' ? 1 : settings.split;
    return { status: 200, body: chartAnswer(divided(barsIn(settings, now, url, symbol, chart), split)) };
  }
  if (url.pathname === '/stable/profile')
    return { status: 200, body: own(settings.profiles) ? [{ symbol, ...own(settings.profiles) }] : [] };
  if (url.pathname === '/stable/splits') return { status: 200, body: own(settings.splits) ?? [] };
  if (url.pathname === '/stable/dividends') return { status: 200, body: own(settings.dividends) ?? [] };
  return refusal(404, 'Not Found');
}

function barsIn({ truth, mostDays }: FmpSettings, now: number, url: URL, symbol: string, timeframe: Timeframe): Bars {
  const asked = rangeOf(url, now);
  const within = isIntraday(timeframe) ? { from: midnightOf(asked.from), to: midnightOf(asked.to) } : asked;
  return newest(told(truth(symbol, timeframe, within) ?? emptyBars(), timeframe, now), timeframe, mostDays[timeframe]);
}

/** Dates under other names are passed over: then it is the last quarter. */
function rangeOf(url: URL, now: number): Interval {
  const from = url.searchParams.get('from');
  const to = url.searchParams.get('to');
  const today = dateAt(now) + DAY;
  return { from: from === null ? today - 90 * DAY : Date.parse(from), to: to === null ? today : Date.parse(to) + DAY };
}

function newest(bars: Bars, timeframe: Timeframe, days: number | undefined): Bars {
  const dates = Array.from(bars.ts, ts => (isIntraday(timeframe) ? dateAt(ts) : ts));
  const kept = new Set([...new Set(dates)].slice(-(days ?? dates.length)));
  return takeBars(
    bars,
    [...dates.keys()].filter(i => kept.has(dates[i] as number)),
  );
}
