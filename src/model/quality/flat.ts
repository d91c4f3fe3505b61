/** Bars that nobody traded: a range without volume, and the same bar again and again. */
import type { Bars } from '../bars.js';
import { HOUR, nominalMs, type Timeframe } from '../timeframe.js';
import { add, type Tally } from './counts.js';

/** How many identical bars may follow each other: an hour's worth, and five at least. */
export const longestFlat = (timeframe: Timeframe): number => Math.max(5, Math.round(HOUR / nominalMs(timeframe)));

export function tallyFlat(bars: Bars, cellOf: Int32Array, timeframe: Timeframe, statesVolume: boolean, tally: Tally): void {
  const limit = longestFlat(timeframe);
  const { high, low, volume } = bars;
  let start = 0;
  const end = (to: number): void => {
    if (to - start > limit) for (let i = start; i < to; i++) add(tally.flat, cellOf[i] as number);
    start = to;
  };
  for (let i = 0; i < cellOf.length; i++) {
    if (statesVolume && volume[i] === 0 && high[i] !== low[i]) add(tally.zeroVolume, cellOf[i] as number);
    if (i > 0 && !sameAsBefore(bars, i)) end(i);
  }
  end(cellOf.length);
}

/** A volume that is not stated (NaN) is the same as another that is not. */
function sameAsBefore({ open, high, low, close, volume }: Bars, i: number): boolean {
  if (close[i] !== close[i - 1] || high[i] !== high[i - 1] || low[i] !== low[i - 1] || open[i] !== open[i - 1]) return false;
  return volume[i] === volume[i - 1] || (Number.isNaN(volume[i]) && Number.isNaN(volume[i - 1]));
}
