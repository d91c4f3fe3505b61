/** Polygon, as far as we ask it: aggregates, tickers, splits and dividends, with its limits, plans and refusals. */
import { type Bars, countOf, emptyBars, sliceBars } from '../../../src/model/bars.js';
import type { Interval } from '../../../src/model/interval.js';
import { DAY, isIntraday, MINUTE, nominalMs, type Timeframe } from '../../../src/model/timeframe.js';
import { dateAt, midnightOf } from '../../../src/providers/new-york.js';
import type { Reply } from '../reply.js';
import { divided, type Truth, told } from '../truth.js';
import { aggsAnswer, listAnswer, refusal } from './answers.js';

export interface PolygonSettings {
  readonly truth: Truth;
  readonly key: string;
  /** Whether a request is one too many; absent: none is. */
  readonly limited?: (now: number) => boolean;
  /** How far back the plan reaches, and how late it sees what was traded. */
  readonly depthMs: number;
  readonly delayMs: number;
  /** The host on which the next page is named; the key never is. */
  readonly nextHost: string;
  /** Base bars of a page at most, whatever is asked for. */
  readonly mostBase: number;
  /** A later split of so many for one: prices that are asked for adjusted are divided by it. */
  readonly split: number;
  /** Rows of a list that is not bars. */
  readonly listRows: number;
  readonly tickers: Readonly<Record<string, { readonly list_date: string; readonly delisted_utc?: string }>>;
  readonly splits: readonly { readonly ticker: string }[];
  readonly dividends: readonly { readonly ticker: string }[];
}

const LIMIT = "You've exceeded the maximum requests per minute, please wait or upgrade your subscription to continue.";
const MOST_BASE = 50_000;
const USUAL_BASE = 5_000;

export function answerPolygon(settings: PolygonSettings, now: number, url: URL, authorization: string | undefined): Reply {
  const key = authorization?.replace(/^Bearer /, '') ?? url.searchParams.get('apiKey');
  if (key !== settings.key) return { status: 401, body: refusal('ERROR', 'Unknown API Key') };
  if (settings.limited?.(now)) return { status: 429, body: refusal('ERROR', LIMIT) };
  const aggs = /^\/v2\/aggs\/ticker\/([^/]+)\/range\/(\d+)\/(minute|hour|day)\/([^/]+)\/([^/]+)$/.exec(url.pathname);
  if (aggs) return aggregates(settings, now, url, aggs.slice(1).map(decodeURIComponent) as [string, string, Unit, string, string]);
  const ticker = /^\/v3\/reference\/tickers\/([^/]+)$/.exec(url.pathname)?.[1];
  if (ticker !== undefined) return details(settings, decodeURIComponent(ticker));
  if (url.pathname === '/v3/reference/tickers') return list(settings, url, tickersLike(settings, url));
  if (url.pathname === '/v3/reference/splits') return list(settings, url, ofTicker(settings.splits, url));
  if (url.pathname === '/v3/reference/dividends') return list(settings, url, ofTicker(settings.dividends, url));
  return { status: 404, body: refusal('ERROR', 'Not Found') };
}

type Unit = 'minute' | 'hour' | 'day';
const UNITS: Readonly<Record<Unit, string>> = { minute: 'm', hour: 'h', day: 'd' };

function aggregates(settings: PolygonSettings, now: number, url: URL, parts: [string, string, Unit, string, string]): Reply {
  const [ticker, count, unit, from, to] = parts;
  const asked = { from: instantOf(from, 0), to: instantOf(to, DAY) };
  if (asked.from < now - settings.depthMs - DAY)
    return { status: 403, body: refusal('NOT_AUTHORIZED', "Your plan doesn't include this data timeframe.") };
  const timeframe = `${count}${UNITS[unit]}` as Timeframe;
  const cursor = cursorOf(url);
  const limit = Math.min(cursor?.limit ?? Number(url.searchParams.get('limit') ?? USUAL_BASE), MOST_BASE, settings.mostBase);
  const adjusted = cursor?.adjusted ?? url.searchParams.get('adjusted') !== 'false';
  const bars = barsIn(settings, now, ticker, timeframe, { from: cursor?.at ?? asked.from, to: asked.to });
  const base = isIntraday(timeframe) ? nominalMs(timeframe) / MINUTE : 1;
  const page = sliceBars(adjusted ? divided(bars, settings.split) : bars, 0, Math.max(1, Math.floor(limit / base)));
  const more = bars.ts[countOf(page)];
  const next = more === undefined ? undefined : `${settings.nextHost}${url.pathname}?cursor=${cursorAt({ at: more, limit, adjusted })}`;
  const delayed = settings.delayMs > 0;
  return { status: 200, body: aggsAnswer({ ticker, timeframe, bars: page, base: countOf(page) * base, adjusted, delayed, next }) };
}

/** An instant in ms, or a date: midnight in New York, at its other end as well. */
function instantOf(text: string, after: number): number {
  if (/^\d+$/.test(text)) return Number(text) + (after > 0 ? 1 : 0);
  return midnightOf(Date.parse(`${text}T00:00Z`) + after);
}

/** Days are asked for by instants, too, and told by their dates. */
function barsIn({ truth, delayMs }: PolygonSettings, now: number, ticker: string, timeframe: Timeframe, asked: Interval): Bars {
  const dates = { from: dateAt(asked.from + DAY - 1), to: dateAt(asked.to + DAY - 1) };
  const bars = truth(ticker, timeframe, isIntraday(timeframe) ? asked : dates) ?? emptyBars();
  return told(bars, timeframe, now - delayMs);
}

interface PageCursor {
  readonly at: number;
  readonly limit: number;
  readonly adjusted: boolean;
}

const cursorAt = (cursor: PageCursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

function cursorOf(url: URL): PageCursor | undefined {
  const text = url.searchParams.get('cursor');
  return text === null ? undefined : JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
}

function details({ tickers }: PolygonSettings, ticker: string): Reply {
  const known = Object.hasOwn(tickers, ticker) ? tickers[ticker] : undefined;
  if (!known || known.delisted_utc !== undefined) return { status: 404, body: refusal('NOT_FOUND', 'Ticker not found.') };
  return { status: 200, body: { request_id: 'emulated', results: tickerOf(ticker, known), status: 'OK' } };
}

const tickerOf = (ticker: string, known: object & { readonly delisted_utc?: string }): object => ({
  ticker,
  name: `${ticker} Inc.`,
  market: 'stocks',
  locale: 'us',
  primary_exchange: 'XNYS',
  type: 'CS',
  active: known.delisted_utc === undefined,
  currency_name: 'usd',
  last_updated_utc: '2024-01-01T00:00:00Z',
  ...known,
});

function tickersLike({ tickers }: PolygonSettings, url: URL): object[] {
  const { ticker, search, active } = Object.fromEntries(url.searchParams);
  const gone = active === 'false';
  return Object.entries(tickers)
    .filter(([name, known]) => (ticker === undefined || name === ticker) && (known.delisted_utc !== undefined) === gone)
    .filter(([name]) => search === undefined || name.includes(search.toUpperCase()))
    .map(([name, { delisted_utc }]) => tickerOf(name, delisted_utc === undefined ? {} : { delisted_utc }));
}

const ofTicker = (events: readonly { readonly ticker: string }[], url: URL): object[] => {
  const ticker = url.searchParams.get('ticker');
  return events.filter(event => ticker === null || event.ticker === ticker);
};

function list({ listRows, nextHost }: PolygonSettings, url: URL, all: readonly object[]): Reply {
  const at = Number(url.searchParams.get('cursor') ?? 0);
  const next = new URL(url.pathname + url.search, nextHost);
  next.searchParams.delete('apiKey');
  next.searchParams.set('cursor', String(at + listRows));
  return { status: 200, body: listAnswer(all.slice(at, at + listRows), at + listRows < all.length ? next.href : undefined) };
}
