/** The lengths a bar can have, and the arithmetic of bars on a clock that never closes. */
import { fail } from './errors.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

export const TIMEFRAMES = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '1w', '1mo'] as const;
export type Timeframe = (typeof TIMEFRAMES)[number];

const FIXED_MS: Readonly<Record<Exclude<Timeframe, '1mo'>, number>> = {
  '1m': MINUTE,
  '3m': 3 * MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '2h': 2 * HOUR,
  '4h': 4 * HOUR,
  '6h': 6 * HOUR,
  '8h': 8 * HOUR,
  '12h': 12 * HOUR,
  '1d': DAY,
  '1w': WEEK,
};

/** 1970-01-05 was the first Monday: weeks are counted from it. */
const FIRST_MONDAY = 4 * DAY;

/** Reads a timeframe as people write it. A month is `1mo`; `1M` is accepted here and nowhere else, and no `3M` passes for minutes. */
export function parseTimeframe(text: string): Timeframe {
  if (text === '1M') return '1mo';
  const found = text.endsWith('M') ? undefined : TIMEFRAMES.find(tf => tf === text.toLowerCase());
  if (!found) throw fail('TIMEFRAME_UNKNOWN', { timeframe: text });
  return found;
}

/** From a day up a bar is named by its date at 00:00Z; below, by the instant it opens. */
export const isIntraday = (tf: Timeframe): boolean => nominalMs(tf) < DAY;

/** Length of a bar; of a month, the mean length (for estimates, never for stepping). */
export const nominalMs = (tf: Timeframe): number => (tf === '1mo' ? 30.436875 * DAY : FIXED_MS[tf]);

const monthOf = (ts: number): number => {
  const d = dateOf(ts);
  return d.year * 12 + d.month - 1;
};
const monthStart = (month: number): number => Date.UTC(Math.floor(month / 12), month % 12, 1);

/** The bar of the 24/7 grid that holds `ts`. */
export function barStart(ts: number, tf: Timeframe): number {
  if (tf === '1mo') return monthStart(monthOf(ts));
  const step = FIXED_MS[tf];
  const origin = tf === '1w' ? FIRST_MONDAY : 0;
  return origin + Math.floor((ts - origin) / step) * step;
}

/** The first bar of the 24/7 grid that opens at or after `ts`. */
export function barAtOrAfter(ts: number, tf: Timeframe): number {
  const start = barStart(ts, tf);
  return start === ts ? start : nextBar(start, tf);
}

/** When the bar that opens at `start` is over, which is when the next one opens. */
export const nextBar = (start: number, tf: Timeframe): number => (tf === '1mo' ? monthStart(monthOf(start) + 1) : start + FIXED_MS[tf]);

/** When so many bars in a row open, of which the first opens at `first`. */
export function opensFrom(first: number, count: number, tf: Timeframe): Float64Array {
  const opens = new Float64Array(count);
  const step = tf === '1mo' ? 0 : FIXED_MS[tf];
  for (let i = 0, ts = first; i < count; i++, ts = step > 0 ? ts + step : nextBar(ts, tf)) opens[i] = ts;
  return opens;
}

/** How many bars of the 24/7 grid open in [from, to). */
export function countBars(from: number, to: number, tf: Timeframe): number {
  if (to <= from) return 0;
  const first = barAtOrAfter(from, tf);
  if (first >= to) return 0;
  if (tf === '1mo') return monthOf(to - 1) - monthOf(first) + 1;
  return Math.ceil((to - first) / FIXED_MS[tf]);
}

/** Year, month (1–12) and day of an instant in UTC: civil-from-days, without a clock or a Date object. */
export function dateOf(ts: number): { year: number; month: number; day: number } {
  const z = Math.floor(ts / DAY) + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor((doe - Math.floor(doe / 1_460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, day: doy - Math.floor((153 * mp + 2) / 5) + 1 };
}
