/** Coins by their id: `bitcoin`, or `bitcoin/eur` for a price in another currency than dollars. */
import { fail } from '../../model/errors.js';
import { fieldsOf, listOf, textOf } from '../fields.js';
import type { Source } from '../http/index.js';
import type { FoundSymbol, Listing } from '../provider.js';
import { COINGECKO } from './candles.js';

export function coinOf(symbol: string): { readonly id: string; readonly currency: string } {
  const [, id, currency = 'usd'] = /^([a-z0-9][a-z0-9._-]*)(?:\/([a-z]{3,5}))?$/.exec(symbol) ?? [];
  if (id === undefined) throw fail('SYMBOL_UNKNOWN', { provider: COINGECKO, symbol });
  return { id, currency };
}

/** The first day of which the source has candles of any coin. When a coin was first priced is not told. */
const FIRST = Date.UTC(2018, 1, 9);

export async function listingOf(source: Source, symbol: string, signal: AbortSignal): Promise<Listing> {
  const { id } = coinOf(symbol);
  const params = { localization: false, tickers: false, market_data: false, community_data: false, developer_data: false };
  const answer = await source.get(`/coins/${encodeURIComponent(id)}`, { params, about: { symbol }, signal });
  if (fieldsOf(answer.json()).id !== id) throw fail('ANSWER_WRONG', { provider: COINGECKO, series: symbol, reason: 'it is another coin' });
  return { symbol, assetClass: 'crypto', first: FIRST, evidence: 'CoinGecko has candles since 2018-02-09' };
}

export async function symbolsLike(source: Source, search: string, signal: AbortSignal): Promise<readonly FoundSymbol[]> {
  const answer = await source.get('/search', { params: { query: search }, signal });
  return listOf(fieldsOf(answer.json()).coins)
    .map(fieldsOf)
    .flatMap(coin => {
      const symbol = textOf(coin.id);
      const title = [coin.name, coin.symbol].map(textOf).filter(Boolean).join(', ');
      return symbol === undefined ? [] : [{ symbol, assetClass: 'crypto' as const, title }];
    });
}
