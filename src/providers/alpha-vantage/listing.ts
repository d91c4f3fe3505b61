/** Alpha Vantage's list of the tickers of the United States: one answer tells of all, so it is asked for once a day. */
import { fail } from '../../model/errors.js';
import { DAY } from '../../model/timeframe.js';
import { dateOf } from '../events.js';
import type { Source } from '../http/index.js';
import type { FoundSymbol, Listing } from '../provider.js';

export interface Tickers {
  listing(symbol: string, signal: AbortSignal): Promise<Listing>;
  search(text: string, signal: AbortSignal): Promise<readonly FoundSymbol[]>;
}

type Ticker = FoundSymbol & Listing;
type List = ReadonlyMap<string, Ticker>;

const COLUMNS = ['symbol', 'name', 'exchange', 'assetType', 'ipoDate', 'delistingDate', 'status'];

export function tickersOf(source: () => Source, now: () => number): Tickers {
  const lists = new Map<string, { readonly at: number; readonly list: List }>();
  const listOf = async (state: 'active' | 'delisted', signal: AbortSignal): Promise<List> => {
    const known = lists.get(state);
    if (known && now() - known.at < DAY) return known.list;
    const answer = await source().get('/query', { params: { function: 'LISTING_STATUS', state }, signal });
    const list = readList(answer.text());
    lists.set(state, { at: now(), list });
    return list;
  };
  return {
    async listing(symbol, signal) {
      const found = (await listOf('active', signal)).get(symbol) ?? (await listOf('delisted', signal)).get(symbol);
      if (!found) throw fail('SYMBOL_UNKNOWN', { provider: 'alpha-vantage', symbol });
      return found;
    },
    async search(text, signal) {
      const active = await listOf('active', signal);
      return [...active.values()].filter(({ symbol, title = '' }) => `${symbol} ${title}`.toUpperCase().includes(text.toUpperCase()));
    },
  };
}

/** Lines under a line of names. */
function readList(text: string): List {
  const [head = '', ...lines] = text.trimEnd().split(/\r?\n/);
  if (head !== COLUMNS.join(','))
    throw fail('ANSWER_WRONG', { provider: 'alpha-vantage', reason: 'its list of tickers has other columns' });
  const tickers = lines.map(line => tickerOf(line.split(',')));
  return new Map(tickers.map(ticker => [ticker.symbol, ticker]));
}

function tickerOf(cells: readonly string[]): Ticker {
  // A name may hold commas: the rest is counted from the end.
  const [assetType, ipoDate, delistingDate, status] = cells.slice(-4);
  const symbol = cells[0] ?? '';
  const [first, last] = [dateOf(ipoDate), dateOf(delistingDate)];
  return {
    symbol,
    title: cells.slice(1, -5).join(','),
    assetClass: assetType === 'ETF' ? 'etf' : 'stock',
    active: status === 'Active',
    ...(!Number.isNaN(first) && { first }),
    ...(!Number.isNaN(last) && { last: last + DAY }),
    evidence: `Alpha Vantage's list of tickers: listed ${ipoDate}${Number.isNaN(last) ? '' : `, delisted ${delistingDate}`}`,
  };
}
