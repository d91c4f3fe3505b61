/** One request for bars of one symbol or of several. */
import { fail } from '../../model/errors.js';
import { DAY, isIntraday, type Timeframe } from '../../model/timeframe.js';
import { timeText } from '../answer.js';
import { listOf } from '../fields.js';
import type { Get, Source } from '../http/index.js';
import { midnightOf } from '../new-york.js';
import type { Place } from '../paged.js';
import { ALPACA, type Answer, type Feed, readAnswer } from './bars.js';

/** Of all symbols of a request together. */
export const MOST_BARS = 10_000;
export const BARS = '/v2/stocks/bars';

/** The stretch that is asked for, as a page of one symbol has it. */
export type Stretch = Pick<Place, 'at' | 'end' | 'settled'>;

export interface Request {
  readonly symbols: readonly string[];
  readonly timeframe: Timeframe;
  readonly stretch: Stretch;
  readonly feed: Feed;
  readonly token?: string | undefined;
}

/** Raises ANSWER_WRONG when it has bars of a symbol that was not asked for. */
export async function requestBars(
  source: Source,
  request: Request,
  about: NonNullable<Get['about']>,
  signal: AbortSignal,
): Promise<Answer> {
  const told = await source.get(BARS, { params: paramsOf(request), about, signal });
  const answer = readAnswer(told.json(), String(about.series));
  const other = Object.keys(answer.lists).find(name => !request.symbols.includes(name) && listOf(answer.lists[name]).length > 0);
  if (other !== undefined) throw fail('ANSWER_WRONG', { provider: ALPACA, ...about, reason: `it has bars of ${other}` });
  return answer;
}

const FRAMES: Readonly<Partial<Record<Timeframe, string>>> = {
  '1m': '1Min',
  '3m': '3Min',
  '5m': '5Min',
  '15m': '15Min',
  '30m': '30Min',
  '1h': '1Hour',
  '1d': '1Day',
};

/**
 * Both ends are included. A day is told when its midnight in New York lies between them. A request that reached into the
 * last minutes would be refused as a whole.
 */
function paramsOf({ symbols, timeframe, stretch, feed, token }: Request): Record<string, string | number | undefined> {
  const { at, end, settled } = stretch;
  const intraday = isIntraday(timeframe);
  return {
    symbols: symbols.join(','),
    timeframe: FRAMES[timeframe] as string,
    start: timeText(intraday ? at : midnightOf(at)),
    end: timeText(Math.min(intraday ? end - 1 : midnightOf(Math.floor((end - 1) / DAY) * DAY), settled)),
    adjustment: 'raw',
    feed,
    sort: 'asc',
    limit: MOST_BARS,
    page_token: token,
  };
}
