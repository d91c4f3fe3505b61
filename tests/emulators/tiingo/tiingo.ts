/** Tiingo, as far as we ask it: days with what happened to a share, minutes of IEX, what it knows of a ticker, its limits and refusals. */
import { type Bars, countOf, emptyBars, sliceBars } from '../../../src/model/bars.js';
import type { Interval } from '../../../src/model/interval.js';
import { DAY, type Timeframe } from '../../../src/model/timeframe.js';
import type { Reply } from '../reply.js';
import { type Truth, told } from '../truth.js';
import { csvOf, type Day, dayRows, metaOf, minuteRows } from './answers.js';

interface Life {
  readonly first: number;
  readonly last?: number;
}

export interface TiingoSettings {
  readonly truth: Truth;
  readonly key: string;
  /** Tickers and their first days. */
  readonly tickers: Readonly<Record<string, Life & { readonly days?: readonly Day[] }>>;
  /** Rows of one answer at most. */
  readonly mostRows: number;
  /** When set, every further request is over this limit. */
  readonly over?: 'hour' | 'day' | 'month';
  /** Whether being over a limit is told by the status, as it is today, or by a text only. */
  readonly overByStatus?: boolean;
}

export const MOST_ROWS = 10_000;

const OVER = {
  hour: 'You have run over your hourly request allocation. Please upgrade at https://api.tiingo.com/pricing to have your limits increased.',
  day: 'You have run over your daily request allocation. Please upgrade at https://api.tiingo.com/pricing to have your limits increased.',
  month:
    'You have run over your 500 symbol look up for this month. Please upgrade at https://api.tiingo.com/pricing to have your limits increased.',
} as const;

export function answerTiingo(settings: TiingoSettings, now: number, url: URL, authorization: string | undefined): Reply {
  if (authorization !== `Token ${settings.key}`) return { status: 401, body: { detail: 'Invalid token.' } };
  if (settings.over) {
    const body = OVER[settings.over];
    return settings.overByStatus
      ? { status: 429, body: { detail: body } }
      : { status: 200, headers: { 'content-type': 'text/plain' }, body };
  }
  if (url.pathname === '/tiingo/utilities/search') return search(settings, url.searchParams.get('query') ?? '');
  const [, kind, ticker = ''] = /^\/(tiingo\/daily|iex)\/([^/]+)(\/prices)?$/.exec(url.pathname) ?? [];
  const name = decodeURIComponent(ticker);
  const known = Object.hasOwn(settings.tickers, name) ? settings.tickers[name] : undefined;
  if (kind === undefined || !known) return { status: 404, body: { detail: 'Not found.' } };
  if (!url.pathname.endsWith('/prices')) return { status: 200, body: metaOf(name, known.first, known.last ?? dateOf(now)) };
  return kind === 'iex' ? minutes(settings, name, url.searchParams, now) : days(settings, name, known.days ?? [], url.searchParams, now);
}

function search({ tickers }: TiingoSettings, text: string): Reply {
  const found = Object.entries(tickers).filter(([ticker]) => ticker.includes(text.toUpperCase()));
  const rows = found.map(([ticker, { last }]) => ({
    name: `${ticker} Inc.`,
    ticker,
    permaTicker: 'US1',
    assetType: 'Stock',
    isActive: last === undefined,
  }));
  return { status: 200, body: [...rows, { name: 'A coin', ticker: 'coinusd', permaTicker: null, assetType: 'Crypto', isActive: true }] };
}

const dateOf = (at: number): number => Math.floor(at / DAY) * DAY;

/** Both dates are included. */
const askedFor = (query: URLSearchParams): Interval => ({
  from: Date.parse(query.get('startDate') ?? ''),
  to: Date.parse(query.get('endDate') ?? '') + DAY,
});

function days({ truth, tickers }: TiingoSettings, ticker: string, happened: readonly Day[], query: URLSearchParams, now: number): Reply {
  const bars = truthIn(truth, tickers[ticker], ticker, '1d', askedFor(query), now);
  if (query.get('format') !== 'csv') return { status: 200, body: dayRows(bars, happened) };
  return { status: 200, headers: { 'content-type': 'text/csv' }, body: csvOf(dayRows(bars, happened)) };
}

const FREQUENCIES: Readonly<Record<string, Timeframe>> = { '1min': '1m', '5min': '5m', '15min': '15m', '30min': '30m', '1hour': '1h' };

/** The newest rows, where there are more than an answer holds. */
function minutes({ truth, tickers, mostRows }: TiingoSettings, ticker: string, query: URLSearchParams, now: number): Reply {
  const timeframe = FREQUENCIES[(query.get('resampleFreq') ?? '5min').toLowerCase()];
  if (!timeframe) return { status: 400, body: { detail: 'Error: resampleFreq is not valid.' } };
  const bars = truthIn(truth, tickers[ticker], ticker, timeframe, askedFor(query), now);
  const count = countOf(bars);
  return { status: 200, body: minuteRows(sliceBars(bars, Math.max(0, count - mostRows), count), query.get('columns')) };
}

function truthIn(truth: Truth, life: Life | undefined, ticker: string, timeframe: Timeframe, { from, to }: Interval, now: number): Bars {
  const { first = 0, last = now } = life ?? {};
  const asked = { from: Math.max(from, first), to: Math.min(to, now, last + DAY) };
  return asked.from < asked.to ? told(truth(ticker, timeframe, asked) ?? emptyBars(), timeframe, now) : emptyBars();
}
