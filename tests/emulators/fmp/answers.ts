/** Bars as FMP tells them: newest first, minutes on the wall clock of New York. */
import { type Bars, toRows } from '../../../src/model/bars.js';
import { zoneOf } from '../../../src/model/calendar.js';

type Row = ReturnType<typeof toRows>[number];

const dateOf = (wall: number): string => new Date(wall).toISOString().slice(0, 10);
const wallOf = (ts: number): string => new Date(zoneOf('America/New_York').toLocal(ts)).toISOString().slice(0, 19).replace('T', ' ');

const newestFirst = (bars: Bars, rowOf: (bar: Row) => object): object[] => toRows(bars).reverse().map(rowOf);

/** Prices divided by later splits. */
export const fullAnswer = (symbol: string, bars: Bars): object[] =>
  newestFirst(bars, ({ ts, open, high, low, close, volume }) => ({
    symbol,
    date: dateOf(ts),
    open,
    high,
    low,
    close,
    volume,
    change: 0,
    changePercent: 0,
    vwap: close,
  }));

/** Prices as they were traded. */
export const unsplitAnswer = (symbol: string, bars: Bars): object[] =>
  newestFirst(bars, ({ ts, open, high, low, close, volume }) => ({
    symbol,
    date: dateOf(ts),
    adjOpen: open,
    adjHigh: high,
    adjLow: low,
    adjClose: close,
    volume,
  }));

export const chartAnswer = (bars: Bars): object[] =>
  newestFirst(bars, ({ ts, open, high, low, close, volume }) => ({ date: wallOf(ts), open, low, high, close, volume }));
