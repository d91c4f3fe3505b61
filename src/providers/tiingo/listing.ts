/** What Tiingo knows of a ticker: the first and the last day of its prices. */
import { fail } from '../../model/errors.js';
import type { AssetClass } from '../../model/series.js';
import { DAY } from '../../model/timeframe.js';
import { dateOf } from '../events.js';
import { fieldsOf, listOf, textOf } from '../fields.js';
import type { Source } from '../http/index.js';
import type { FoundSymbol, Listing } from '../provider.js';

/** A ticker whose last day is older than any row of holidays is not traded any more. */
const GONE = 15 * DAY;

export async function listingOf(source: Source, symbol: string, now: number, signal: AbortSignal): Promise<Listing> {
  const answer = await source.get(`/tiingo/daily/${encodeURIComponent(symbol)}`, { about: { symbol }, signal });
  const { ticker, startDate, endDate } = fieldsOf(answer.json());
  if (textOf(ticker)?.toUpperCase() !== symbol.toUpperCase())
    throw fail('ANSWER_WRONG', { provider: 'tiingo', series: symbol, reason: `it tells of ${JSON.stringify(ticker)}` });
  const [first, last] = [dateOf(startDate), dateOf(endDate)];
  if (Number.isNaN(first)) return { symbol, assetClass: 'stock', evidence: "Tiingo's facts of the ticker name no first day" };
  const evidence = `Tiingo's facts of the ticker: prices from ${startDate} to ${endDate}`;
  return { symbol, assetClass: 'stock', first, ...(now - last > GONE && { last: last + DAY }), evidence };
}

const CLASSES: Readonly<Record<string, AssetClass>> = { Stock: 'stock', ETF: 'etf', 'Mutual Fund': 'fund' };

/** Tiingo's own search. No answer of it was recorded: an entry in another shape, or of what is not served, is passed over. */
export async function searchFor(source: Source, text: string, signal: AbortSignal): Promise<readonly FoundSymbol[]> {
  const answer = await source.get('/tiingo/utilities/search', { params: { query: text }, about: { symbol: text }, signal });
  return listOf(answer.json()).flatMap(entry => {
    const { ticker, name, assetType, isActive } = fieldsOf(entry);
    const assetClass = typeof assetType === 'string' && Object.hasOwn(CLASSES, assetType) ? CLASSES[assetType] : undefined;
    if (typeof ticker !== 'string' || assetClass === undefined) return [];
    const title = textOf(name);
    return [{ symbol: ticker, assetClass, ...(title !== undefined && { title }), active: isActive !== false }];
  });
}
