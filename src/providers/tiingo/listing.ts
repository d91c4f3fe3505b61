/** What Tiingo knows of a ticker: the first and the last day of its prices. */
import { fail } from '../../model/errors.js';
import { DAY } from '../../model/timeframe.js';
import { dateOf } from '../events.js';
import { fieldsOf, textOf } from '../fields.js';
import type { Source } from '../http/index.js';
import type { Listing } from '../provider.js';

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
