/** Bars and events as Polygon tells them. */
import { type Bars, toRows } from '../../../src/model/bars.js';
import { isIntraday, type Timeframe } from '../../../src/model/timeframe.js';
import { midnightOf } from '../../../src/providers/new-york.js';

const REQUEST = '12afda77aab3b1936c5fb6ef4241ae42';

export interface AggsAnswer {
  readonly ticker: string;
  readonly timeframe: Timeframe;
  readonly bars: Bars;
  /** Minutes or days that were read for it. */
  readonly base: number;
  readonly adjusted: boolean;
  readonly delayed?: boolean;
  readonly next?: string | undefined;
}

export const aggsAnswer = ({ ticker, timeframe, bars, base, adjusted, delayed, next }: AggsAnswer): object => ({
  ticker,
  queryCount: base,
  resultsCount: bars.ts.length,
  adjusted,
  ...(bars.ts.length > 0 ? { results: toRows(bars).map(b => rowOf(b, timeframe)) } : {}),
  status: delayed ? 'DELAYED' : 'OK',
  request_id: REQUEST,
  count: bars.ts.length,
  ...(next === undefined ? {} : { next_url: next }),
});

const rowOf = ({ ts, open, high, low, close, volume, trades }: ReturnType<typeof toRows>[number], timeframe: Timeframe): object => ({
  v: volume,
  vw: close,
  o: open,
  c: close,
  h: high,
  l: low,
  t: isIntraday(timeframe) ? ts : midnightOf(ts),
  n: trades,
});

export const refusal = (status: string, text: string): object => ({
  status,
  request_id: REQUEST,
  [status === 'ERROR' ? 'error' : 'message']: text,
});

export const listAnswer = (results: readonly object[], next?: string): object => ({
  results,
  status: 'OK',
  request_id: REQUEST,
  ...(next === undefined ? {} : { next_url: next }),
});
