/** What FMP tells of symbols: the profile of one, and a search. */
import { fail } from '../../model/errors.js';
import { HOUR } from '../../model/timeframe.js';
import { dateOf } from '../events.js';
import { type Fields, fieldsOf, listOf, textOf } from '../fields.js';
import type { Source } from '../http/index.js';
import { midnightOf } from '../new-york.js';
import type { FoundSymbol, Listing } from '../provider.js';
import { FMP } from './rows.js';

const SESSION_OPENS = 9.5 * HOUR;
/** Of others the zone of the wall clock that stamps are told by is not proven. */
const EXCHANGES = ['NASDAQ', 'NYSE', 'AMEX', 'CBOE', 'OTC', 'PNK'];

export async function listingOf(source: Source, symbol: string, signal: AbortSignal): Promise<Listing> {
  const answer = await source.get('/stable/profile', { params: { symbol }, about: { symbol }, signal });
  const profile = listOf(answer.json())
    .map(fieldsOf)
    .find(p => p.symbol === symbol);
  if (!profile || !isAmerican(profile)) throw fail('SYMBOL_UNKNOWN', { provider: FMP, symbol });
  const first = midnightOf(dateOf(profile.ipoDate)) + SESSION_OPENS;
  const assetClass = profile.isEtf === true ? 'etf' : 'stock';
  if (Number.isNaN(first)) return { symbol, assetClass, evidence: "FMP's profile" };
  return { symbol, assetClass, first, evidence: `FMP's profile: listed ${textOf(profile.ipoDate)}` };
}

const isAmerican = ({ exchange }: Fields): boolean => EXCHANGES.includes(textOf(exchange) ?? '');

export async function symbolsLike(source: Source, query: string, signal: AbortSignal): Promise<readonly FoundSymbol[]> {
  const answer = await source.get('/stable/search-symbol', { params: { query }, signal });
  return listOf(answer.json())
    .map(fieldsOf)
    .filter(isAmerican)
    .flatMap(found => {
      const symbol = textOf(found.symbol);
      const title = textOf(found.name);
      return symbol === undefined ? [] : [{ symbol, assetClass: 'stock' as const, ...(title === undefined ? {} : { title }) }];
    });
}
