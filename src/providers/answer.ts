/** An answer is checked against its question before anything is made of it: sources do answer with other bars. */
import { type Bars, countOf } from '../model/bars.js';
import { CALENDAR_24_7 } from '../model/calendar.js';
import { fail, isTapekeepError } from '../model/errors.js';
import type { Interval } from '../model/interval.js';
import { intervalRefusal } from '../model/quality.js';
import { barStart } from '../model/timeframe.js';
import type { Ask } from './provider.js';

/** Raises ANSWER_WRONG unless the bars are in time order, on the grid of their timeframe, of its length and inside the window. */
export function checkAnswer(
  provider: string,
  ask: Ask,
  window: Interval,
  bars: Bars,
  isOpen = (ts: number): boolean => barStart(ts, ask.timeframe) === ts,
): void {
  const series = `${ask.symbol} ${ask.timeframe}`;
  const wrong = (ts: number, reason: string) => fail('ANSWER_WRONG', { provider, series, reason: `the bar of ${timeText(ts)} ${reason}` });
  let before = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < countOf(bars); i++) {
    const ts = bars.ts[i] as number;
    if (!(ts >= window.from && ts < window.to)) throw wrong(ts, `is not in ${timeText(window.from)} … ${timeText(window.to)}`);
    if (ts <= before) throw wrong(ts, 'is out of order');
    if (!isOpen(ts)) throw wrong(ts, `is not a bar of ${ask.timeframe}`);
    before = ts;
  }
  // Bars of a length that were not asked for may well lie on the grid: in one answer they show by their distance.
  const { calendar = CALENDAR_24_7, timeframe } = ask;
  const length = intervalRefusal(bars.ts, { calendar, timeframe });
  if (length) throw fail('ANSWER_WRONG', { provider, series, reason: length.says });
}

/** What is told of a symbol is asked for by bars of any length: its failures are told of what it was wanted for. */
export async function wantedFor<T>(wanted: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw isTapekeepError(error) ? fail(error.code, { ...error.facts, series: wanted }, error) : error;
  }
}

/** An instant in a message; also one that is no date at all. */
export function timeText(ts: number): string {
  const date = new Date(ts);
  return Number.isNaN(date.getTime()) ? String(ts) : date.toISOString();
}
