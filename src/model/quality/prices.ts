/** Prices and volumes that cannot be. What a source does not state is NaN and offends nobody: comparisons with it are false. */
import type { Bars } from '../bars.js';
import { add, type Tally } from './counts.js';

/** Whether a row is nonsense. Futures have traded below zero, so whether a price may be negative is the instrument's to say. */
export function isNonsense(bars: Bars, i: number, mayBeNegative: boolean): boolean {
  const close = bars.close[i] as number;
  const open = bars.open[i] as number;
  const high = bars.high[i] as number;
  const low = bars.low[i] as number;
  const volume = bars.volume[i] as number;
  if (!Number.isFinite(close) || high === Number.POSITIVE_INFINITY || low === Number.NEGATIVE_INFINITY) return true;
  if (Math.abs(open) === Number.POSITIVE_INFINITY || volume < 0 || volume === Number.POSITIVE_INFINITY) return true;
  if (low > open || low > close || low > high || open > high || close > high) return true;
  return !mayBeNegative && (close <= 0 || open <= 0 || high <= 0 || low <= 0);
}

/** What is wrong with a row, in words. */
export function nonsenseWords(bars: Bars, i: number): string {
  const { open, high, low, close, volume } = bars;
  const [o, h, l, c, v] = [open, high, low, close, volume].map(column => column[i] as number) as [number, number, number, number, number];
  if (Number.isNaN(c)) return 'there is no close';
  if ([o, h, l, c, v].some(x => Math.abs(x) === Number.POSITIVE_INFINITY)) return 'a value is not finite';
  if (v < 0) return `the volume is negative (${v})`;
  if (l > h || o > h || c > h) return `the high is not the highest (open ${o}, high ${h}, low ${l}, close ${c})`;
  if (l > o || l > c) return `the low is not the lowest (open ${o}, high ${h}, low ${l}, close ${c})`;
  return `a price is not above zero (open ${o}, high ${h}, low ${l}, close ${c})`;
}

export function tallyPrices(bars: Bars, cellOf: Int32Array, mayBeNegative: boolean, tally: Tally): void {
  for (let i = 0; i < cellOf.length; i++) if (isNonsense(bars, i, mayBeNegative)) add(tally.nonsense, cellOf[i] as number);
}
