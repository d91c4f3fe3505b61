/** One page of Alpaca's bars, held against what was asked for. */
import { countOf } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { DAY, isIntraday, nextBar, type Timeframe } from '../../model/timeframe.js';
import { checkAnswer, timeText } from '../answer.js';
import type { Source } from '../http/index.js';
import { opensIn, pageWithout } from '../known.js';
import { midnightOf } from '../new-york.js';
import type { Place } from '../paged.js';
import type { Page } from '../provider.js';
import { cursorOf } from '../step.js';
import { ALPACA, type BarsPage, type Feed, readBars } from './bars.js';

/** Of all symbols of a request together. */
export const MOST_BARS = 10_000;
export const BARS = '/v2/stocks/bars';

export async function pageOf(source: Source, place: Place, feed: Feed, signal: AbortSignal): Promise<Page> {
  const { ask, series } = place;
  const about = { series, symbol: ask.symbol };
  for (let token = place.token; ; ) {
    const answer = await source.get(BARS, { params: { ...paramsOf(place, feed), page_token: token }, about, signal });
    const page = readBars(answer.json(), ask.symbol, series, ask.timeframe);
    const other = page.symbols.find(symbol => symbol !== ask.symbol);
    if (other !== undefined) throw fail('ANSWER_WRONG', { provider: ALPACA, series, reason: `it has bars of ${other}` });
    // A page may be without bars and still not be the last.
    if (page.token === null || countOf(page.bars) > 0) return judged(page, place);
    if (page.token === token) throw fail('NO_PROGRESS', { provider: ALPACA, series, at: timeText(place.at) });
    token = page.token;
  }
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
function paramsOf({ ask, at, end, settled }: Place, feed: Feed): Record<string, string | number> {
  const intraday = isIntraday(ask.timeframe);
  return {
    symbols: ask.symbol,
    timeframe: FRAMES[ask.timeframe] as string,
    start: timeText(intraday ? at : midnightOf(at)),
    end: timeText(Math.min(intraday ? end - 1 : midnightOf(Math.floor((end - 1) / DAY) * DAY), settled)),
    adjustment: 'raw',
    feed,
    sort: 'asc',
    limit: MOST_BARS,
  };
}

function judged({ bars, token }: BarsPage, place: Place): Page {
  const { ask, at, end } = place;
  checkAnswer(ALPACA, ask, { from: at, to: end }, bars, opensIn(ask));
  const last = bars.ts.at(-1);
  if (last === undefined) return pageWithout(at, end, ask, 'empty', `no bars for ${timeText(at)} … ${timeText(end)}`);
  // Only a page without a token is the last: one that is short is not.
  const to = token === null ? end : Math.min(end, nextBar(last, ask.timeframe));
  if (bars.close.every(Number.isNaN)) return pageWithout(at, to, ask, 'failed', `${countOf(bars)} rows, none with a price`);
  const next = to < ask.interval.to ? cursorOf(to < end && token !== null ? { at: to, end, token } : { at: to }) : null;
  return { bars, answered: { from: at, to }, verdict: null, evidence: `${countOf(bars)} bars`, next };
}
