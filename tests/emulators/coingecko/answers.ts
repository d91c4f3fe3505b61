/** Candles as CoinGecko tells them: stamped with their end, without a volume. */
import { type Bars, toRows } from '../../../src/model/bars.js';
import { nextBar, type Timeframe } from '../../../src/model/timeframe.js';

export const ohlcAnswer = (bars: Bars, timeframe: Timeframe): object[] =>
  toRows(bars).map(({ ts, open, high, low, close }) => [nextBar(ts, timeframe), open, high, low, close]);
