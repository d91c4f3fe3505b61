/**
 * One page of FMP's bars, held against what was asked for. It answers whole days, newest first, and leaves out the oldest
 * ones in silence where there are too many: so little is asked for at a time, and days that are missing or short at the old
 * end are asked for again by themselves before they are believed.
 */
import { type Bars, countOf, sliceBars } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { fail } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { DAY, isIntraday, type Timeframe } from '../../model/timeframe.js';
import { checkAnswer, timeText } from '../answer.js';
import type { Source } from '../http/index.js';
import { calendarOf, opensIn, pageWithout } from '../known.js';
import { dateAt, midnightOf } from '../new-york.js';
import type { Place } from '../paged.js';
import type { Page } from '../provider.js';
import { FMP, readRows } from './rows.js';

/** Days of one request, within what the source answers whole; they begin at fixed dates, wherever an ask does. */
const WINDOWS: Readonly<Partial<Record<Timeframe, number>>> = { '1m': 3, '5m': 7, '15m': 14, '30m': 28, '1h': 28, '1d': 1_000 };
const PATHS: Readonly<Partial<Record<Timeframe, string>>> = {
  '1m': '1min',
  '5m': '5min',
  '15m': '15min',
  '30m': '30min',
  '1h': '1hour',
};
/** Of any window, days without a session included. */
export const MOST_ROWS = 1_000;

export async function pageOf(source: Source, place: Place, signal: AbortSignal): Promise<Page> {
  for (let window = windowAt(place); ; ) {
    const bars = await rowsIn(source, window, place, signal);
    const to = doubtedUntil(bars, window, place);
    if (to === undefined || to === window.to) return judged(bars, window, place);
    window = { from: window.from, to };
  }
}

/** Where the days end that an answer may have left out: days before its first one, or that one when it begins later than others. */
function doubtedUntil(bars: Bars, window: Interval, place: Place): number | undefined {
  if (countOf(bars) === 0 || window.to - window.from <= DAY) return undefined;
  const first = dateOf(bars.ts[0] as number, place);
  if (calendarOf(place.ask).count({ from: window.from, to: first }, '1d') > 0) return first;
  return isIntraday(place.ask.timeframe) && beginsLate(bars) ? first + DAY : undefined;
}

/** By the clock of New York: the first bar of all against the earliest one of any day. */
function beginsLate({ ts }: Bars): boolean {
  const hours = ts.map(at => at - midnightOf(dateAt(at)));
  return (hours[0] as number) > hours.reduce((least, hour) => Math.min(least, hour));
}

/** The dates from that of the place to the next fixed one, the last one left out. */
function windowAt(place: Place): Interval {
  const span = (WINDOWS[place.ask.timeframe] as number) * DAY;
  const from = dateOf(place.at, place);
  return { from, to: Math.min((Math.floor(from / span) + 1) * span, dateOf(place.end - 1, place) + DAY) };
}

const dateOf = (ts: number, { ask }: Place): number => (isIntraday(ask.timeframe) ? dateAt(ts) : Math.floor(ts / DAY) * DAY);
const beginOf = (date: number, { ask }: Place): number => (isIntraday(ask.timeframe) ? midnightOf(date) : date);

/** All bars of whole dates; those of days are raw where they are asked for by that name, those of minutes by a parameter. */
async function rowsIn(source: Source, dates: Interval, { ask, series }: Place, signal: AbortSignal): Promise<Bars> {
  const { symbol, timeframe } = ask;
  const intraday = isIntraday(timeframe);
  const path = intraday ? `/stable/historical-chart/${PATHS[timeframe]}` : '/stable/historical-price-eod/non-split-adjusted';
  const params = { symbol, from: dayOf(dates.from), to: dayOf(dates.to - DAY), nonadjusted: intraday ? true : undefined };
  const answer = await source.get(path, { params, about: { series, symbol }, signal });
  const { bars, symbols } = readRows(answer.json(), series, timeframe);
  const other = symbols.find(name => name !== symbol);
  if (other !== undefined) throw fail('ANSWER_WRONG', { provider: FMP, series, reason: `it has bars of ${other}` });
  // Dates under a wrong name are passed over without a word, and the newest come: so the dates are held against the ask.
  const whole = intraday ? { from: midnightOf(dates.from), to: midnightOf(dates.to) } : dates;
  checkAnswer(FMP, ask, whole, bars, opensIn(ask));
  return bars;
}

const dayOf = (ts: number): string => timeText(ts).slice(0, 10);

function judged(all: Bars, window: Interval, place: Place): Page {
  const { ask, at, end } = place;
  const to = Math.min(end, beginOf(window.to, place));
  const bars = sliceBars(all, lowerBound(all.ts, at), lowerBound(all.ts, to));
  const asked = `${dayOf(window.from)} … ${dayOf(window.to - DAY)}`;
  if (countOf(bars) === 0) return pageWithout(at, to, ask, 'empty', `an empty list for ${asked}`);
  if (bars.close.every(Number.isNaN)) return pageWithout(at, to, ask, 'failed', `${countOf(bars)} rows, none with a price`);
  return { bars, answered: { from: at, to }, verdict: null, evidence: `${countOf(bars)} bars`, next: to < ask.interval.to ? to : null };
}
