/** Bars as Alpaca tells them. */
import { type Bars, toRows } from '../../../src/model/bars.js';
import { isIntraday, type Timeframe } from '../../../src/model/timeframe.js';
import { midnightOf } from '../../../src/providers/new-york.js';

export const barsAnswer = (lists: Readonly<Record<string, Bars>>, timeframe: Timeframe, token: string | null): object => ({
  bars: Object.fromEntries(Object.entries(lists).map(([symbol, bars]) => [symbol, toRows(bars).map(bar => rowOf(bar, timeframe))])),
  next_page_token: token,
});

const rowOf = ({ ts, open, high, low, close, volume, trades }: ReturnType<typeof toRows>[number], timeframe: Timeframe): object => ({
  t: stampOf(isIntraday(timeframe) ? ts : midnightOf(ts)),
  o: open,
  h: high,
  l: low,
  c: close,
  v: volume,
  n: trades,
  vw: close,
});

export const stampOf = (ts: number): string => new Date(ts).toISOString().replace('.000Z', 'Z');
