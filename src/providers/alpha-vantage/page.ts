/**
 * One request for a series, held against what was asked for. Minutes are told by the month of New York, days all at once:
 * the newest hundred, or as many as there are.
 */
import { type Bars, countOf, emptyBars, sliceBars } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { fail, isTapekeepError } from '../../model/errors.js';
import { type Interval, interval } from '../../model/interval.js';
import { DAY, dateOf, isIntraday, type Timeframe } from '../../model/timeframe.js';
import { checkAnswer, timeText } from '../answer.js';
import type { Source } from '../http/index.js';
import { opensIn, pageWithout } from '../known.js';
import { dateAt, midnightOf } from '../new-york.js';
import type { Place } from '../paged.js';
import type { Ask, Page } from '../provider.js';
import { readTimes, type Times } from './times.js';

const INTERVALS: Readonly<Partial<Record<Timeframe, string>>> = {
  '1m': '1min',
  '5m': '5min',
  '15m': '15min',
  '30m': '30min',
  '1h': '60min',
};

/** Minutes of the longest month are 23 sessions of regular hours. */
export const PAGE_BARS = 10_000;

/** The newest hundred days reach back at least so far, whatever the holidays; a free key sees no others. */
const COMPACT = 130 * DAY;

/** Minutes are told from here on; nothing says since when days are, but the first of them. */
const FIRST_MINUTES = midnightOf(Date.UTC(2000, 0, 1));

/** All days come in one answer, which is kept for as long as the same ask goes on: a free key has few requests. */
export function pagesOf(source: () => Source): (place: Place, signal: AbortSignal) => Promise<Page> {
  const kept = new WeakMap<Ask, Bars>();
  return async (place, signal) => {
    const { ask, at } = place;
    if (isIntraday(ask.timeframe)) {
      if (at < FIRST_MINUTES) return beyond(place, FIRST_MINUTES, 'its minutes begin with the year 2000');
      const month = monthAt(at);
      return pageIn(await barsIn(source(), month, place, signal), month.to, place);
    }
    const days = kept.get(ask) ?? (await barsIn(source(), EVER, place, signal));
    kept.set(ask, days);
    const first = days.ts[0] ?? Number.NEGATIVE_INFINITY;
    if (at < first) return beyond(place, first, `its days begin with ${timeText(first).slice(0, 10)}`);
    return pageIn(days, at + PAGE_BARS * DAY, place);
  };
}

const EVER = interval(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);

const beyond = ({ at, end, ask }: Place, to: number, evidence: string): Page =>
  pageWithout(at, Math.min(end, to), ask, 'beyond_depth', evidence);

function pageIn(bars: Bars, until: number, { at, end, ask }: Place): Page {
  const to = Math.min(end, until);
  const within = sliceBars(bars, lowerBound(bars.ts, at), lowerBound(bars.ts, to));
  if (countOf(within) === 0) return pageWithout(at, to, ask, 'empty', `no times for ${timeText(at)} … ${timeText(to)}`);
  const next = to < ask.interval.to ? to : null;
  return { bars: within, answered: interval(at, to), verdict: null, evidence: `${countOf(within)} bars`, next };
}

/** The month on the wall of New York that an instant lies in. */
function monthAt(at: number): Interval {
  const { year, month } = dateOf(dateAt(at));
  return interval(midnightOf(Date.UTC(year, month - 1, 1)), midnightOf(Date.UTC(year, month, 1)));
}

const RAW = { adjusted: false, extended_hours: false, outputsize: 'full' };

async function barsIn(source: Source, window: Interval, { ask, at, now, series }: Place, signal: AbortSignal): Promise<Bars> {
  const { symbol, timeframe } = ask;
  const length = INTERVALS[timeframe];
  const days = { function: 'TIME_SERIES_DAILY', outputsize: at >= now - COMPACT ? 'compact' : 'full' };
  const params =
    length === undefined ? days : { function: 'TIME_SERIES_INTRADAY', interval: length, month: timeText(dateAt(at)).slice(0, 7), ...RAW };
  const answer = await source.get('/query', { params: { ...params, symbol }, about: { series, symbol }, signal }).catch(error => {
    // A month without bars is refused in the words for an unknown symbol; that it is known, the list of tickers has told.
    if (length !== undefined && isTapekeepError(error, 'SYMBOL_UNKNOWN')) return undefined;
    throw error;
  });
  if (!answer) return emptyBars();
  const times = readTimes(answer.json(), series);
  if (!times) throw fail('ANSWER_MALFORMED', { provider: 'alpha-vantage', series, reason: 'it has no series' });
  checkHead(times, symbol, length, series);
  checkAnswer('alpha-vantage', ask, window, times.bars, opensIn(ask));
  return times.bars;
}

function checkHead({ head }: Times, symbol: string, length: string | undefined, series: string): void {
  const wrong = (reason: string) => fail('ANSWER_WRONG', { provider: 'alpha-vantage', series, reason });
  if (head.Symbol?.toUpperCase() !== symbol.toUpperCase()) throw wrong(`it is of ${head.Symbol}`);
  if (head.Interval !== length) throw wrong(`its bars are of ${head.Interval ?? 'a day'}`);
}
