/** Binance by requests: klines page by page, listing dates, the list of symbols. */
import { type Bars, countOf, sliceBars } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { nextBar, nominalMs, type Timeframe } from '../../model/timeframe.js';
import { checkAnswer } from '../answer.js';
import { fieldsOf, listOf, numberOf, textOf } from '../fields.js';
import { type Answer, createSource, type Get, type Source } from '../http/index.js';
import { checkJoint, type Joint } from '../joint.js';
import { readListOfLists } from '../parse/table.js';
import type { Ask, FoundSymbol, Listing, World } from '../provider.js';
import type { SourceSettings } from '../settings.js';
import { barsOfKlines, KLINE_WIDTH, onGrid } from './klines.js';
import { intervalOf, type Market, RULES } from './market.js';

/** The bars that open in a window, which is no longer than a page. */
export interface RestPage {
  readonly bars: Bars;
  /** Rows of which no bar can be made. */
  readonly offGrid: number;
  /** The source's own time. */
  readonly asOf: number;
}

export interface Rest {
  page(ask: Ask, window: Interval, joint: Joint | undefined, signal: AbortSignal): Promise<RestPage>;
  listing(symbol: string, signal: AbortSignal): Promise<Listing>;
  symbols(search: string, signal: AbortSignal): Promise<readonly FoundSymbol[]>;
}

/** Two seconds' worth may go at once. */
const BURSTS_A_MINUTE = 30;

export function createRest(market: Market, settings: SourceSettings, world: World): Rest {
  const source = createSource(
    {
      name: market.name,
      baseUrl: settings.baseUrl,
      rules: RULES,
      rate: {
        perMinute: settings.perMinute,
        burst: Math.max(market.listWeight, settings.perMinute / BURSTS_A_MINUTE),
        // Whoever sets more than the source grants by itself has been granted more.
        used: { header: 'x-mbx-used-weight-1m', limit: Math.max(market.minuteWeight, settings.perMinute) },
      },
    },
    world,
  );
  const klines = klinesOf(market, source);
  return {
    async page(ask, window, joint, signal) {
      const { symbol, timeframe } = ask;
      const asked = { from: joint?.ts ?? window.from, to: window.to };
      const limit = Math.min(market.pageRows, Math.ceil((asked.to - asked.from) / nominalMs(timeframe)) + 1);
      const { bars: rows, answer } = await klines(symbol, timeframe, { startTime: asked.from, endTime: asked.to - 1, limit }, signal);
      const bars = onGrid(rows, timeframe);
      checkAnswer(market.name, ask, asked, bars);
      if (joint) checkJoint(market.name, ask, joint, bars);
      return {
        bars: joint ? sliceBars(bars, 1, countOf(bars)) : bars,
        offGrid: countOf(rows) - countOf(bars),
        asOf: timeOf(answer, world),
      };
    },
    listing: (symbol, signal) => listingOf(market, source, klines, world, symbol, signal),
    symbols: (search, signal) => symbolsOf(market, source, search, signal),
  };
}

type Klines = (
  symbol: string,
  timeframe: Timeframe,
  params: Readonly<Record<string, number>>,
  signal: AbortSignal,
) => Promise<{ readonly bars: Bars; readonly answer: Answer }>;

const klinesOf =
  (market: Market, source: Source): Klines =>
  async (symbol, timeframe, params, signal) => {
    const about = { series: `${symbol} ${timeframe}`, symbol };
    const weight = market.weightOf(params.limit ?? market.pageRows);
    const all = { symbol, interval: intervalOf(timeframe), ...params };
    const answer = await source.get(`${market.path}/klines`, { params: all, weight, about, signal });
    const table = readListOfLists(answer.bytes, KLINE_WIDTH);
    if (table === 'truncated')
      throw fail('ANSWER_TRUNCATED', { provider: market.name, ...about, reason: `it ends after ${answer.bytes.length} bytes` });
    if (table === 'malformed') throw fail('ANSWER_MALFORMED', { provider: market.name, ...about, reason: 'it is no list of klines' });
    return { bars: barsOfKlines(table, { provider: market.name, symbol, timeframe }), answer };
  };

/** When the source answered, by its own clock, to the end of the second that it tells. */
function timeOf({ headers }: Answer, world: World): number {
  const said = Date.parse(headers.date ?? '');
  return Number.isNaN(said) ? world.now() : said + 999;
}

/** A symbol whose newest minute is older than this is asked after: it may be gone. */
const STILL_MS = 86_400_000;

async function listingOf(
  market: Market,
  source: Source,
  klines: Klines,
  world: World,
  symbol: string,
  signal: AbortSignal,
): Promise<Listing> {
  const oneOf = async (params: Readonly<Record<string, number>>): Promise<number | undefined> =>
    (await klines(symbol, '1m', { ...params, limit: 1 }, signal)).bars.ts[0];
  const [listed, latest] = await Promise.all([oneOf({ startTime: 0 }), oneOf({})]);
  if (listed === undefined) return { symbol, assetClass: 'crypto', evidence: 'it has no bar yet' };
  const evidence = `its first bar, of ${new Date(listed).toISOString()}`;
  const newest = latest ?? listed;
  const listing = { symbol, assetClass: 'crypto', first: listed, evidence } as const;
  if (newest > world.now() - STILL_MS) return listing;
  const status = (await exchangeInfo(market, source, symbol, signal)).find(s => s.symbol === symbol)?.status;
  if (status === 'TRADING') return listing;
  const last = nextBar(newest, '1m');
  return { ...listing, last, evidence: `${evidence}, and its last, before ${new Date(last).toISOString()}: it is not traded` };
}

async function exchangeInfo({ path, listWeight, oneSymbol }: Market, source: Source, symbol: string | undefined, signal: AbortSignal) {
  const one = oneSymbol && symbol !== undefined;
  const get: Get = { weight: listWeight, signal, ...(one && { params: { symbol } }), ...(symbol !== undefined && { about: { symbol } }) };
  const info = fieldsOf((await source.get(`${path}/exchangeInfo`, get)).json());
  return listOf(info.symbols).map(entry => {
    const { symbol: name, status, contractStatus, baseAsset, quoteAsset, onboardDate } = fieldsOf(entry);
    return {
      symbol: textOf(name) ?? '',
      status: textOf(status) ?? textOf(contractStatus),
      title: `${textOf(baseAsset) ?? '?'}/${textOf(quoteAsset) ?? '?'}`,
      first: numberOf(onboardDate),
    };
  });
}

async function symbolsOf(market: Market, source: Source, search: string, signal: AbortSignal): Promise<FoundSymbol[]> {
  const wanted = search.toUpperCase().replace(/[/\s-]/g, '');
  const all = await exchangeInfo(market, source, undefined, signal);
  return all
    .filter(({ symbol }) => symbol !== '' && symbol.includes(wanted))
    .map(({ symbol, status, title, first }) => ({
      symbol,
      assetClass: 'crypto',
      title,
      active: status === 'TRADING',
      ...(first > 0 && { first }),
    }));
}
