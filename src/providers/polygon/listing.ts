/** What Polygon tells of tickers: since when one is listed, until when it was, and which ones there are. */
import { fail, isTapekeepError } from '../../model/errors.js';
import { DAY, HOUR } from '../../model/timeframe.js';
import { dateOf } from '../events.js';
import { type Fields, fieldsOf, listOf, textOf } from '../fields.js';
import type { Source } from '../http/index.js';
import { midnightOf } from '../new-york.js';
import type { FoundSymbol, Listing } from '../provider.js';
import { POLYGON } from './aggs.js';

const TICKERS = '/v3/reference/tickers';
const TOLD = "Polygon's list of tickers";
/** Trade before the session counts as well. */
const TRADE_BEGINS = 4 * HOUR;
/** A search tells the first ones, in the order of their names. */
const MOST_FOUND = 1_000;

export async function listingOf(source: Source, symbol: string, signal: AbortSignal): Promise<Listing> {
  const about = { symbol };
  try {
    const answer = await source.get(`${TICKERS}/${encodeURIComponent(symbol)}`, { about, signal });
    return listed(symbol, fieldsOf(fieldsOf(answer.json()).results));
  } catch (error) {
    // Only those of today have a page of their own.
    if (!isTapekeepError(error, 'SYMBOL_UNKNOWN')) throw error;
  }
  const answer = await source.get(TICKERS, { params: { ticker: symbol, active: false, limit: 1 }, about, signal });
  const ticker = tickersIn(answer.json()).find(t => t.ticker === symbol);
  if (!ticker) throw fail('SYMBOL_UNKNOWN', { provider: POLYGON, symbol });
  return delisted(symbol, ticker);
}

export async function symbolsLike(source: Source, search: string, signal: AbortSignal): Promise<readonly FoundSymbol[]> {
  const answer = await source.get(TICKERS, {
    params: { search, market: 'stocks', active: true, limit: MOST_FOUND, sort: 'ticker' },
    signal,
  });
  return tickersIn(answer.json()).flatMap(ticker => {
    const symbol = textOf(ticker.ticker);
    const title = textOf(ticker.name);
    return symbol === undefined ? [] : [{ symbol, assetClass: classOf(ticker), ...(title === undefined ? {} : { title }), active: true }];
  });
}

const tickersIn = (json: unknown): Fields[] => listOf(fieldsOf(json).results).map(fieldsOf);

const classOf = ({ type }: Fields): 'stock' | 'etf' => (type === 'ETF' || type === 'ETV' ? 'etf' : 'stock');

function listed(symbol: string, ticker: Fields): Listing {
  const date = textOf(ticker.list_date);
  const first = midnightOf(dateOf(date)) + TRADE_BEGINS;
  const assetClass = classOf(ticker);
  return Number.isNaN(first) ? { symbol, assetClass, evidence: TOLD } : { symbol, assetClass, first, evidence: `${TOLD}: listed ${date}` };
}

/** On the day of which it is told, there may still have been trade. */
function delisted(symbol: string, ticker: Fields): Listing {
  const date = textOf(ticker.delisted_utc);
  const last = midnightOf(dateOf(date?.slice(0, 10)) + DAY);
  const assetClass = classOf(ticker);
  if (Number.isNaN(last)) return { symbol, assetClass, evidence: `${TOLD}: no longer listed` };
  return { symbol, assetClass, last, evidence: `${TOLD}: delisted ${date}` };
}
