/** Alpaca's market data, as far as we ask it: bars of several symbols and corporate actions, with its pages and refusals. */
import { type Bars, countOf, emptyBars, sliceBars } from '../../../src/model/bars.js';
import type { Interval } from '../../../src/model/interval.js';
import { DAY, isIntraday, MINUTE, type Timeframe } from '../../../src/model/timeframe.js';
import { dateAt } from '../../../src/providers/new-york.js';
import type { Reply } from '../reply.js';
import { divided, firstOf, type Truth, told } from '../truth.js';
import { barsAnswer } from './answers.js';

export interface AlpacaSettings {
  /** Each feed tells of other trades. */
  readonly truth: Readonly<Record<string, Truth>>;
  readonly key: string;
  readonly secret: string;
  /** The plan may see the newest trades of all exchanges. */
  readonly recentSip: boolean;
  /** A page ends after so many bars at the latest, whatever is asked for, and still names the next. */
  readonly mostBars: number;
  /** A later split of so many for one: prices that are asked for adjusted are divided by it. */
  readonly split: number;
  readonly splits: readonly { readonly symbol: string }[];
  readonly dividends: readonly { readonly symbol: string }[];
}

const MOST_BARS = 10_000;
const USUAL_BARS = 1_000;
const RECENT = 15 * MINUTE;

export function answerAlpaca(settings: AlpacaSettings, now: number, url: URL, key: string | undefined, secret: string | undefined): Reply {
  if (key !== settings.key || secret !== settings.secret) return { status: 403, body: { message: 'forbidden.' } };
  if (url.pathname === '/v2/stocks/bars') return bars(settings, now, Object.fromEntries(url.searchParams));
  if (url.pathname === '/v1/corporate-actions') return actions(settings, url.searchParams);
  return { status: 404, body: { message: 'endpoint not found.' } };
}

type Query = Readonly<Record<string, string | undefined>>;

function bars(settings: AlpacaSettings, now: number, query: Query): Reply {
  const timeframe = timeframeOf(query.timeframe ?? '');
  const truth = settings.truth[query.feed ?? 'sip'];
  if (timeframe === undefined) return { status: 400, body: { message: `invalid timeframe: ${query.timeframe}` } };
  if (truth === undefined) return { status: 400, body: { message: `invalid feed: ${query.feed}` } };
  const asked = { from: Date.parse(query.start ?? ''), to: Date.parse(query.end ?? '') + 1 };
  if ((query.feed ?? 'sip') === 'sip' && !settings.recentSip && !(asked.to <= now - RECENT))
    return { status: 403, body: { message: 'subscription does not permit querying recent SIP data' } };
  const limit = Math.min(Number(query.limit ?? USUAL_BARS), MOST_BARS, settings.mostBars);
  const at = tokenOf(query.page_token);
  const lists: Record<string, Bars> = {};
  const split = (query.adjustment ?? 'raw') === 'raw' ? 1 : settings.split;
  let room = limit;
  for (const symbol of (query.symbols ?? '').split(',').sort()) {
    if (symbol < at.symbol) continue;
    const all = divided(barsIn(truth, now, symbol, timeframe, symbol === at.symbol ? { ...asked, from: at.ts } : asked, room), split);
    const page = sliceBars(all, 0, room);
    if (countOf(page) > 0) lists[symbol] = page;
    room -= countOf(page);
    const next = all.ts[countOf(page)];
    if (next !== undefined) return { status: 200, body: barsAnswer(lists, timeframe, tokenAt(symbol, next)) };
  }
  return { status: 200, body: barsAnswer(lists, timeframe, null) };
}

const UNITS: Readonly<Record<string, string>> = { Min: 'm', Hour: 'h', Day: 'd' };

function timeframeOf(text: string): Timeframe | undefined {
  const [, count, unit] = /^(\d+)(Min|Hour|Day)$/.exec(text) ?? [];
  return unit === undefined ? undefined : (`${count}${UNITS[unit]}` as Timeframe);
}

/** A day is told when its midnight in New York lies in what was asked. */
function barsIn(truth: Truth, now: number, symbol: string, timeframe: Timeframe, asked: Interval, most: number): Bars {
  const dates = { from: dateAt(asked.from + DAY - 1), to: dateAt(asked.to + DAY - 1) };
  return told(firstOf(truth, symbol, timeframe, isIntraday(timeframe) ? asked : dates, most) ?? emptyBars(), timeframe, now);
}

const tokenAt = (symbol: string, ts: number): string => Buffer.from(`${symbol}|${ts}`).toString('base64');

function tokenOf(token: string | undefined): { symbol: string; ts: number } {
  const [symbol = '', ts] = Buffer.from(token ?? '', 'base64')
    .toString('utf8')
    .split('|');
  return { symbol, ts: Number(ts) };
}

function actions({ splits, dividends }: AlpacaSettings, query: URLSearchParams): Reply {
  const symbols = (query.get('symbols') ?? '').split(',');
  const types = (query.get('types') ?? '').split(',');
  const of = (list: readonly { readonly symbol: string }[], type: string) =>
    types.includes(type) ? list.filter(action => symbols.includes(action.symbol)) : [];
  const told = { forward_splits: of(splits, 'forward_split'), cash_dividends: of(dividends, 'cash_dividend') };
  return { status: 200, body: { corporate_actions: told, next_page_token: null } };
}
