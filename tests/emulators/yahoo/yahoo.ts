/** Yahoo's chart service, as far as we ask it: its depths, its longest ranges, its extra row for the last trade, its refusals. */
import { type Bars, emptyBars } from '../../../src/model/bars.js';
import { zoneOf } from '../../../src/model/calendar.js';
import type { Interval } from '../../../src/model/interval.js';
import { DAY, isIntraday, MINUTE, nominalMs, type Timeframe } from '../../../src/model/timeframe.js';
import type { Reply } from '../reply.js';
import { type Truth, told } from '../truth.js';
import { chartAnswer, type Moment, type Row, refusal, type Share } from './answers.js';

export interface YahooShare extends Share {
  /** Minutes of the local day; the market is open on weekdays only unless it opens at 0 and closes at 1,440. */
  readonly open: number;
  readonly close: number;
}

export interface YahooSettings {
  readonly truth: Truth;
  readonly shares: readonly YahooShare[];
}

const INTERVALS = ['1m', '2m', '5m', '15m', '30m', '60m', '90m', '1h', '1d', '5d', '1wk', '1mo', '3mo'];
const DEPTH_DAYS: Readonly<Record<string, number>> = { '1m': 30, '5m': 60, '15m': 60, '30m': 60, '1h': 730 };
const MOST_DAYS_OF_MINUTES = 8;

export function answerYahoo(settings: YahooSettings, now: number, url: URL): Reply {
  if (url.pathname === '/v1/finance/search') return search(settings, url.searchParams.get('q') ?? '');
  const symbol = decodeURIComponent(/^\/v8\/finance\/chart\/([^/]+)$/.exec(url.pathname)?.[1] ?? '');
  const share = settings.shares.find(s => s.symbol === symbol);
  if (!share) return { status: 404, body: refusal('Not Found', 'No data found, symbol may be delisted') };
  const interval = url.searchParams.get('interval') ?? '1d';
  if (!INTERVALS.includes(interval)) {
    const says = `Invalid input - interval=${interval} is not supported. Valid intervals: [${INTERVALS.join(', ')}]`;
    return { status: 400, body: refusal('Bad Request', says) };
  }
  const asked = askedFor(url.searchParams, now);
  return outOfReach(interval, asked, now) ?? beforeListing(share, asked) ?? chart(settings, share, interval as Timeframe, asked, now);
}

function search({ shares }: YahooSettings, text: string): Reply {
  const found = shares.filter(({ symbol }) => symbol.includes(text.toUpperCase()));
  const quotes = found.map(({ symbol, kind }) => ({
    exchange: 'NMS',
    shortname: symbol,
    quoteType: kind,
    symbol,
    score: 1,
    longname: `${symbol} Inc.`,
  }));
  return {
    status: 200,
    body: { explains: [], count: quotes.length, quotes: [...quotes, { name: 'a company without a symbol' }], news: [] },
  };
}

function askedFor(query: URLSearchParams, now: number): Interval {
  const days = /^(\d+)d$/.exec(query.get('range') ?? '')?.[1];
  if (days !== undefined) return { from: now - Number(days) * DAY, to: now };
  return { from: Number(query.get('period1')) * 1_000, to: Number(query.get('period2')) * 1_000 };
}

function outOfReach(interval: string, { from, to }: Interval, now: number): Reply | undefined {
  const depth = DEPTH_DAYS[interval];
  const refused = (why: string): Reply => {
    const range = `startTime=${from / 1_000} and endTime=${to / 1_000}`;
    return { status: 422, body: refusal('Unprocessable Entity', `${interval} data not available for ${range}. ${why}`) };
  };
  if (depth !== undefined && from < now - depth * DAY) return refused(`The requested range must be within the last ${depth} days.`);
  if (interval === '1m' && to - from > MOST_DAYS_OF_MINUTES * DAY)
    return refused(`Only ${MOST_DAYS_OF_MINUTES} days worth of 1m granularity data are allowed to be fetched per request.`);
  return undefined;
}

function beforeListing({ first }: Share, { from, to }: Interval): Reply | undefined {
  if (to >= first) return undefined;
  const says = `Data doesn't exist for startDate = ${from / 1_000}, endDate = ${to / 1_000}`;
  return { status: 400, body: refusal('Bad Request', says) };
}

function chart({ truth }: YahooSettings, share: YahooShare, timeframe: Timeframe, asked: Interval, now: number): Reply {
  const wide = { from: asked.from - 2 * DAY, to: Math.min(asked.to, now) + DAY };
  const bars = told(truth(share.symbol, timeframe, wide) ?? emptyBars(), timeframe, now);
  const moment = momentOf(share, now);
  const rows = (isIntraday(timeframe) ? minutesOf(share, bars, timeframe, asked, now) : daysOf(share, bars, asked, now, moment)).filter(
    ({ at }) => at >= asked.from && at <= asked.to,
  );
  return { status: 200, body: chartAnswer(share, timeframe, bars, rows, asked, now, moment) };
}

/** The session that runs, or was the last, and the last trade in it. */
function momentOf(share: YahooShare, now: number): Moment {
  const { toLocal, toUtc } = zoneOf(share.zone);
  let date = Math.floor(toLocal(now) / DAY) * DAY;
  while (!isTradingDay(share, date) || toUtc(date + share.open * MINUTE) > now) date -= DAY;
  const session = { from: toUtc(date + share.open * MINUTE), to: toUtc(date + share.close * MINUTE) };
  return { session, lastTrade: Math.min(now, session.to + 1_000) };
}

const isAlways = ({ open, close }: YahooShare): boolean => open === 0 && close === 1_440;
/** 1970-01-01 was a Thursday. */
const isTradingDay = (share: YahooShare, date: number): boolean => isAlways(share) || ![2, 3].includes((date / DAY) % 7);

/** A row for every day with a bar, stamped with the open of its session; the day that runs with the last trade. */
function daysOf(share: YahooShare, bars: Bars, asked: Interval, now: number, { session, lastTrade }: Moment): Row[] {
  const { toUtc } = zoneOf(share.zone);
  const rows: Row[] = [];
  bars.ts.forEach((date, bar) => {
    const at = toUtc(date + share.open * MINUTE);
    if (!isTradingDay(share, date) || at > now) return;
    const runs = at === session.from && now < session.from + DAY && !isPast(asked, lastTrade);
    rows.push({ at: runs ? lastTrade : at, bar });
  });
  return rows;
}

const isPast = ({ to }: Interval, at: number): boolean => to < at;

/** A row for every bar of the sessions that has begun, null where nobody traded, and one for the last trade. */
function minutesOf(share: YahooShare, bars: Bars, timeframe: Timeframe, asked: Interval, now: number): Row[] {
  const { toLocal, toUtc } = zoneOf(share.zone);
  const step = nominalMs(timeframe);
  const rows: Row[] = [];
  const told = new Map(Array.from(bars.ts, (ts, i) => [ts, i]));
  const end = Math.min(asked.to, now);
  for (let date = Math.floor(toLocal(asked.from) / DAY) * DAY; toUtc(date) <= end; date += DAY) {
    if (!isTradingDay(share, date)) continue;
    const close = toUtc(date + share.close * MINUTE);
    for (let at = toUtc(date + share.open * MINUTE); at < close && at <= end; at += step) {
      if (at >= asked.from && at >= share.first) rows.push({ at, bar: told.get(at) ?? null });
    }
  }
  const { lastTrade } = momentOf(share, now);
  const last = rows.at(-1);
  const running = last && last.bar !== null && last.at + step > lastTrade && lastTrade > last.at;
  return running ? [...rows, { at: lastTrade, bar: last.bar }] : rows;
}
