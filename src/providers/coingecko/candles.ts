/** What CoinGecko's candles say, as columns. Only their shape is judged here, not whether they are what was asked for. */
import type { Bars } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { nominalMs, type Timeframe } from '../../model/timeframe.js';
import { numberOf } from '../fields.js';
import { barsOfRows } from '../rows.js';

export const COINGECKO = 'coingecko';

/**
 * A candle is stamped with its end. How long it is follows from the range that was asked for and stands nowhere in the
 * answer: two candles that are nearer or farther than the timeframe are of another one, however well they lie on its grid.
 */
export function readCandles(json: unknown, series: string, timeframe: Timeframe): Bars {
  if (!Array.isArray(json) || json.some(row => !Array.isArray(row) || row.length !== 5))
    throw fail('ANSWER_WRONG', { provider: COINGECKO, series, reason: 'it is no list of candles' });
  const length = nominalMs(timeframe);
  const bars = barsOfRows(json, COINGECKO, row => numberOf((row as unknown[])[0]) - length, { open: 1, high: 2, low: 3, close: 4 });
  const nearest = bars.ts.reduce((least, ts, i) => (i === 0 ? least : Math.min(least, ts - (bars.ts[i - 1] as number))), Infinity);
  if (bars.ts.length > 1 && nearest !== length)
    throw fail('ANSWER_WRONG', { provider: COINGECKO, series, reason: `its candles are ${nearest / 60_000} minutes apart` });
  return bars;
}
