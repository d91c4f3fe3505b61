/** Alpaca's data tells of no listings: its first minute with a trade does. */
import { fail } from '../../model/errors.js';
import { timeText } from '../answer.js';
import type { Source } from '../http/index.js';
import type { Listing } from '../provider.js';
import { ALPACA, barsOf, type Feed, readAnswer } from './bars.js';
import { BARS } from './request.js';

/** Before this there is nothing of any feed. */
const BEGIN = '2016-01-01T00:00:00Z';

interface Question {
  readonly symbol: string;
  readonly feed: Feed;
  /** What the key may see at the latest. */
  readonly end: number;
}

/** An unknown symbol is answered like one that has no bars: with an empty page. */
export async function listingOf(source: Source, { symbol, feed, end }: Question, signal: AbortSignal): Promise<Listing> {
  const params = { symbols: symbol, timeframe: '1Min', start: BEGIN, end: timeText(end), adjustment: 'raw', feed, sort: 'asc', limit: 1 };
  const answer = await source.get(BARS, { params, about: { symbol }, signal });
  const first = barsOf(readAnswer(answer.json(), `${symbol} 1m`), symbol, '1m').ts[0];
  if (first === undefined) throw fail('SYMBOL_UNKNOWN', { provider: ALPACA, symbol });
  return { symbol, assetClass: 'stock', first, evidence: `the first minute that ${feed} has is ${timeText(first)}` };
}
